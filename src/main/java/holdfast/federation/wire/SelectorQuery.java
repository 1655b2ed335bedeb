package holdfast.federation.wire;

import holdfast.core.Answer;
import holdfast.core.Quantity;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.protocol.rear.Attribute;
import holdfast.protocol.rear.Filter;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A selector as the query of LIST (fluidos.md 5.4), such as `filter[cpu][range][min]=2`.
///
/// Memory of virtual machines is counted in MiB and their storage in GiB where a number has no suffix, as in what is
/// listed of them.
public final class SelectorQuery {
    /// What may stand beside filters; it is for the one who lists.
    public static final Set<String> BESIDE = Set.of("limit", "cursor", "include");

    private static final int MOST = 100;
    private static final Pattern KEY =
            Pattern.compile("(filter)?\\[([a-z_.]+)]\\[(match|exact|range|regex)](?:\\[(min|max|regex)])?");
    private static final Pattern DIGITS = Pattern.compile("\\d{1,18}");

    private SelectorQuery() {}

    /// Reads the query of a list of that type. Of several values of one key the first counts.
    ///
    /// @param query decoded; at most 100 keys, and what is in [#BESIDE] is passed over
    /// @return refused with the key, the rule and the way out if it is wrong; without filters, any flavor of the
    ///     type
    public static Answer<Selector> read(FlavorType type, Map<String, List<String>> query) {
        if (query.size() > MOST) {
            return Answer.no(
                    Refusal.malformed("query", "the query has " + query.size() + " keys: send at most " + MOST));
        }
        try {
            var said = new EnumMap<Attribute, Said>(Attribute.class);
            query.forEach((key, values) -> {
                if (!BESIDE.contains(key) && !key.isBlank()) {
                    read(type, said, key, values.isEmpty() ? "" : values.getFirst());
                }
            });
            var filters = new ArrayList<Filter>();
            said.forEach((attribute, one) -> filters.add(one.filter(type, attribute)));
            return Selector.of(type, filters);
        } catch (RefusedException e) {
            return Answer.no(e.refusal());
        }
    }

    /// Writes it, with `exact` for amounts in the documented dialect. Read again it is the same.
    public static Map<String, List<String>> write(Selector selector, Dialect dialect) {
        var query = new LinkedHashMap<String, List<String>>();
        for (var filter : selector.filters()) {
            var attribute = filter.attribute();
            var key = "filter[" + attribute.word() + "]";
            switch (filter.test()) {
                case Filter.Text(var text) -> query.put(key + "[match]", List.of(text));
                case Filter.Amount(var amount) ->
                    query.put(
                            key + (dialect == Dialect.DOC ? "[exact]" : "[match]"),
                            List.of(written(selector.type(), attribute, amount)));
                case Filter.Found(var regex) -> query.put(key + "[regex]", List.of(regex.text()));
                case Filter.Range(var min, var max) -> {
                    min.ifPresent(least ->
                            query.put(key + "[range][min]", List.of(written(selector.type(), attribute, least))));
                    max.ifPresent(most ->
                            query.put(key + "[range][max]", List.of(written(selector.type(), attribute, most))));
                }
            }
        }
        return query;
    }

    /// What of a selector every peer understands. Who answers 400 to the whole is asked this, and what comes is
    /// filtered here.
    public static Selector classic(Selector selector) {
        return new Selector(
                selector.type(),
                selector.filters().stream().filter(SelectorQuery::classic).toList());
    }

    private static boolean classic(Filter filter) {
        return !(filter.test() instanceof Filter.Found)
                && switch (filter.attribute()) {
                    case ARCHITECTURE, CPU, MEMORY, PODS, STORAGE, GPU -> true;
                    case CATEGORY, TAGS -> true;
                    case SENSOR_TYPE, SENSOR_MODEL, SENSOR_MANUFACTURER, SAMPLING_RATE -> true;
                    case OS,
                            GPU_MODEL,
                            GPU_CORES,
                            GPU_MEMORY,
                            LOCATION,
                            COUNTRY,
                            CITY,
                            LATENCY,
                            SECURITY,
                            PRICE,
                            CARBON -> false;
                };
    }

    private static void read(FlavorType type, Map<Attribute, Said> said, String key, String value) {
        var parts = KEY.matcher(key);
        if (!parts.matches() || parts.group(1) == null && !parts.group(2).equals(Attribute.STORAGE.word())) {
            throw no(
                    key,
                    "is none of filter[<resource>][match], filter[<resource>][range][min],"
                            + " filter[<resource>][range][max] and filter[<resource>][regex]");
        }
        var attribute = attribute(type, parts.group(2))
                .orElseThrow(() -> no(
                        key,
                        "filters what flavors of type " + type.word() + " do not have: they have " + resources(type)));
        var one = said.computeIfAbsent(attribute, _ -> new Said(key));
        var bound = Optional.ofNullable(parts.group(4)).orElse("");
        switch (parts.group(3)) {
            case "match", "exact" -> one.match = one.once(one.match, value, key); // nodes pass over what follows it
            case "regex" -> one.regex = one.once(one.regex, value, key);
            default -> {
                switch (bound) {
                    case "min" -> one.min = one.once(one.min, value, key);
                    case "max" -> one.max = one.once(one.max, value, key);
                    case "regex" -> one.regex = one.once(one.regex, value, key);
                    default -> throw no(key, "has no bound: write [range][min] or [range][max]");
                }
            }
        }
    }

    /// Documented is `gpu` for the cores in a slice.
    private static Optional<Attribute> attribute(FlavorType type, String resource) {
        return type == FlavorType.K8SLICE && resource.equals(Attribute.GPU.word())
                ? Optional.of(Attribute.GPU_CORES)
                : Arrays.stream(Attribute.values())
                        .filter(one -> one.word().equals(resource) && one.isOf(type))
                        .findFirst();
    }

    private static String resources(FlavorType type) {
        return Arrays.stream(Attribute.values())
                .filter(attribute -> attribute.isOf(type))
                .map(Attribute::word)
                .collect(Collectors.joining(", "));
    }

    private static RefusedException no(String key, String rule) {
        var shown = key.length() > 100 ? key.substring(0, 100) + "..." : key;
        return new RefusedException(Refusal.malformed(shown, "the key " + shown + " " + rule));
    }

    /// What the query says of one attribute so far.
    private static final class Said {
        private final String key;
        private Optional<String> match = Optional.empty();
        private Optional<String> min = Optional.empty();
        private Optional<String> max = Optional.empty();
        private Optional<String> regex = Optional.empty();

        Said(String key) {
            this.key = key;
        }

        Optional<String> once(Optional<String> before, String value, String again) {
            if (before.isPresent()) {
                throw no(again, "says again what " + key + " says: leave one out");
            }
            return Optional.of(value);
        }

        Filter filter(FlavorType type, Attribute attribute) {
            boolean range = min.isPresent() || max.isPresent();
            if (range && (match.isPresent() || regex.isPresent()) || match.isPresent() && regex.isPresent()) {
                throw no(key, "is one of several conditions of " + attribute.word() + ": give a value or a range");
            }
            var filter = range
                    ? Filter.range(
                            attribute,
                            min.map(text -> unit(type, attribute, text)),
                            max.map(text -> unit(type, attribute, text)))
                    : regex.isPresent()
                            ? Filter.regex(attribute, regex.get())
                            : Filter.match(attribute, unit(type, attribute, match.orElse("")));
            return filter.orThrow();
        }
    }

    /// The unit of whole numbers of a virtual machine.
    private static Optional<Quantity> unit(FlavorType type, Attribute attribute) {
        return type != FlavorType.VM
                ? Optional.empty()
                : switch (attribute) {
                    case MEMORY -> Optional.of(KindReader.MEBI);
                    case STORAGE -> Optional.of(KindReader.GIBI);
                    default -> Optional.empty();
                };
    }

    private static String unit(FlavorType type, Attribute attribute, String text) {
        return unit(type, attribute)
                .filter(_ -> DIGITS.matcher(text).matches())
                .map(unit -> text + unit.text().substring(1))
                .orElse(text);
    }

    /// In whole units where that is exact; else such that it has a suffix or a sign, and is not taken for one of
    /// units.
    private static String written(FlavorType type, Attribute attribute, Quantity amount) {
        return unit(type, attribute)
                .map(unit -> amount.floor(unit).equals(amount)
                        ? amount.nano().divide(unit.nano()).toString()
                        : "+" + amount.text())
                .orElseGet(amount::text);
    }
}
