package holdfast.drivers.kubernetes;

import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.authority.Fabric.Bond;
import holdfast.drivers.kubernetes.Steps.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// What runs in the cluster for a lease: the objects of a manifest, in one namespace.
final class Workloads {
    static final int LONGEST = 256 << 10;
    private static final int MOST = 64;

    /// What a manifest may have.
    private static final List<Kind> KINDS =
            List.of(Kind.CONFIG_MAP, Kind.SECRET, Kind.SERVICE, Kind.POD, Kind.DEPLOYMENT, Kind.STATEFUL_SET, Kind.JOB);

    private static final YAMLMapper YAML = new YAMLMapper();

    private final Cluster home;

    Workloads(Cluster home) {
        this.home = home;
    }

    Result ensure(String lease, Bond.Workload workload) {
        return new Steps(
                        "workload " + lease,
                        List.of(
                                Step.once("namespace", () -> namespace(lease, workload)),
                                Step.once(
                                        "objects",
                                        () -> objects(lease, workload).forEach(home::ensure)),
                                new Step("running", () -> running(lease))))
                .walk(() -> facts(lease));
    }

    private void namespace(String lease, Bond.Workload workload) {
        if (home.find(Kind.NAMESPACE, "", workload.namespace()).isEmpty()) {
            home.ensure(LiqoObjects.object(Kind.NAMESPACE, "", workload.namespace(), Map.of(Marks.LEASE, lease)));
        }
        workload.node()
                .filter(this::stands)
                .ifPresent(node -> home.ensure(LiqoObjects.offloading(workload.namespace(), node)));
    }

    private boolean stands(String node) {
        return home.find(Kind.NODE, "", node).filter(Nodes::stands).isPresent();
    }

    /// The objects of the manifest, each in the namespace, marked with the lease and tied to the node.
    ///
    /// @throws ClusterException if something in it is not taken
    static List<ObjectNode> objects(String lease, Bond.Workload workload) {
        if (workload.manifest().length() > LONGEST) {
            throw ClusterException.never("the manifest is longer than " + LONGEST + " characters");
        }
        var objects = new ArrayList<ObjectNode>();
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(workload.manifest())) {
            while (documents.hasNext()) {
                if (documents.next() instanceof ObjectNode object) {
                    objects.add(ours(lease, workload, object));
                }
            }
        } catch (JacksonException e) {
            throw ClusterException.never("the manifest is not YAML: " + e.getOriginalMessage());
        }
        if (objects.isEmpty() || objects.size() > MOST) {
            throw ClusterException.never("the manifest must have 1 to " + MOST + " objects, not " + objects.size());
        }
        return objects;
    }

    private static ObjectNode ours(String lease, Bond.Workload workload, ObjectNode object) {
        var kind = LiqoObjects.kind(object);
        if (!KINDS.contains(kind)) {
            throw ClusterException.never("a manifest may not have a " + kind.title());
        }
        var there = LiqoObjects.namespace(object);
        if (!there.isEmpty() && !there.equals(workload.namespace())) {
            throw ClusterException.never(kind.title() + " " + LiqoObjects.name(object) + " is for namespace " + there
                    + ", not for " + workload.namespace());
        }
        object.withObject("/metadata").put("namespace", workload.namespace());
        object.withObject("/metadata/labels").put(Marks.LEASE, lease);
        workload.node()
                .ifPresent(node -> pods(kind).forEach(pod -> {
                    object.withObject(pod + "/nodeSelector").put(Marks.HOST, node);
                    limit(object.at(pod));
                }));
        return object;
    }

    /// Who lends may let only those in that say they will take no more than they ask for.
    private static void limit(JsonNode pod) {
        Stream.of("containers", "initContainers")
                .flatMap(list -> pod.path(list).valueStream())
                .filter(container -> container.at("/resources/requests").isObject())
                .map(container -> (ObjectNode) container.path("resources"))
                .forEach(resources -> {
                    var limits = resources.withObject("/limits");
                    resources.path("requests").properties().stream()
                            .filter(asked -> !limits.has(asked.getKey()))
                            .forEach(asked -> limits.set(asked.getKey(), asked.getValue()));
                });
    }

    /// Where the specification of its pods is.
    private static Stream<String> pods(Kind kind) {
        return switch (kind) {
            case POD -> Stream.of("/spec");
            case DEPLOYMENT, STATEFUL_SET, JOB -> Stream.of("/spec/template/spec");
            default -> Stream.empty();
        };
    }

    private Optional<String> running(String lease) {
        var waiting = all(lease).filter(object -> !isWell(object)).findFirst();
        return waiting.map(
                object -> "waiting for " + object.path("kind").asString("") + " " + LiqoObjects.name(object));
    }

    private static boolean isWell(JsonNode object) {
        return switch (LiqoObjects.kind(object)) {
            case POD ->
                List.of("Running", "Succeeded")
                        .contains(object.at("/status/phase").asString(""));
            case DEPLOYMENT, STATEFUL_SET ->
                object.at("/status/readyReplicas").asLong(0)
                        >= object.at("/spec/replicas").asLong(1);
            case JOB -> object.at("/status/failed").asLong(0) == 0;
            default -> true;
        };
    }

    private Stream<JsonNode> all(String lease) {
        return KINDS.stream().flatMap(kind -> home.all(kind, "", Map.of(Marks.LEASE, lease)).stream());
    }

    private Map<String, String> facts(String lease) {
        var first = all(lease).findFirst();
        return Map.of(
                "objects", Long.toString(all(lease).count()),
                "namespace", first.map(LiqoObjects::namespace).orElse(""));
    }

    List<String> all() {
        return KINDS.stream()
                .flatMap(kind -> home.all(kind, "", Map.of()).stream())
                .map(object -> LiqoObjects.label(object, Marks.LEASE))
                .filter(lease -> !lease.isEmpty())
                .distinct()
                .toList();
    }

    Observed observe(String lease) {
        return all(lease).findAny().isEmpty()
                ? new Observed.Absent()
                : new Observed.Present(running(lease).isEmpty(), facts(lease));
    }

    /// The namespace goes as well, if it was made for this.
    Result remove(String lease) {
        return new Steps(
                        "workload " + lease,
                        List.of(
                                new Step(
                                        "objects",
                                        () -> all(lease)
                                                .filter(object -> home.remove(
                                                        LiqoObjects.kind(object),
                                                        LiqoObjects.namespace(object),
                                                        LiqoObjects.name(object)))
                                                .map(object -> "waiting for " + LiqoObjects.name(object) + " to end")
                                                .reduce((first, _) -> first)),
                                new Step(
                                        "namespace",
                                        () -> home.all(Kind.NAMESPACE, "", Map.of(Marks.LEASE, lease)).stream()
                                                .filter(namespace ->
                                                        home.remove(Kind.NAMESPACE, "", LiqoObjects.name(namespace)))
                                                .map(namespace -> "waiting for namespace " + LiqoObjects.name(namespace)
                                                        + " to end")
                                                .reduce((first, _) -> first))))
                .walk(Map::of);
    }
}
