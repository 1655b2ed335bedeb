package holdfast.engine.handlers;

import holdfast.core.Copies;
import holdfast.engine.Engine;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.types.Field;
import holdfast.engine.types.FieldType;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Keeps what an agent reports: what is new becomes a resource of the agent's project, what is known is brought up to
/// date, parents first (cattle.md 4.5). An agent says only of its own things what they are.
final class Reported {
    private static final Logger LOG = LoggerFactory.getLogger(Reported.class);
    private static final int MOST = 1_000;
    private static final int LONGEST = 255;
    /// In the order in which they are made.
    private static final List<String> TYPES = List.of("physicalHost", "host", "storagePool", "ipAddress");

    /// How what is on a host is joined with it: the type of the join, and its fields.
    private record Join(String type, String field) {}

    private static final Map<String, Join> ON_HOSTS = Map.of(
            "storagePool", new Join("storagePoolHostMap", "storagePoolId"),
            "ipAddress", new Join("hostIpAddressMap", "ipAddressId"));

    private final Engine engine;

    Reported(Engine engine) {
        this.engine = engine;
    }

    /// @param list of objects with `type` and `uuid`; what is none of them is passed over
    void keep(Tx tx, Resource agent, JsonNode list) {
        for (var type : TYPES) {
            StreamSupport.stream(list.spliterator(), false)
                    .limit(MOST)
                    .filter(one -> one.path("type").asString("").equals(type)
                            && text(one, "uuid").isPresent())
                    .forEach(one -> keep(tx, agent, type, one));
        }
    }

    private static Optional<String> text(JsonNode node, String field) {
        return Optional.of(node.path(field).asString(""))
                .filter(text -> !text.isEmpty() && text.length() <= LONGEST && text.indexOf('\0') < 0);
    }

    /// What agents call theirs says nothing about things of others.
    private static UUID id(Resource agent, String type, String name) {
        return Copies.id("agent " + agent.id() + " " + type, name);
    }

    private void keep(Tx tx, Resource agent, String type, JsonNode said) {
        var id = id(agent, type, text(said, "uuid").orElseThrow());
        var name = text(said, "name").or(() -> text(said, "uuid")).orElseThrow();
        var wanted = content(agent, type, said);
        var known = engine.resources().lock(tx, id);
        if (known.isPresent()) {
            refresh(tx, known.get(), name, wanted);
        } else {
            make(tx, agent, id, type, name, wanted);
        }
        Optional.ofNullable(ON_HOSTS.get(type))
                .ifPresent(join -> text(said, "hostUuid").ifPresent(host -> join(tx, agent, join, id, host)));
    }

    private ObjectNode content(Resource agent, String type, JsonNode said) {
        var content = Json.object();
        for (var field : engine.types().find(type).orElseThrow().fields()) {
            value(agent, field, said).ifPresent(value -> content.set(field.name(), value));
        }
        return content;
    }

    private static Optional<JsonNode> value(Resource agent, Field field, JsonNode said) {
        if (field.name().equals("agentId")) {
            return Optional.of(Json.toTree(agent.id().toString()));
        }
        var given = said.path(field.name());
        return switch (field.type()) {
            case FieldType.Reference(var target) ->
                text(said, field.name().replaceAll("Id$", "Uuid"))
                        .map(name -> Json.toTree(id(agent, target, name).toString()));
            case FieldType.Plain.INT -> Optional.of(given).filter(JsonNode::isIntegralNumber);
            case FieldType.Plain.BOOLEAN -> Optional.of(given).filter(JsonNode::isBoolean);
            case FieldType.Plain.STRING -> text(said, field.name()).map(Json::toTree);
            default -> Optional.empty();
        };
    }

    private void make(Tx tx, Resource agent, UUID id, String type, String name, ObjectNode content) {
        content.put("kind", type).put("activateOnCreate", true);
        var fresh = engine.resources()
                .fresh(id, type, Resources.ACTOR, Optional.empty(), name, "requested", agent.project(), content);
        if (engine.resources().insert(tx, fresh, Agents.TYPE, "reported")) {
            engine.processes()
                    .schedule(
                            tx,
                            Request.now(engine.types().find(type).orElseThrow().prefix() + ".create", id, Agents.TYPE))
                    .orThrow();
        } else {
            LOG.warn("{} {} of agent {} could not be kept", type, name, agent.id());
        }
    }

    private void refresh(Tx tx, Resource known, String name, ObjectNode wanted) {
        var content = known.content();
        content.setAll(wanted);
        if (known.removed().isEmpty() && !(content.equals(known.content()) && name.equals(known.name()))) {
            var updated = engine.resources()
                    .update(tx, known.state(), known.renamed(name).withData(content), Agents.TYPE, "reported");
            engine.journal().changed(tx, updated, Agents.TYPE, "reported");
            tx.afterCommit(engine.changed()::raise);
        }
    }

    private void join(Tx tx, Resource agent, Join join, UUID part, String hostName) {
        var host = id(agent, "host", hostName);
        var id = id(agent, join.type, part + " " + host);
        if (engine.resources().find(tx, host).isPresent()
                && engine.resources().find(tx, id).isEmpty()) {
            var content = Json.object().put(join.field, part.toString()).put("hostId", host.toString());
            make(tx, agent, id, join.type, "", content);
        }
    }
}
