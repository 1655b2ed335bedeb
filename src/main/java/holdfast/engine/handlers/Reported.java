package holdfast.engine.handlers;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Copies;
import holdfast.engine.Engine;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.types.Field;
import holdfast.engine.types.FieldType;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Keeps what an agent reports: what is new becomes a resource of the agent's project, what is known is brought up to
/// date, parents first (cattle.md 4.5). An agent says only of its own things what they are.
final class Reported {
    private static final Logger LOG = LoggerFactory.getLogger(Reported.class);
    private static final String AGENT = "agentId";
    private static final int LONGEST = 255;
    /// In the order in which they are made.
    private static final List<String> TYPES = List.of("physicalHost", "host", "storagePool", "ipAddress");

    /// How what is on a host is joined with it: the type of the join, and its fields.
    private record Join(String type, String field) {}

    private static final Map<String, Join> ON_HOSTS = Map.of(
            "storagePool", new Join("storagePoolHostMap", "storagePoolId"),
            "ipAddress", new Join("hostIpAddressMap", "ipAddressId"));

    private final Engine engine;
    private final int most;

    /// @param most how many things one agent may have, removed ones among them
    Reported(Engine engine, int most) {
        this.engine = engine;
        this.most = most;
    }

    /// One thing that an agent has, or a join of two.
    private record Thing(UUID id, String type, String name, ObjectNode content) {}

    /// @param list of objects with `type` and `uuid`; what is none of them is passed over, and what is too many
    void keep(Tx tx, Resource agent, JsonNode list) {
        var said = StreamSupport.stream(list.spliterator(), false)
                .limit(most)
                .filter(one -> text(one, "uuid").isPresent())
                .toList();
        var things = TYPES.stream()
                .flatMap(type -> said.stream()
                        .filter(one -> one.path("type").asString("").equals(type))
                        .flatMap(one -> things(agent, type, one)))
                .toList();
        var ids = things.stream()
                .flatMap(thing -> Stream.concat(Stream.of(thing.id), host(thing).stream()))
                .distinct()
                .toList();
        var known = engine.resources().list(tx, Resources.withIds(ids), ids.size()).stream()
                .collect(Collectors.toMap(Resource::id, one -> one));
        var there = new HashSet<>(known.keySet());
        int room = there.containsAll(ids) ? 0 : most - count(tx, agent);
        for (var thing : things) {
            var was = known.get(thing.id);
            if (was != null) {
                refresh(tx, was, thing);
            } else if (room > 0 && host(thing).map(there::contains).orElse(true) && there.add(thing.id)) {
                make(tx, agent, thing);
                room--;
            }
        }
    }

    /// The host that a join is of: without that it is not made.
    private static Optional<UUID> host(Thing thing) {
        return Optional.of(thing.content.path("hostId").asString(""))
                .filter(text -> !text.isEmpty())
                .map(UUID::fromString);
    }

    /// All that is kept for an agent names it.
    private static int count(Tx tx, Resource agent) {
        var names = Json.object().put(AGENT, agent.id().toString());
        return tx.sql()
                .fetchCount(RESOURCE, DSL.condition("data ?? 'kind' and data @> {0}", DSL.val(Json.jsonb(names))));
    }

    private Stream<Thing> things(Resource agent, String type, JsonNode said) {
        var id = id(agent, type, text(said, "uuid").orElseThrow());
        var name = text(said, "name").or(() -> text(said, "uuid")).orElseThrow();
        var join = Optional.ofNullable(ON_HOSTS.get(type))
                .flatMap(on -> text(said, "hostUuid").map(host -> join(agent, on, id, id(agent, "host", host))));
        return Stream.concat(Stream.of(new Thing(id, type, name, content(agent, type, said))), join.stream());
    }

    private static Thing join(Resource agent, Join join, UUID part, UUID host) {
        var content = Json.object()
                .put(AGENT, agent.id().toString())
                .put(join.field, part.toString())
                .put("hostId", host.toString());
        return new Thing(id(agent, join.type, part + " " + host), join.type, "", content);
    }

    private static Optional<String> text(JsonNode node, String field) {
        return Optional.of(node.path(field).asString(""))
                .filter(text -> !text.isEmpty() && text.length() <= LONGEST && text.indexOf('\0') < 0);
    }

    /// What agents call theirs says nothing about things of others.
    private static UUID id(Resource agent, String type, String name) {
        return Copies.id("agent " + agent.id() + " " + type, name);
    }

    /// What nobody may write is not for agents to write either.
    private ObjectNode content(Resource agent, String type, JsonNode said) {
        var content = Json.object();
        for (var field : engine.types().find(type).orElseThrow().fields()) {
            if (field.create() || field.update()) {
                value(agent, field, said).ifPresent(value -> content.set(field.name(), value));
            }
        }
        return content.put(AGENT, agent.id().toString());
    }

    private static Optional<JsonNode> value(Resource agent, Field field, JsonNode said) {
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

    private void make(Tx tx, Resource agent, Thing thing) {
        var content = thing.content.put("kind", thing.type).put("activateOnCreate", true);
        var fresh = engine.resources()
                .fresh(
                        thing.id,
                        thing.type,
                        Resources.ACTOR,
                        Optional.empty(),
                        thing.name,
                        "requested",
                        agent.project(),
                        content);
        if (engine.resources().insert(tx, fresh, Agents.TYPE, "reported")) {
            var prefix = engine.types().find(thing.type).orElseThrow().prefix();
            engine.processes()
                    .schedule(tx, Request.now(prefix + ".create", thing.id, Agents.TYPE))
                    .orThrow();
        } else {
            LOG.warn("{} {} of agent {} could not be kept", thing.type, thing.name, agent.id());
        }
    }

    /// Locked only if there is something to write, and then looked at again.
    private void refresh(Tx tx, Resource known, Thing thing) {
        if (refreshed(known, thing).isEmpty()) {
            return;
        }
        engine.resources()
                .lock(tx, known.id())
                .flatMap(locked -> refreshed(locked, thing))
                .ifPresent(next -> {
                    var updated = engine.resources().update(tx, next.state(), next, Agents.TYPE, "reported");
                    engine.journal().changed(tx, updated, Agents.TYPE, "reported");
                    tx.afterCommit(engine.changed()::raise);
                });
    }

    /// Who may use a thing is for people to say once it is there.
    private static Optional<Resource> refreshed(Resource known, Thing thing) {
        var content = known.content();
        content.setAll(thing.content.deepCopy().without("isPublic"));
        return Optional.of(known.renamed(thing.name).withData(content))
                .filter(next -> known.removed().isEmpty()
                        && !(content.equals(known.content()) && thing.name.equals(known.name())));
    }
}
