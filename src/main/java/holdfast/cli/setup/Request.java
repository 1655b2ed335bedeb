package holdfast.cli.setup;

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
    private static final String POST = "POST";
    private static final String PUT = "PUT";
    /// On what permissions are, as the interface calls these kinds.
    private static final Map<Kind, String> OBJECTS = Map.of(
            Kind.POOL_FAMILY, "PoolFamily",
            Kind.POOL, "Pool",
            Kind.PROVIDER, "Provider",
            Kind.PROVIDER_ACCOUNT, "ProviderAccount");

    /// @throws SetupException if something that it refers to is not there
    public static Request of(Step step, Directory ids) {
        var item = step.item();
        var kind = item.kind();
        var path = new ArrayList<>(List.of(kind.collection()));
        if (kind.belowPool()) path.addAll(0, List.of(Kind.POOL.collection(), id(ids, Kind.POOL, item.text("pool"))));
        var method = POST;
        if (kind == Kind.SELECTION_STRATEGIES) method = PUT;
        else if (kind == Kind.ACCOUNT_OPTION) {
            method = PUT;
            path.add(id(ids, Kind.PROVIDER_ACCOUNT, item.text("provider_account")));
        } else if (kind != Kind.COST && !step.creates()) {
            method = PUT;
            path.add(id(ids, kind, item.key()));
        }
        return new Request(method, path, body(step, ids));
    }

    private static JsonNode body(Step step, Directory ids) {
        var item = step.item();
        var kind = item.kind();
        var body = Json.object();
        for (var field : kind.fields()) {
            var said = item.fields().get(field.name());
            boolean wanted = step.fields().contains(field.name()) || kind == Kind.COST;
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
    /// @return empty if it is over, or for somebody whom nobody has written down
    public static Optional<Item> shown(Kind kind, JsonNode json, Optional<String> below, Directory names) {
        var node = (ObjectNode) json.deepCopy();
        below.ifPresent(pool -> node.put("pool", pool));
        if (kind == Kind.COST && node.has("valid_to")) return Optional.empty();
        if (kind == Kind.PERMISSION && !reshaped(node, names)) return Optional.empty();
        var fields = new java.util.HashMap<String, JsonNode>();
        for (var field : kind.fields()) fields.put(field.name(), Forms.shown(field, node.path(field.name()), names));
        var item = new Item(kind, fields);
        names.put(kind, item.key(), node.path("id").asString(""));
        return Optional.of(item);
    }

    private static boolean reshaped(ObjectNode node, Directory names) {
        var entity = node.path("entity").path("id").asString("");
        if (names.knows(Kind.USER, entity)) node.put("user", entity);
        else if (names.knows(Kind.USER_GROUP, entity)) node.put("user_group", entity);
        else return false;
        var role = node.path("role");
        node.put("role", role.path("value").asString(role.asString("")));
        var object = node.path("object");
        OBJECTS.forEach((kind, type) -> {
            if (object.path("type").asString("").equals(type) && object.has("id"))
                node.put(kind.singular(), object.path("id").asString());
        });
        return true;
    }
}
