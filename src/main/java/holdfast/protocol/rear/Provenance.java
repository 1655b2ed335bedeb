package holdfast.protocol.rear;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Whose an offer is that a supernode offers again, and which way it came (fluidos.md 6.7). It travels among the
/// additional properties; its tag is also the end of the offer's name, which every node hands on.
///
/// @param tag the same wherever the offer is heard of, see [FlavorIds#origin]
/// @param node whose it is, if that is said; with `flavor`, its name there
/// @param domain of that node
/// @param path ids of the nodes that have offered it again, the first one first; at most 100
/// @param asOf when its owner said that it is there
/// @param expires until when it may be reserved under this name
/// @param catalog id of the catalog that has found it, if one has
public record Provenance(
        String tag,
        Optional<String> node,
        Optional<String> domain,
        Optional<String> flavor,
        List<String> path,
        Optional<Instant> asOf,
        Optional<Instant> expires,
        Optional<String> catalog) {
    private static final String CATALOG = "x-rear-catalog";
    private static final String ORIGIN = "x-rear-origin";
    private static final String PATH = "x-rear-path";
    private static final String AS_OF = "x-rear-asof";
    private static final String EXPIRES = "x-rear-expires";
    private static final String NODE_ID = "nodeID";
    private static final String DOMAIN = "domain";
    private static final String FLAVOR_ID = "flavorID";
    private static final int LONGEST_PATH = 100;
    private static final int LONGEST = 253;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    public Provenance {
        path = List.copyOf(path);
    }

    /// What an offer says of itself. Who says nothing is the owner of what it offers.
    public static Provenance of(Flavor flavor) {
        var said = flavor.kind().properties().additional();
        var origin = Optional.ofNullable(said.get(ORIGIN));
        var node = origin.flatMap(tree -> text(tree.path(NODE_ID)));
        var name = origin.flatMap(tree -> text(tree.path(FLAVOR_ID)));
        return new Provenance(
                FlavorIds.tag(flavor.id())
                        .orElseGet(() ->
                                FlavorIds.origin(node.orElse(flavor.owner().id()), name.orElse(flavor.id()))),
                node,
                origin.flatMap(tree -> text(tree.path(DOMAIN))),
                name,
                path(said.get(PATH)),
                time(said.get(AS_OF)),
                time(said.get(EXPIRES)),
                Optional.ofNullable(said.get(CATALOG)).flatMap(Provenance::text));
    }

    private static List<String> path(@Nullable JsonNode said) {
        return said == null || !said.isArray()
                ? List.of()
                : StreamSupport.stream(said.spliterator(), false)
                        .limit(LONGEST_PATH)
                        .flatMap(step -> text(step).stream())
                        .toList();
    }

    private static Optional<String> text(JsonNode said) {
        return said.asStringOpt().filter(text -> !text.isEmpty() && text.length() <= LONGEST);
    }

    private static Optional<Instant> time(@Nullable JsonNode said) {
        try {
            return said == null ? Optional.empty() : said.asStringOpt().map(Instant::parse);
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    /// The kind of an offer that says all this; a service has no place for it, and says what its name says.
    public Kind in(Kind kind) {
        var before = kind.properties();
        var properties = new Properties(
                before.latency(),
                before.standards(),
                before.carbon(),
                before.denied(),
                before.mandatory(),
                beside(before.additional()));
        return switch (kind) {
            case K8Slice slice ->
                new K8Slice(slice.architecture(), slice.vector(), slice.gpuModel(), properties, slice.policy());
            case Vm vm ->
                new Vm(vm.architecture(), vm.os(), vm.instance(), vm.gpuModel(), properties, vm.least(), vm.count());
            case Sensor sensor ->
                new Sensor(
                        sensor.sensorType(),
                        sensor.model(),
                        sensor.manufacturer(),
                        sensor.market(),
                        sensor.samplingRate(),
                        sensor.accuracy(),
                        sensor.consumption(),
                        sensor.connector(),
                        sensor.methods(),
                        sensor.qos(),
                        properties);
            case ServiceOffer service -> service;
        };
    }

    private Map<String, JsonNode> beside(Map<String, JsonNode> others) {
        var all = new HashMap<>(others);
        var origin = JSON.objectNode();
        node.ifPresent(id -> origin.put(NODE_ID, id));
        domain.ifPresent(name -> origin.put(DOMAIN, name));
        flavor.ifPresent(id -> origin.put(FLAVOR_ID, id));
        all.put(ORIGIN, origin);
        var steps = JSON.arrayNode();
        path.forEach(steps::add);
        all.put(PATH, steps);
        asOf.ifPresent(at -> all.put(AS_OF, JSON.stringNode(at.toString())));
        expires.ifPresent(at -> all.put(EXPIRES, JSON.stringNode(at.toString())));
        catalog.ifPresent(id -> all.put(CATALOG, JSON.stringNode(id)));
        return all;
    }
}
