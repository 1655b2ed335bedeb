package holdfast.api.rear;

import holdfast.api.Connections;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.resale.Middle;
import holdfast.federation.resale.Resale;
import holdfast.federation.resale.ResaleCourse;
import holdfast.federation.resale.Resold;
import holdfast.federation.trust.Rights.Message;
import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.RearReader;
import holdfast.federation.wire.Reply;
import holdfast.federation.wire.Told;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Transaction;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// Holds and contracts on what others offer, at a supernode (fluidos.md 4.2 steps 15 to 28). Whatever is our own goes
/// the usual way. What is asked twice is told twice: by what was done, not by the id of the request.
final class Reselling {
    private static final int SILENT = 504;
    private static final Duration MAIL = Duration.ofSeconds(40);
    private static final Duration DIAL = Duration.ofSeconds(15);

    private final Platform platform;
    private final Database database;
    private final Resources resources;
    private final Resale resale;
    private final Documented documented;
    private final Optional<Connections> connections;

    /// @param connections that go through this server; empty if none do
    Reselling(
            Platform platform,
            Database database,
            Resources resources,
            Resale resale,
            Documented documented,
            Optional<Connections> connections) {
        this.platform = platform;
        this.database = database;
        this.resources = resources;
        this.resale = resale;
        this.documented = documented;
        this.connections = connections;
    }

    /// `POST reservations`
    Reply reserve(Asked asked, Function<Asked, Reply> ours) {
        var ask = RearReader.reserve(asked.call().body()).orThrow();
        var shown = database.inTransaction(tx -> resale.supernode().find(tx, ask.flavor()));
        if (shown.isEmpty()) {
            return ours.apply(asked);
        }
        boolean direct = Reserving.isDirect(asked);
        asked.need(Message.RESERVE, shown.get(), ask.buyer());
        if (direct) {
            asked.need(Message.PURCHASE, shown.get(), ask.buyer());
        }
        var held = resale.reserve(customer(asked, ask), ask.flavor(), ask.configuration(), ask.term(), trace(asked));
        var sale = held.as(Resold.class);
        if (!resale.told(sale).configuration().equals(ask.configuration())) {
            throw RearProblem.of(409, "another piece of flavor " + ask.flavor() + " is held for you: cancel it first");
        }
        if (direct && sale.course() == ResaleCourse.HELD) {
            var purchase = RearReader.direct(asked.call().body()).orThrow();
            return bought(resale.purchase(held.id(), purchase), asked.dialect(), 201);
        }
        return switch (sale.course()) {
            case HELD, BUYING, PURCHASED -> {
                database.inTransaction(tx -> {
                    documented.remember(tx, sale.transaction().id(), asked.dialect());
                    return true;
                });
                yield Asked.json(200, asked.dialect().writer().transaction(resale.told(sale)));
            }
            case ASKED -> throw later("who offers it has not answered yet");
            case REFUSED, EXPIRED, CANCELLED, IN_DOUBT -> throw no(sale, 409);
        };
    }

    private static Resale.Customer customer(Asked asked, Transaction.Ask ask) {
        var buyer = Reserving.buyer(asked, ask);
        return new Resale.Customer(buyer.identity(), buyer.key(), buyer.cluster());
    }

    private Trace trace(Asked asked) {
        return asked.trace().orElseGet(() -> Trace.open(platform.newId().toString()));
    }

    private static RearProblem later(String why) {
        return RearProblem.of(503, why + ": ask again").with("retry-after", "2");
    }

    private static RearProblem no(Resold sale, int usual) {
        return sale.no()
                .map(why -> RearProblem.of(why.status(), why.why()))
                .orElseGet(() -> RearProblem.of(usual, "it is " + sale.course().shown()));
    }

    /// `POST transactions/{id}/purchase`
    Reply purchase(Asked asked, Function<Asked, Reply> ours) {
        var found = database.inTransaction(tx -> sale(tx, asked));
        if (found.isEmpty()) {
            return ours.apply(asked);
        }
        var sale = found.get().as(Resold.class);
        asked.need(Message.PURCHASE, sale.shown(), sale.transaction().buyer());
        var ask = RearReader.purchase(asked.call().body()).orThrow();
        var dialect =
                Dialect.of(asked.call()).orElseGet(() -> database.inTransaction(tx -> documented.of(tx, asked.name())));
        return bought(resale.purchase(found.get().id(), ask), dialect, 200);
    }

    private Reply bought(Resource resource, Dialect dialect, int status) {
        var sale = resource.as(Resold.class);
        return switch (sale.course()) {
            case PURCHASED ->
                Asked.json(
                        status,
                        dialect.writer()
                                .contract(resale.middles()
                                        .told(database.inTransaction(tx -> resale.middles()
                                                .find(tx, sale.contract().orElseThrow())
                                                .orElseThrow()))));
            case BUYING -> throw later("who sells it has not answered yet");
            case EXPIRED ->
                throw RearProblem.of(
                        408, "it was held until " + sale.transaction().expires() + ": reserve again");
            case IN_DOUBT -> throw no(sale, 502);
            case CANCELLED -> throw no(sale, 409);
            case ASKED, HELD, REFUSED -> throw no(sale, 404);
        };
    }

    private Optional<Resource> sale(Tx tx, Asked asked) {
        return resale.find(tx, asked.name())
                .filter(resource ->
                        asked.passport().mayActFor(resource.as(Resold.class).key()));
    }

    private Optional<Resource> contract(Tx tx, Asked asked) {
        return resale.middles()
                .find(tx, asked.name())
                .filter(resource ->
                        asked.passport().mayActFor(resource.as(Middle.class).key()));
    }

    /// `GET transactions/{id}`
    Reply transaction(Tx tx, Asked asked, Route.Action ours) {
        return sale(tx, asked)
                .map(found ->
                        shown(asked.dialect().writer().transaction(resale.told(found.as(Resold.class))), found, 200))
                .orElseGet(() -> ours.answer(tx, asked));
    }

    /// `DELETE transactions/{id}`
    Reply cancel(Tx tx, Asked asked, Route.Action ours) {
        var found = sale(tx, asked);
        if (found.isEmpty()) {
            return ours.answer(tx, asked);
        }
        var after =
                resale.cancel(tx, found.get().id(), "cancelled by its buyer").as(Resold.class);
        return switch (after.course()) {
            case BUYING, PURCHASED ->
                throw RearProblem.of(409, "transaction " + asked.name() + " is bought: release its contract");
            case ASKED, HELD, EXPIRED, CANCELLED, REFUSED, IN_DOUBT -> Asked.empty(204);
        };
    }

    /// `GET contracts/{id}`
    Reply contract(Tx tx, Asked asked, Route.Action ours) {
        return contract(tx, asked)
                .map(found -> shown(
                        asked.dialect().writer().contract(resale.middles().bare(found.as(Middle.class))), found, 200))
                .orElseGet(() -> ours.answer(tx, asked));
    }

    /// `DELETE contracts/{id}`
    Reply release(Tx tx, Asked asked, Route.Action ours) {
        var found = contract(tx, asked);
        if (found.isEmpty()) {
            return ours.answer(tx, asked);
        }
        var who = found.get().as(Middle.class).key();
        var over = resale.middles().release(tx, found.get().id(), who, Extensions.reason(asked));
        return shown(asked.dialect().writer().contract(resale.middles().bare(over.as(Middle.class))), over, 202);
    }

    /// `POST contracts/{id}/renew`: whoever sells it is asked first.
    Reply renew(Asked asked, Function<Asked, Reply> ours) {
        var found = database.inTransaction(tx -> contract(tx, asked));
        if (found.isEmpty()) {
            return ours.apply(asked);
        }
        var until = RearReader.until(asked.call().body()).orThrow();
        var after = resale.renew(found.get().id(), until).orThrow();
        var middle = after.as(Middle.class);
        middle.renewal().filter(wish -> wish.until().equals(until)).ifPresent(wish -> {
            throw wish.refusal()
                    .map(no -> RearProblem.of(no.status() == SILENT ? 503 : no.status(), no.why()))
                    .orElseGet(() -> later("who sells it has not answered yet"));
        });
        return shown(asked.dialect().writer().contract(resale.middles().bare(middle)), after, 200);
    }

    /// `POST contracts/{id}/signatures`: the customer signs what we have sold it.
    Reply sign(Tx tx, Asked asked, Route.Action ours) {
        var found = contract(tx, asked);
        if (found.isEmpty()) {
            return ours.answer(tx, asked);
        }
        var jws = RearReader.signature(asked.call().body()).orThrow();
        var after = resale.middles()
                .sign(tx, found.get().id(), jws, Extensions.key(asked))
                .orThrow();
        return shown(asked.dialect().writer().contract(resale.middles().bare(after.as(Middle.class))), after, 200);
    }

    private static Reply shown(String json, Resource resource, int status) {
        var tree = ((ObjectNode) Json.tree(json)).put("state", resource.state().toUpperCase(Locale.ROOT));
        return Asked.json(status, Json.text(tree));
    }

    /// `POST contracts/{id}/mail`: goes on to whoever sells it, with the secret of that contract, and back (A27).
    Reply mail(Asked asked, Function<Asked, Reply> ours) {
        var middle = database.inTransaction(tx -> resale.middles().find(tx, asked.name()))
                .map(resource -> resource.as(Middle.class));
        if (middle.isEmpty()) {
            return ours.apply(asked);
        }
        return switch (resale.middles().pass(middle.get(), asked.call(), MAIL)) {
            case Told.Yes<Reply>(var reply) -> reply;
            case Told.No<Reply>(var status, var why, var _) -> throw RearProblem.of(status, why);
            case Told.Silent<Reply>(var _, var why) -> throw later(why);
        };
    }

    /// `GET contracts/{id}/connect/{sliver}`: goes on to whoever sells it, as the mail does.
    HttpReply.Tunnel connect(Asked asked, Route.Join ours) {
        var found = database.inTransaction(tx -> resale.middles().find(tx, asked.name()));
        if (found.isEmpty()) {
            return ours.open(asked);
        }
        int port = Connecting.port(asked);
        var contract = found.get();
        if (!Connecting.isLive(contract)) {
            throw Connecting.over(contract);
        }
        var middle = contract.as(Middle.class);
        var far = switch (resale.middles().dial(middle, asked.call(), DIAL)) {
            case Told.Yes<ByteChannel>(var channel) -> channel;
            case Told.No<ByteChannel>(var status, var why, var _) -> throw RearProblem.of(status, why);
            case Told.Silent<ByteChannel>(var _, var why) ->
                throw RearProblem.of(SILENT, "who sells it cannot be reached: " + why);
        };
        try (var place = connections.orElseThrow().place(contract.id()).orElseThrow(() -> crowded(far))) {
            var about = new Connections.About(contract, middle.key(), port);
            return new HttpReply.Tunnel(place.fill(far, about, () -> over(contract)), Map.of(), Connections.IDLE);
        }
    }

    private static RearProblem crowded(ByteChannel far) {
        try {
            far.close();
        } catch (IOException _) {
            // it was of no use yet
        }
        return Connecting.crowded();
    }

    private Optional<String> over(Resource contract) {
        return database.inTransaction(tx -> resources
                .find(tx, contract.id())
                .filter(now -> !Connecting.isLive(now))
                .map(now -> "the contract is " + now.state()));
    }
}
