package holdfast.api.rear;

import holdfast.broker.market.Market;
import holdfast.core.RefusedException;
import holdfast.engine.Engine;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.Reply;
import holdfast.platform.Database;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.NodeIdentity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a seller answers to other domains: REAR without sockets (fluidos.md 5.1 to 5.6, 5.9).
public final class Gateway {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private final Database database;
    private final BooleanSupplier ready;
    private final Replays replays;
    private final List<Route> routes;

    /// @param node who sells
    /// @param ready whether questions are answered yet
    public Gateway(
            NodeIdentity node,
            Platform platform,
            Database database,
            Engine engine,
            Market market,
            BooleanSupplier ready) {
        this.database = database;
        this.ready = ready;
        this.replays = new Replays(platform);
        var documented = new Documented(platform);
        var lists = new Lists(market);
        var purchasing = new Purchasing(market, documented);
        var reserving = new Reserving(platform, engine.resources(), market, documented, purchasing);
        var extensions = new Extensions(node, market);
        engine.forgetting(replays::prune);
        engine.forgetting(documented::prune);
        this.routes = List.of(
                Route.of("GET", "flavors", lists::all),
                Route.of("GET", "flavors/*", lists::some),
                Route.of("POST", "reservations", reserving::reserve),
                Route.of("POST", "transactions/*/purchase", purchasing::purchase),
                Route.of("GET", "capabilities", extensions::capabilities),
                Route.of("GET", "transactions/*", extensions::transaction),
                Route.of("DELETE", "transactions/*", extensions::cancel),
                Route.of("GET", "contracts/*", extensions::contract),
                Route.of("DELETE", "contracts/*", extensions::release),
                Route.of("POST", "contracts/*/renew", extensions::renew));
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

    /// Answers one question, in one transaction.
    public Reply answer(Call call, Passport passport) {
        return early(call).orElseGet(() -> answered(call, passport));
    }

    private Reply answered(Call call, Passport passport) {
        var route = routes.stream()
                .filter(one -> one.method().equals(call.method()) && one.isAt(call.path()))
                .findFirst()
                .orElseThrow();
        var asked = new Asked(call, passport, route.name(call.path()));
        try {
            return database.inTransaction(tx -> replays.once(tx, asked, () -> served(route, tx, asked)));
        } catch (RearProblem e) {
            return e.reply(call);
        } catch (DatabaseUnavailableException e) {
            LOG.warn("{}: {}", call, e.getMessage());
            return RearProblem.of(503, e.advice()).with("retry-after", "5").reply(call);
        } catch (RuntimeException e) {
            LOG.error("{} failed", call, e);
            return RearProblem.of(500, "something went wrong here").reply(call);
        }
    }

    /// A refusal is an answer like others, and told again like others.
    private static Reply served(Route route, Tx tx, Asked asked) {
        try {
            return route.action().answer(tx, asked);
        } catch (RearProblem e) {
            return e.reply(asked.call());
        } catch (RefusedException e) {
            return RearProblem.of(e.refusal()).reply(asked.call());
        }
    }
}
