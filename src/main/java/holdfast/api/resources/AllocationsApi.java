package holdfast.api.resources;

import holdfast.api.AskedBefore;
import holdfast.api.Patience;
import holdfast.broker.Allocations;
import holdfast.broker.Directory;
import holdfast.broker.Reservations;
import holdfast.core.Answer;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import tools.jackson.databind.node.ObjectNode;

/// Servers of users: made under a reservation or without one, and taken away (promise.md 4.3).
final class AllocationsApi {
    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final Allocations allocations;
    private final Accounts accounts;
    private final Finder finder;
    private final Representation representation;
    private final Patience patience;

    AllocationsApi(
            Platform platform,
            Database database,
            Engine engine,
            Allocations allocations,
            Accounts accounts,
            Finder finder,
            Representation representation,
            Patience patience) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.allocations = allocations;
        this.accounts = accounts;
        this.finder = finder;
        this.representation = representation;
        this.patience = patience;
    }

    List<Route> routes() {
        return List.of(
                Route.post("/v1/allocations", this::create), Route.delete("/v1/allocations/{id}", this::destroy));
    }

    /// `POST /v1/allocations`: 201 when it runs, waits for its reservation, or could not be made; 202 while the
    /// provider is at it.
    private HttpReply create(Ask ask) {
        ask.need(ask.kinds().find(Allocations.TYPE).orElseThrow(), 'c', false);
        var body = Bodies.object(ask);
        var asked = AskedBefore.of(ask.http(), ask.caller(), ask.where(), body, platform.now());
        // the transaction of a refusal is kept, since it has the refusal in the log of decisions
        var answer = asked.once(
                database,
                remembering -> database.inTransaction(tx -> make(tx, ask, body, remembering)),
                engine.resources()::find);
        var made = database.inTransaction(tx -> orRefuse(tx, answer));
        var settled =
                patience.await(ask.caller(), made.id(), Patience.of(ask.http()), allocation -> !isOnItsWay(allocation));
        var node = database.inTransaction(tx -> representation.one(tx, ask, settled));
        return HttpReply.json(isOnItsWay(settled) ? 202 : 201, node)
                .with("Location", node.get("links").get("self").stringValue());
    }

    private Answer<Resource> make(Tx tx, Ask ask, ObjectNode body, BiConsumer<Tx, UUID> remembering) {
        var intake = new AllocationIntake(
                Directory.read(tx, engine.resources()),
                name -> finder.find(tx, ask, Reservations.TYPE, name).id());
        return allocations.create(tx, ask.caller(), intake.read(body)).map(made -> {
            remembering.accept(tx, made.id());
            accounts.open(tx, made, ask.caller().user());
            return made;
        });
    }

    private static boolean isOnItsWay(Resource allocation) {
        return allocation.state().equals("initialized") || allocation.state().equals("building");
    }

    /// `DELETE /v1/allocations/{id}`: until the provider says that it is gone it is `deleting`.
    private HttpReply destroy(Ask ask) {
        ask.need(ask.kinds().find(Allocations.TYPE).orElseThrow(), 'd', true);
        return HttpReply.json(202, database.inTransaction(tx -> representation.one(tx, ask, destroyed(tx, ask))));
    }

    private Resource destroyed(Tx tx, Ask ask) {
        var known = finder.find(tx, ask, Allocations.TYPE, ask.id());
        return orRefuse(tx, allocations.destroy(tx, known.id(), ask.caller().user()));
    }

    private Resource orRefuse(Tx tx, Answer<Resource> answer) {
        return switch (answer) {
            case Answer.Yes<Resource>(var resource) -> resource;
            case Answer.No<Resource>(var why) ->
                throw Problem.of(Directory.read(tx, engine.resources()).inWords(why));
        };
    }
}
