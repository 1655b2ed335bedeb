package holdfast.api.resources;

import static holdfast.engine.types.FieldType.Plain.DATE;
import static holdfast.engine.types.FieldType.Plain.STRING;
import static java.util.stream.Collectors.toMap;

import holdfast.authority.Advertising;
import holdfast.authority.Authority;
import holdfast.broker.Broker;
import holdfast.broker.Supply;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.RuntimeSettings;
import holdfast.engine.Tasks;
import holdfast.engine.types.Field;
import holdfast.engine.types.FieldType;
import holdfast.engine.types.FieldType.Plain;
import holdfast.engine.types.ResourceType;
import holdfast.engine.types.ResourceType.Origin;
import holdfast.engine.types.ResourceType.Rights;
import holdfast.orchestrator.Orchestrator;
import holdfast.orchestrator.SliceState;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// The types of resources that parts of Holdfast keep, described like any other type, and what is special about each.
final class Parts {
    private static final Rights OPERATED = new Rights("r", "cr");
    private static final Map<String, Set<String>> TRANSITIONING = Map.of(
            Orchestrator.SLICE,
            Set.of(
                    SliceState.NASCENT.word(),
                    SliceState.CONFIGURING.word(),
                    SliceState.MODIFYING.word(),
                    SliceState.CLOSING.word()),
            Orchestrator.SLIVER,
            Set.of("ticketing", "redeeming", "closing"),
            Supply.DELEGATION,
            Set.of("claiming"),
            Authority.LEASE,
            Set.of("creating", "closing"));
    private static final Map<String, List<String>> STATES = Map.of(
            Orchestrator.SLICE,
            Arrays.stream(SliceState.values()).map(SliceState::word).toList(),
            Orchestrator.SLIVER,
            List.of("ticketing", "ticketed", "redeeming", "active", "closing", "closed", "failed"),
            Broker.RESERVATION,
            List.of("ticketed", "failed", "closed", "close_failed"),
            Supply.DELEGATION,
            List.of("claiming", "delegated", "reclaimed", "failed"),
            Authority.LEASE,
            List.of("requested", "creating", "active", "failed", "closing", "closed", "close_failed"),
            Advertising.SITE,
            List.of("active"));

    /// In the words of the interface.
    static final List<ResourceType> TYPES = List.of(
            type(
                    Orchestrator.SLICE,
                    "What a user wants as a whole",
                    new Rights("crd", "crd"),
                    Field.shown("owner", STRING, "The user who asked for it"),
                    Field.shown("start", DATE, "Begin of its term"),
                    Field.shown("end", DATE, "End of its term")),
            type(
                    Orchestrator.SLIVER,
                    "A part of a slice that is made on its own",
                    Rights.READ,
                    Field.shown(Storage.PART_OF, new FieldType.Reference(Orchestrator.SLICE), "Its slice"),
                    Field.shown("leaseId", new FieldType.Reference(Authority.LEASE), "Its lease at the authority"),
                    Field.shown("demand", Plain.JSON, "What was asked for"),
                    Field.shown("start", DATE, "Begin of its term"),
                    Field.shown("end", DATE, "End of its term"),
                    Field.shown("host", STRING, "Where it is"),
                    Field.shown("authority", STRING, "Who makes it real"),
                    Field.shown("units", new FieldType.Array(Plain.JSON), "The exact units that it has"),
                    Field.shown("facts", new FieldType.Mapping(STRING), "What the driver has reported"),
                    Field.shown("progress", Plain.JSON, "The step that is under way"),
                    Field.shown("error", Plain.JSON, "Why it is not what was asked for")),
            type(Broker.RESERVATION, "What the broker promised for a sliver", Rights.READ, slice()),
            type(Supply.DELEGATION, "What an authority lets a broker promise", OPERATED),
            type(Authority.LEASE, "What an authority makes real for a sliver", Rights.READ, slice()),
            type(Advertising.SITE, "A place with things that can be leased", Rights.READ));

    private final Map<String, Part> parts;

    /// @param broker the name of this server's broker
    Parts(Engine engine, String broker) {
        Part whole = (tx, page) -> page.stream().collect(toMap(Resource::id, _ -> Json.object()));
        parts = Map.of(
                RuntimeSettings.TYPE,
                SettingsApi.part(engine.settings()),
                Tasks.TYPE,
                new TasksApi.TaskPart(engine.tasks()),
                Orchestrator.SLICE,
                new SlicePart(),
                Orchestrator.SLIVER,
                new SliverPart(engine),
                Broker.RESERVATION,
                (tx, page) -> page.stream().collect(toMap(Resource::id, Parts::slice)),
                Authority.LEASE,
                (tx, page) -> page.stream().collect(toMap(Resource::id, Parts::slice)),
                Supply.DELEGATION,
                new DelegationPart(broker),
                Advertising.SITE,
                whole);
    }

    /// What is special about a type; empty for those that are data.
    Optional<Part> of(String type) {
        return Optional.ofNullable(parts.get(type));
    }

    /// The transitioning states of a part's type.
    static Optional<Set<String>> transitioning(String type) {
        return Optional.ofNullable(TRANSITIONING.get(type));
    }

    /// A part's type as others declare it, with the fields and rights of this interface.
    static ResourceType described(ResourceType ours, Optional<ResourceType> declared) {
        return declared.map(theirs -> new ResourceType(
                        ours.name(),
                        ours.plural(),
                        theirs.aliases(),
                        Optional.empty(),
                        theirs.description(),
                        ours.fields(),
                        theirs.processes(),
                        false,
                        theirs.course(),
                        ours.rights(),
                        Origin.PART))
                .orElse(ours);
    }

    /// Everything that may ever be done to a part's resources.
    static List<String> actions(String type, boolean admin) {
        return switch (type) {
            case Orchestrator.SLICE -> List.of("delete");
            case Tasks.TYPE -> admin ? List.of(Tasks.EXECUTE) : List.of();
            case Supply.DELEGATION -> admin ? List.of("reclaim") : List.of();
            default -> List.of();
        };
    }

    /// The states of a part's type.
    static Optional<List<String>> states(String type) {
        return Optional.ofNullable(STATES.get(type));
    }

    private static ResourceType type(String name, String description, Rights rights, Field... fields) {
        return new ResourceType(
                name,
                name + "s",
                List.of(),
                Optional.empty(),
                description,
                List.of(fields),
                List.of(),
                false,
                Optional.empty(),
                rights,
                Origin.PART);
    }

    private static Field slice() {
        return Field.shown(Storage.PART_OF, new FieldType.Reference(Orchestrator.SLICE), "The slice that it is for");
    }

    /// The field that names the slice that a resource is part of.
    static ObjectNode slice(Resource resource) {
        return Json.object()
                .put(Storage.PART_OF, resource.parent().map(UUID::toString).orElse(null));
    }

    /// A delegation, which the broker can give back.
    private record DelegationPart(String broker) implements Part {
        @Override
        public Map<UUID, ObjectNode> fields(Tx tx, List<Resource> page) {
            return page.stream().collect(toMap(Resource::id, _ -> Json.object()));
        }

        @Override
        public List<String> actions(holdfast.core.Caller caller, Resource resource) {
            boolean possible = caller.admin()
                    && resource.actor().equals(broker)
                    && resource.state().equals("delegated");
            return possible ? List.of("reclaim") : List.of();
        }
    }
}
