package holdfast.api.resources;

import holdfast.engine.Resource;
import holdfast.engine.Resource.Trouble;
import holdfast.engine.types.Field;
import holdfast.engine.types.FieldType;
import holdfast.engine.types.FieldType.Plain;
import holdfast.engine.types.ResourceType;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.pools.Projects;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// How resources look on the wire (cattle.md 5.2): one shape for all types.
final class Representation {
    private static final String IN_PROGRESS = "In Progress";

    private final Parts parts;
    private final Actions actions;

    Representation(Parts parts, Actions actions) {
        this.parts = parts;
        this.actions = actions;
    }

    /// A resource with what its type adds; references are still the UUIDs that are stored.
    ///
    /// @param own fields of the type
    record Draft(Resource resource, ResourceType type, ObjectNode own) {}

    /// Resources of any types, each in the shape of its type, for one who may see them. One query for what they
    /// refer to, and those of their parts.
    List<ObjectNode> all(Tx tx, Viewer ask, List<Resource> resources) {
        var drafts = drafts(tx, ask, resources);
        return finished(tx, ask, drafts);
    }

    /// What was just made.
    ///
    /// @param once its secrets, which are shown this once
    ObjectNode created(Tx tx, Viewer ask, Resource resource, ObjectNode once) {
        return one(tx, ask, resource).setAll(once);
    }

    ObjectNode one(Tx tx, Viewer ask, Resource resource) {
        return all(tx, ask, List.of(resource)).getFirst();
    }

    /// In the order of the resources.
    List<Draft> drafts(Tx tx, Viewer ask, List<Resource> resources) {
        var own = new HashMap<UUID, ObjectNode>();
        resources.stream()
                .collect(Collectors.groupingBy(Resource::type))
                .forEach((type, page) -> parts.of(type).ifPresent(part -> own.putAll(part.fields(tx, page))));
        var drafts = new ArrayList<Draft>();
        for (var resource : resources) {
            var type = type(ask.kinds(), resource);
            type.ifPresent(known -> {
                var fields = Optional.ofNullable(own.get(resource.id()))
                        .orElseGet(() -> stored(ask.kinds(), known, resource));
                fields.put(Core.ACCOUNT.name(), Projects.id(resource.project()).toString());
                drafts.add(new Draft(resource, known, fields));
            });
        }
        return drafts;
    }

    /// Its subtype if it has one that is known; empty if nobody knows its type any more.
    private static Optional<ResourceType> type(Kinds kinds, Resource resource) {
        var root = kinds.find(resource.type());
        return root.filter(Kinds::isData)
                .flatMap(_ -> kinds.find(resource.content().path("kind").asString("")))
                .or(() -> root);
    }

    private static ObjectNode stored(Kinds kinds, ResourceType type, Resource resource) {
        var content = resource.content();
        var own = Json.object();
        for (var field : kinds.fields(type)) {
            if (!field.secret()) {
                own.set(
                        field.name(),
                        Optional.ofNullable(content.get(field.name())).orElse(NullNode.getInstance()));
            }
        }
        return own;
    }

    /// The drafts with links, actions and the ids that people see.
    List<ObjectNode> finished(Tx tx, Viewer ask, List<Draft> drafts) {
        var mentioned = new HashSet<UUID>();
        for (var draft : drafts) {
            draft.resource.parent().ifPresent(mentioned::add);
            mentioned.add(Projects.id(draft.resource.project()));
            ask.kinds()
                    .fields(draft.type)
                    .forEach(field -> collect(field.type(), draft.own.path(field.name()), mentioned));
        }
        var wires = References.wire(tx, mentioned);
        return drafts.stream()
                .map(draft -> new Writing(ask, draft, wires).node())
                .toList();
    }

    private static void collect(FieldType type, JsonNode value, Set<UUID> mentioned) {
        switch (type) {
            case FieldType.Reference _ -> Ids.uuid(value.asString("")).ifPresent(mentioned::add);
            case FieldType.Array(var of) -> value.forEach(one -> collect(of, one, mentioned));
            case FieldType.Mapping(var of) -> value.forEach(one -> collect(of, one, mentioned));
            case Plain _, FieldType.Embedded _ -> {}
        }
    }

    /// One resource being written.
    private final class Writing {
        private final Viewer ask;
        private final Draft draft;
        private final Resource resource;
        private final Map<UUID, String> wires;
        private final boolean moving;
        private final ObjectNode node = Json.object();

        Writing(Viewer ask, Draft draft, Map<UUID, String> wires) {
            this.ask = ask;
            this.draft = draft;
            this.resource = draft.resource;
            this.wires = wires;
            this.moving = ask.kinds().transitioning(resource.type()).contains(resource.state());
        }

        ObjectNode node() {
            var id = Ids.wire(resource.type(), resource.number());
            var self = Kinds.collection(ask.base(), draft.type) + "/" + id;
            node.put("id", id).put("type", draft.type.name()).put("baseType", resource.type());
            var links = node.putObject("links").put("self", self);
            var offered = node.putObject("actions");
            actions.offered(ask, draft.type, resource).forEach(verb -> offered.put(verb, self + "/?action=" + verb));
            core();
            account(links, self);
            for (var field : ask.kinds().fields(draft.type)) {
                if (draft.own.has(field.name())) {
                    field(field, links, self);
                }
            }
            children(links, self, id);
            return node;
        }

        private void core() {
            boolean isData = Kinds.isData(draft.type);
            var content = isData ? resource.content() : Json.object();
            node.put("name", resource.name().isEmpty() ? null : resource.name());
            node.put(
                    "description",
                    content.path("description").isString()
                            ? content.get("description").stringValue()
                            : null);
            node.put("kind", draft.type.name()).put("uuid", resource.id().toString());
            node.put("state", resource.state());
            transitioning();
            node.putNull(Core.ACCOUNT.name()).put("project", resource.project());
            node.put("actor", resource.actor());
            node.put("parent", resource.parent().map(wires::get).orElse(null));
            date("created", Optional.of(resource.created()));
            date("updated", Optional.of(resource.updated()));
            date("removed", resource.removed());
            node.put("version", resource.version());
            node.set("labels", Json.toTree(resource.labels()));
            if (isData) {
                var data = Json.object();
                if (content.get("data") instanceof ObjectNode free) {
                    data.setAll(free);
                }
                data.putObject("fields");
                node.set("data", data);
            } else {
                node.set("data", open(content));
            }
        }

        /// The content without what is shown to nobody.
        private ObjectNode open(ObjectNode content) {
            var open = content.deepCopy();
            ask.kinds().fields(draft.type).stream().filter(Field::secret).forEach(field -> open.remove(field.name()));
            return open;
        }

        /// What belongs to the installation has no account.
        private void account(ObjectNode links, String self) {
            var account = wires.get(Projects.id(resource.project()));
            if (account != null) {
                node.put(Core.ACCOUNT.name(), account);
                link(Core.ACCOUNT, links, self);
            }
        }

        /// Only where it leads to what the caller may read.
        private void link(Field field, ObjectNode links, String self) {
            boolean open = field.type() instanceof FieldType.Reference(var target)
                    && ask.kinds()
                            .find(target)
                            .filter(type -> Methods.may(ask.caller(), type, 'r'))
                            .isPresent();
            if (open) {
                links.put(Kinds.link(field), self + "/" + lower(Kinds.link(field)));
            }
        }

        /// In the order of cattle.md 3.5. A message without a process is how parts tell of what is wrong.
        private void transitioning() {
            var trouble = resource.trouble();
            boolean silent = trouble.isEmpty()
                    && !Kinds.isData(draft.type)
                    && resource.message().isPresent();
            var word = trouble.equals(Optional.of(Trouble.OVERRIDE)) || !moving && (trouble.isPresent() || silent)
                    ? "error"
                    : moving ? "yes" : "no";
            var message = resource.message().orElse(word.equals("yes") ? IN_PROGRESS : null);
            node.put("transitioning", word);
            node.put("transitioningMessage", word.equals("no") ? null : message);
            node.put(
                    "transitioningProgress",
                    word.equals("no") ? null : resource.progress().orElse(null));
        }

        private void date(String name, Optional<Instant> time) {
            node.put(name, time.map(Values::shown).orElse(null));
            node.put(name + "TS", time.map(Instant::toEpochMilli).orElse(null));
        }

        private void field(Field field, ObjectNode links, String self) {
            var value = draft.own.get(field.name());
            if (field.type() == Plain.DATE) {
                date(field.name(), Values.date(value.asString("")));
                return;
            }
            node.set(field.name(), shown(field.type(), value));
            if (field.type() instanceof FieldType.Reference
                    && !node.get(field.name()).isNull()) {
                link(field, links, self);
            }
        }

        private JsonNode shown(FieldType type, JsonNode value) {
            return switch (type) {
                case FieldType.Reference _ ->
                    Ids.uuid(value.asString(""))
                            .map(wires::get)
                            .<JsonNode>map(Json::toTree)
                            .orElse(NullNode.getInstance());
                case FieldType.Array(var of)
                when value.isArray() -> {
                    var list = Json.mapper().createArrayNode();
                    value.forEach(one -> list.add(shown(of, one)));
                    yield list;
                }
                case FieldType.Mapping(var of)
                when value.isObject() -> {
                    var map = Json.object();
                    value.properties().forEach(entry -> map.set(entry.getKey(), shown(of, entry.getValue())));
                    yield map;
                }
                case FieldType.Array _, FieldType.Mapping _, FieldType.Embedded _, Plain _ -> value;
            };
        }

        private void children(ObjectNode links, String self, String id) {
            ask.kinds().children(draft.type).stream()
                    .filter(link -> Methods.may(ask.caller(), link.child(), 'r'))
                    .forEach(link -> links.put(link.name(), self + "/" + lower(link.name())));
            parts.of(resource.type())
                    .ifPresent(part -> part.links().forEach(link -> links.put(link, self + "/" + link)));
            links.put("processes", ask.base() + "/v1/processinstances?resourceId=" + id);
            links.put("journal", ask.base() + "/v1/journal?resource=" + id);
        }

        private static String lower(String text) {
            return text.toLowerCase(Locale.ROOT);
        }
    }
}
