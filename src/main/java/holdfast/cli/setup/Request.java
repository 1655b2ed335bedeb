package holdfast.cli.setup;

import holdfast.cli.setup.Step.Verb;
import holdfast.platform.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is sent to a server for a step.
///
/// @param path below `/broker`
public record Request(String method, List<String> path, JsonNode body) {
    private static final String PUT = "PUT";
    /// On what permissions are, as the interface calls these kinds.
    private static final Map<Kind, String> OBJECTS = Map.of(
            Kind.POOL_FAMILY, "PoolFamily",
            Kind.POOL, "Pool",
            Kind.CATALOG, "Catalog",
            Kind.DEPLOYABLE, "Deployable",
            Kind.PROVIDER, "Provider",
            Kind.PROVIDER_ACCOUNT, "ProviderAccount",
            Kind.HARDWARE_PROFILE, "HardwareProfile",
            Kind.FRONTEND_REALM, "FrontendRealm");

    /// @throws SetupException if something that it refers to is not there
    public static Request of(Step step, Directory ids) {
        var item = step.item();
        var kind = item.kind();
        var path = new ArrayList<>(List.of(kind.collection()));
        if (kind.belowPool()) path.addAll(0, List.of(Kind.POOL.collection(), id(ids, Kind.POOL, item.text("pool"))));
        boolean known = step.verb() != Verb.CREATE && kind != Kind.COST; // a price ends with the next one
        if (kind == Kind.ACCOUNT_OPTION) path.add(id(ids, Kind.PROVIDER_ACCOUNT, item.text("provider_account")));
        else if (known && kind != Kind.SELECTION_STRATEGIES) path.add(id(ids, kind, item.key()));
        boolean put = known || kind == Kind.ACCOUNT_OPTION || kind == Kind.SELECTION_STRATEGIES;
        return step.verb() == Verb.REMOVE
                ? new Request("DELETE", path, Json.object())
                : new Request(put ? PUT : "POST", path, body(step, ids));
    }

    private static JsonNode body(Step step, Directory ids) {
        var item = step.item();
        var kind = item.kind();
        var body = Json.object();
        for (var field : kind.fields()) {
            var said = item.fields().get(field.name());
            boolean wanted = step.fields().contains(field.name()) || kind.whole();
            if (said == null || !wanted || kind.belowPool() && field.name().equals("pool")) continue;
            body.set(
                    field.name(),
                    Forms.sent(field, said, name -> id(ids, field.of().orElseThrow(), name)));
        }
        return switch (kind) {
            case SELECTION_STRATEGIES -> body; // a list under the name of the collection
            case PERMISSION -> Json.object().set(kind.singular(), permission(body));
            default -> Json.object().set(kind.singular(), body);
        };
    }

    private static ObjectNode permission(ObjectNode said) {
        var body = Json.object();
        body.set("entity", said.path(said.has("user") ? "user" : "user_group"));
        body.set("role", said.path("role"));
        OBJECTS.forEach((kind, type) -> {
            if (said.path(kind.singular()) instanceof ObjectNode object) body.set("object", object.put("type", type));
        });
        return body;
    }

    private static String id(Directory ids, Kind kind, String key) {
        return ids.id(kind, key)
                .orElseThrow(() -> new SetupException("there is no " + kind.called() + " " + key + "; there are "
                        + (ids.keys(kind).isEmpty() ? "none" : String.join(", ", ids.keys(kind)))));
    }

    /// What a server shows of one of a kind; its name and id are remembered.
    ///
    /// @param below the pool of what is below a pool
    /// @return empty if it is over, is for somebody whom nobody has written down, or is on what no file tells
    public static Optional<Item> shown(Kind kind, JsonNode json, Optional<String> below, Directory names) {
        var node = (ObjectNode) json.deepCopy();
        below.ifPresent(pool -> node.put("pool", pool));
        if (kind == Kind.COST && node.has("valid_to")) return Optional.empty();
        if (kind == Kind.PERMISSION && !reshaped(node, names)) return Optional.empty();
        var fields = new java.util.HashMap<String, JsonNode>();
        for (var field : kind.fields()) fields.put(field.name(), Forms.shown(field, node.path(field.name()), names));
        var item = new Item(kind, fields);
        names.put(kind, item.key(), node.path("id").asString(""));
        if (node.path("built_in").asBoolean(false) || node.path("self").asBoolean(false) || names.stays(item))
            names.stay(item.ref());
        return Optional.of(item);
    }

    private static boolean reshaped(ObjectNode node, Directory names) {
        var entity = node.path("entity").path("id").asString("");
        if (names.knows(Kind.USER, entity)) node.put("user", entity);
        else if (names.knows(Kind.USER_GROUP, entity)) node.put("user_group", entity);
        else return false;
        var object = node.path("object");
        var id = object.path("id").asString("");
        if (id.isEmpty()) return true;
        var on = OBJECTS.entrySet().stream()
                .filter(one -> one.getValue().equals(object.path("type").asString("")))
                .map(Map.Entry::getKey)
                .filter(kind -> names.knows(kind, id))
                .findFirst();
        on.ifPresent(kind -> node.put(kind.singular(), id));
        return on.isPresent();
    }
}
