package holdfast.protocol.rear;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// One condition on an offer, as people write it: `latency <= 40ms`, `location = Italy` (fluidos.md 2.10). Made by
/// [#of].
///
/// @param value at most 200 characters; a plain number where the metric is one
public record Constraint(Metric metric, Operator operator, String value) {
    private static final int LONGEST = 200;
    private static final Pattern SHAPE = Pattern.compile("\\s*([A-Za-z][\\w-]*)\\s*(<=|>=|<|>|=)\\s*(.*\\S)\\s*");
    private static final Pattern NUMBER = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)\\s*([A-Za-z/]*)");

    /// What of an offer is looked at.
    public enum Metric {
        /// Any word of its place, case does not matter.
        LOCATION("location"),
        /// Any of its standards or of its properties, case does not matter.
        COMPLIANCE("compliance"),
        ARCHITECTURE("architecture"),
        NETWORK("network"),
        TEE_READINESS("tee-readiness"),
        VM_TYPE("vm-type"),
        CYBER_DECEPTION("cyber-deception"),
        /// Milliseconds.
        LATENCY("latency", Map.of("", 1, "ms", 1, "milliseconds", 1, "s", 1_000, "seconds", 1_000)),
        /// Of an hour of all that is asked for, in whatever currency the offer is in.
        PRICE("price", Map.of("", 1)),
        /// Grams for a kWh, now.
        CARBON("carbon", Map.of("", 1, "g/kwh", 1));

        private final String word;
        /// What a value in this unit is multiplied by; none at all for texts.
        private final Map<String, BigDecimal> units;

        Metric(String word) {
            this(word, Map.of());
        }

        Metric(String word, Map<String, Integer> units) {
            this.word = word;
            this.units = units.entrySet().stream()
                    .collect(Collectors.toUnmodifiableMap(
                            Map.Entry::getKey, unit -> BigDecimal.valueOf(unit.getValue())));
        }

        public String word() {
            return word;
        }

        /// The metric of that name, whatever the case.
        public static Optional<Metric> named(String word) {
            return Arrays.stream(values())
                    .filter(metric -> metric.word.equalsIgnoreCase(word))
                    .findFirst();
        }
    }

    public enum Operator {
        EQUAL("="),
        LESS("<"),
        AT_MOST("<="),
        MORE(">"),
        AT_LEAST(">=");

        private final String sign;

        Operator(String sign) {
            this.sign = sign;
        }

        private boolean accepts(int compared) {
            return switch (this) {
                case EQUAL -> compared == 0;
                case LESS -> compared < 0;
                case AT_MOST -> compared <= 0;
                case MORE -> compared > 0;
                case AT_LEAST -> compared >= 0;
            };
        }
    }

    /// What is known of an offer beside its flavor.
    ///
    /// @param latency milliseconds, if it was measured
    /// @param hourly what an hour of all that is asked for costs, if that is known
    public record Known(OptionalInt latency, Optional<BigDecimal> hourly) {
        public static final Known NOTHING = new Known(OptionalInt.empty(), Optional.empty());
    }

    /// Reads `latency <= 40ms`. The refusal names no field.
    public static Answer<Constraint> of(String text) {
        var parts = SHAPE.matcher(text);
        if (text.length() > LONGEST || !parts.matches()) {
            return no("'" + shorten(text) + "' is no condition: write a metric, one of = < <= > >= and a value, such as"
                    + " latency <= 40ms or location = Italy");
        }
        var operator = Stream.of(Operator.values())
                .filter(one -> one.sign.equals(parts.group(2)))
                .findFirst()
                .orElseThrow();
        return Metric.named(parts.group(1))
                .map(metric -> of(metric, operator, parts.group(3)))
                .orElseGet(() -> no("'" + shorten(parts.group(1)) + "' is not known; there are: "
                        + Stream.of(Metric.values()).map(Metric::word).collect(Collectors.joining(", "))));
    }

    /// From its parts; a number may have its unit behind it.
    public static Answer<Constraint> of(Metric metric, Operator operator, String value) {
        if (value.isBlank() || value.length() > LONGEST) {
            return no("the value of " + metric.word + " must have 1 to " + LONGEST + " characters");
        }
        if (!metric.units.isEmpty()) {
            return number(metric, value.strip()).map(number -> new Constraint(metric, operator, number));
        }
        return operator == Operator.EQUAL
                ? Answer.yes(new Constraint(metric, operator, value.strip()))
                : no(metric.word + " is a text: compare it with =, not with " + operator.sign);
    }

    private static Answer<String> number(Metric metric, String value) {
        var parts = NUMBER.matcher(value);
        if (!parts.matches()) {
            return no("'" + shorten(value) + "' is no number that " + metric.word
                    + " can have: write one such as 40, up to 12 digits and 9 after the point");
        }
        var number = new BigDecimal(parts.group(1));
        var unit = parts.group(2);
        return Optional.of(unit.toLowerCase(Locale.ROOT))
                .map(metric.units::get)
                .map(factor -> Answer.yes(number.multiply(factor).toPlainString()))
                .orElseGet(() -> no("'" + unit + "' is no unit of " + metric.word + "; there are: "
                        + metric.units.keySet().stream()
                                .filter(one -> !one.isEmpty())
                                .sorted()
                                .collect(Collectors.joining(", "))
                        + "; or leave it out"));
    }

    /// Whether it is met by what was measured.
    ///
    /// @param seen of the same metric, as a condition that holds: `latency = 80`
    public boolean allows(Constraint seen) {
        return metric.units.isEmpty() ? same().test(seen.value) : compare(new BigDecimal(seen.value));
    }

    /// Whether a flavor meets it. What nobody knows of it is not met: who sets a limit wants it kept.
    public boolean met(Flavor flavor, Known known) {
        var properties = flavor.kind().properties();
        return switch (metric) {
            case LOCATION -> flavor.place().words().stream().anyMatch(same());
            case COMPLIANCE ->
                properties.standards().stream().anyMatch(same())
                        || properties.additional().values().stream().anyMatch(node -> same().test(text(node)));
            case ARCHITECTURE -> architecture(flavor.kind()).filter(same()).isPresent();
            case NETWORK -> flavor.network().filter(same()).isPresent();
            case TEE_READINESS, VM_TYPE, CYBER_DECEPTION ->
                Optional.ofNullable(properties.additional().get(metric.word))
                        .filter(node -> same().test(text(node)))
                        .isPresent();
            case LATENCY -> {
                int told = properties.latency();
                var latency = known.latency().isPresent() || told <= 0 ? known.latency() : OptionalInt.of(told);
                yield latency.isPresent() && compare(BigDecimal.valueOf(latency.getAsInt()));
            }
            case PRICE -> known.hourly().filter(this::compare).isPresent();
            case CARBON ->
                properties
                        .carbon()
                        .flatMap(carbon -> carbon.operational().stream().findFirst())
                        .filter(grams -> grams >= 0 && compare(BigDecimal.valueOf(grams)))
                        .isPresent();
        };
    }

    private static Optional<String> architecture(Kind kind) {
        return switch (kind) {
            case K8Slice slice -> Optional.of(slice.architecture());
            case Vm vm -> Optional.of(vm.architecture());
            case ServiceOffer _, Sensor _ -> Optional.empty();
        };
    }

    private static String text(JsonNode node) {
        return node.isString() ? node.stringValue() : node.toString();
    }

    private Predicate<String> same() {
        return value::equalsIgnoreCase;
    }

    private boolean compare(BigDecimal number) {
        return operator.accepts(number.compareTo(new BigDecimal(value)));
    }

    private static String shorten(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }

    private static <T> Answer<T> no(String why) {
        return Answer.no(Refusal.malformed("constraint", why));
    }

    /// As it is written.
    @Override
    public String toString() {
        return metric.word + " " + operator.sign + " " + value;
    }
}
