package holdfast.api.rear;

import holdfast.api.Connections;
import holdfast.broker.market.Market;
import holdfast.core.Answer;
import holdfast.core.RefusedException;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.federation.catalog.Catalog;
import holdfast.federation.peers.Peers;
import holdfast.federation.resale.Resale;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.Reply;
import holdfast.notifications.Notifications;
import holdfast.platform.Database;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.HttpReply;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.protocol.rear.NodeIdentity;
import java.nio.channels.ByteChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a seller answers to other domains: REAR without sockets (fluidos.md 5.1 to 5.6, 5.9).
public final class Gateway {
    /// How many groups of reservations are written side by side; each takes a connection to the database.
    public static final int LANES = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private final BooleanSupplier ready;
    private final Answering answering;
    private final Door door;
    private final List<Route> routes;

    /// Who sells, and with what.
    ///
    /// @param secrets from which the secrets of contracts follow
    public record Seller(
            NodeIdentity node, Platform platform, Database database, Engine engine, Market market, Secrets secrets) {}

    /// What it is to others besides.
    ///
    /// @param standing how it stands to them
    /// @param resale what it sells of others, as it speaks for its domain or stands between; empty if it does not
    /// @param telling empty: nobody can subscribe
    /// @param shop empty if it is no catalog
    /// @param machines empty: nobody can connect to any
    public record Roles(
            Standing standing,
            Optional<Resale> resale,
            Optional<Telling> telling,
            Optional<Shop> shop,
            Optional<Machines> machines) {
        /// Of one to whom nobody proves anything, and that sells what is its own, for trials.
        public static final Roles PLAIN =
                new Roles(Standing.UNPROVED, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// How this node stands to others.
    ///
    /// @param door who may ask what
    /// @param jwk its key, as everybody may know it; empty if it shows none
    /// @param secure whether it is asked by TLS
    /// @param bothSign whether buyers must sign contracts
    public record Standing(Door door, Map<String, String> jwk, boolean secure, boolean bothSign) {
        /// Of one to whom nobody proves anything, and that has no key.
        public static final Standing UNPROVED = new Standing(Door.open(), Map.of(), false, false);
    }

    /// By what others are told of changes.
    ///
    /// @param face as which it is known to `notifications`
    public record Telling(Notifications notifications, RearFace face) {}

    /// A catalog, with the peers that publish there.
    public record Shop(Catalog catalog, Peers peers) {}

    /// The machines that run here for others.
    ///
    /// @param connections that go through this server
    public record Machines(Connections connections, Reach reach) {}

    /// As [holdfast.authority.Authorities#connect].
    public interface Reach {
        Answer<ByteChannel> connect(Resource lease, int port);
    }

    /// @param ready whether questions are answered yet
    public Gateway(Seller seller, Roles roles, BooleanSupplier ready) {
        this.door = roles.standing().door();
        this.ready = ready;
        var replays = new Replays(seller.platform(), seller.secrets());
        seller.engine().forgetting(replays::prune);
        this.answering = new Answering(seller.database(), replays);
        this.routes = new Routes(seller, roles, answering).all();
    }

    /// What can be answered without the body: 404 on an unknown path, 405 by a wrong method, 503 before anything
    /// else is answered.
    public Optional<Reply> early(Call call) {
        var here = routes.stream().filter(route -> route.isAt(call.path())).toList();
        if (here.isEmpty()) {
            return Optional.of(RearProblem.of(404, "404 page not found").reply(call));
        }
        if (here.stream().noneMatch(route -> route.method().equals(call.method()))) {
            var allowed = here.stream().map(Route::method).distinct().collect(Collectors.joining(", "));
            return Optional.of(new Reply(405, Map.of("allow", allowed), ""));
        }
        return ready.getAsBoolean() ? Optional.empty() : Optional.of(Asked.empty(503));
    }

    /// Lets somebody in, or not: with the answer if not. To be asked before the body is read.
    Admission admit(Call call, Visitor visitor) {
        try {
            return new Admission.In(door.enter(call, visitor, route(call).message()));
        } catch (RearProblem e) {
            return new Admission.Out(e.reply(call));
        } catch (DatabaseUnavailableException e) {
            return new Admission.Out(unavailable(call, e));
        }
    }

    /// Whether somebody was let in.
    sealed interface Admission {
        record In(Passport passport) implements Admission {}

        record Out(Reply reply) implements Admission {}
    }

    /// Answers one question of somebody who was let in: in one transaction, unless it is one that waits.
    public Reply answer(Call call, Passport passport) {
        return early(call).orElseGet(() -> answered(call, passport));
    }

    /// A stream without end for somebody who was let in; empty if it asks for anything else, or may not have it:
    /// then [#answer] says so.
    Optional<HttpReply.Events> stream(Call call, Passport passport) {
        var route = route(call);
        var asked = asked(route, call, passport);
        if (!ready.getAsBoolean()
                || !(route.way() instanceof Route.Listen(var _, var endless))
                || !Subscribing.isEndless(asked)) {
            return Optional.empty();
        }
        try {
            return Optional.of(endless.stream(asked));
        } catch (RearProblem | DatabaseUnavailableException _) {
            return Optional.empty();
        }
    }

    /// Whether there is a connection at that path, for who asks for a WebSocket.
    boolean joins(Call call) {
        return routes.stream()
                .anyMatch(one ->
                        one.way() instanceof Route.Join && one.method().equals(call.method()) && one.isAt(call.path()));
    }

    /// A connection for somebody who was let in, or why there is none.
    Joining join(Call call, Passport passport) {
        var route = route(call);
        var asked = asked(route, call, passport);
        try {
            return new Joining.Open(((Route.Join) route.way()).open(asked));
        } catch (RearProblem | RefusedException e) {
            return new Joining.No(Answering.refused(asked, e));
        } catch (DatabaseUnavailableException e) {
            return new Joining.No(unavailable(call, e));
        } catch (RuntimeException e) {
            LOG.error("{} failed", call, e);
            return new Joining.No(
                    RearProblem.of(500, "something went wrong here").reply(call));
        }
    }

    /// What came of it.
    sealed interface Joining {
        record Open(HttpReply.Tunnel tunnel) implements Joining {}

        record No(Reply reply) implements Joining {}
    }

    private Asked asked(Route route, Call call, Passport passport) {
        return new Asked(call, passport, route.name(call.path()), door.rights());
    }

    private Route route(Call call) {
        return routes.stream()
                .filter(one -> one.method().equals(call.method()) && one.isAt(call.path()))
                .findFirst()
                .orElseThrow();
    }

    private Reply answered(Call call, Passport passport) {
        var route = route(call);
        var asked = asked(route, call, passport);
        try {
            return switch (route.way()) {
                case Route.Action action -> answering.inOne(action).apply(asked);
                case Route.Wait wait -> Answering.served(asked, () -> wait.answer(asked));
                case Route.Listen(var some, var _) -> Answering.served(asked, () -> some.answer(asked));
                case Route.Join _ ->
                    throw RearProblem.of(426, "connections are for WebSockets (version 13)")
                            .with("upgrade", "websocket");
            };
        } catch (RearProblem e) {
            return e.reply(call);
        } catch (DatabaseUnavailableException e) {
            return unavailable(call, e);
        } catch (RuntimeException e) {
            LOG.error("{} failed", call, e);
            return RearProblem.of(500, "something went wrong here").reply(call);
        }
    }

    private static Reply unavailable(Call call, DatabaseUnavailableException e) {
        LOG.warn("{}: {}", call, e.getMessage());
        return RearProblem.of(503, e.advice()).with("retry-after", "5").reply(call);
    }
}
