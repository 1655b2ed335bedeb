package holdfast.api.resources;

import static java.util.stream.Collectors.toMap;

import holdfast.broker.Broker;
import holdfast.broker.services.Blueprint;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.HostingPolicy;
import holdfast.protocol.rear.NodeIdentity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// How services are made that are for sale to other domains: administrators add blueprints and remove them (fluidos.md
/// 2.9).
final class BlueprintsApi {
    static final Part PART = BlueprintsApi::fields;

    private final Platform platform;
    private final Database database;
    private final Optional<NodeIdentity> node;
    private final Broker broker;
    private final Finder finder;
    private final Representation representation;

    /// @param node who sells; empty if the settings say nothing of it
    BlueprintsApi(
            Platform platform,
            Database database,
            Optional<NodeIdentity> node,
            Broker broker,
            Finder finder,
            Representation representation) {
        this.platform = platform;
        this.database = database;
        this.node = node;
        this.broker = broker;
        this.finder = finder;
        this.representation = representation;
    }

    List<Route> routes() {
        return List.of(Route.post("/v1/blueprints", this::add), Route.delete("/v1/blueprints/{id}", this::remove));
    }

    /// `POST /v1/blueprints`, as YAML or JSON: a flavor is listed from then on.
    private HttpReply add(Ask ask) {
        need(ask, 'c', false);
        var seller = node.orElseThrow(() -> Problem.of(Refusal.clash(
                "this server sells nothing: its settings file has no section federation, which says who it is")));
        // as JSON every character may take six bytes
        var ware = BlueprintIntake.read(ask.body(6 * BlueprintIntake.LARGEST));
        return database.inTransaction(tx -> {
            var added = CapacityApi.orRefuse(broker.blueprints()
                    .add(
                            tx,
                            ware.blueprint(),
                            ware.flavor(seller, platform.now()),
                            ask.caller().project(),
                            ask.caller().user()));
            return Writes.created(representation.one(tx, ask, added));
        });
    }

    /// `DELETE /v1/blueprints/{id}`: what is held may still be bought.
    private HttpReply remove(Ask ask) {
        need(ask, 'd', true);
        return database.inTransaction(tx -> {
            var found = finder.find(tx, ask, Blueprint.TYPE, ask.id());
            var removed = CapacityApi.orRefuse(
                    broker.blueprints().remove(tx, found.id(), ask.caller().user()));
            return HttpReply.json(200, representation.one(tx, ask, removed));
        });
    }

    private static void need(Ask ask, char letter, boolean single) {
        ask.need(ask.kinds().find(Blueprint.TYPE).orElseThrow(), letter, single);
    }

    private static Map<UUID, ObjectNode> fields(Tx tx, List<Resource> page) {
        return page.stream().collect(toMap(Resource::id, resource -> {
            var blueprint = resource.as(Blueprint.class);
            var node = Json.object()
                    .put("title", blueprint.title())
                    .put("summary", blueprint.description())
                    .put("category", blueprint.category().word())
                    .put("flavorId", resource.parent().map(UUID::toString).orElse(null));
            node.set("tags", Json.toTree(blueprint.tags()));
            node.set(
                    "hostingPolicies",
                    Json.toTree(blueprint.offer().hosted().stream()
                            .map(HostingPolicy::word)
                            .toList()));
            node.set("configurationTemplate", blueprint.template());
            node.set("templates", Json.toTree(blueprint.manifests()));
            return node;
        }));
    }
}
