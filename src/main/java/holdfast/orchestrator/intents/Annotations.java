package holdfast.orchestrator.intents;

import holdfast.core.Quantity;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.orchestrator.intents.Intent.Size;
import holdfast.platform.Json;
import holdfast.protocol.rear.Constraint;
import holdfast.protocol.rear.Constraint.Metric;
import holdfast.protocol.rear.Constraint.Operator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;

/// What the annotations `fluidos-intent-...` of a manifest say (the table of fluidos.md 2.10).
///
/// @param asked amounts that override those of the containers
/// @param kept what can only be seen once it runs
/// @param green whether the least carbon is wanted
/// @param service the category of one that is to be bought
record Annotations(
        Map<String, Quantity> asked,
        int gpus,
        List<Constraint> hard,
        List<Constraint> soft,
        Map<String, String> kept,
        Optional<Instant> deadline,
        boolean green,
        Optional<String> service,
        boolean isEmpty) {
    private static final String PREFIX = "fluidos-intent-";
    private static final int MOST = 64;
    private static final int LONGEST_WAIT = 24 * 14;
    private static final int MOST_GPUS = 8;
    private static final Set<String> SEEN_LATER = Set.of("throughput", "energy", "battery", "bandwidth-against");
    private static final String KNOWN = "architecture, bandwidth-against, battery, carbon-aware, compliance, cpu,"
            + " cyber-deception, deadline, energy, gpu, latency, location, max-delay, max-latency, memory, service,"
            + " tee-readiness, throughput, vm-type";

    /// @param text of the whole manifest, to tell in which line something is wrong
    static Annotations of(Fields annotations, String text, Instant now) {
        var asked = new TreeMap<String, Quantity>();
        var hard = new ArrayList<Constraint>();
        var soft = new ArrayList<Constraint>();
        var kept = new TreeMap<String, String>();
        Optional<Instant> deadline = Optional.empty();
        boolean green = false;
        Optional<String> service = Optional.empty();
        int gpus = 0;
        int known = 0;
        for (var name : annotations.node().propertyNames()) {
            if (!name.startsWith(PREFIX)) {
                continue;
            }
            if (++known > MOST) {
                throw Fields.refused(annotations.path(), "has more than " + MOST + " keys of an intent");
            }
            var key = name.substring(PREFIX.length());
            try {
                var value = annotations.required(name, "fluidos-intent-cpu: 500m");
                switch (key) {
                    case "cpu", "memory" -> asked.put(key, Fields.amount(annotations.at(name), value));
                    case "gpu" -> gpus = gpus(annotations.at(name), value);
                    case "architecture" -> hard.add(equal(Metric.ARCHITECTURE, value));
                    case "location" -> hard.add(equal(Metric.LOCATION, value));
                    case "compliance" -> hard.add(equal(Metric.COMPLIANCE, value));
                    case "tee-readiness" -> hard.add(equal(Metric.TEE_READINESS, value));
                    case "vm-type" -> hard.add(equal(Metric.VM_TYPE, value));
                    case "cyber-deception" -> hard.add(equal(Metric.CYBER_DECEPTION, value));
                    case "latency", "max-latency" ->
                        soft.add(Constraint.of(Metric.LATENCY, Operator.AT_MOST, value)
                                .orThrow());
                    case "max-delay", "deadline" ->
                        deadline = annotations
                                .whole(name, 1, LONGEST_WAIT)
                                .map(hours -> now.plus(Duration.ofHours(hours)));
                    case "carbon-aware" -> green = annotations.flag(name);
                    case "service" -> service = Optional.of(value);
                    case "mspl" ->
                        throw Fields.refused(
                                annotations.at(name), "holds MSPL; apply that text as an intent of its own");
                    default -> {
                        if (!SEEN_LATER.contains(key)) {
                            throw Fields.refused(
                                    annotations.at(Fields.shorten(name)),
                                    "is no key of an intent that is known; there are, after " + PREFIX + ": " + KNOWN);
                        }
                        kept.put(key, value);
                    }
                }
            } catch (RefusedException e) {
                throw at(annotations.at(Fields.shorten(name)), line(text, name), e.refusal());
            }
        }
        return new Annotations(asked, gpus, hard, soft, kept, deadline, green, service, known == 0);
    }

    /// Annotations before what the containers ask for.
    Size size(Size containers) {
        return new Size(
                asked.getOrDefault("cpu", containers.cpu()),
                asked.getOrDefault("memory", containers.memory()),
                containers.disk(),
                gpus);
    }

    private static Constraint equal(Metric metric, String value) {
        return Constraint.of(metric, Operator.EQUAL, value).orThrow();
    }

    /// `{"cores": "1", "memory": "40"}`: so many whole devices.
    private static int gpus(String field, String value) {
        try {
            var cores = Fields.amount(field, Json.tree(value).path("cores").asString("1"));
            var devices = Quantity.of(MOST_GPUS);
            if (cores.compareTo(devices) <= 0) {
                return Sizes.ceil(cores, 1);
            }
        } catch (JacksonException _) {
            // told below
        }
        throw Fields.refused(
                field,
                "is '" + Fields.shorten(value) + "'; write JSON such as {\"cores\": \"1\"} with at most " + MOST_GPUS
                        + " cores");
    }

    private static RefusedException at(String field, String line, Refusal why) {
        return new RefusedException(Refusal.malformed(field, line + why.message()));
    }

    private static String line(String text, String key) {
        var lines = text.lines().toList();
        for (int n = 0; n < lines.size(); n++) {
            if (lines.get(n).contains(key)) {
                return "line " + (n + 1) + ": ";
            }
        }
        return "";
    }
}
