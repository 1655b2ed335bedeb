package holdfast.api.resources;

import holdfast.api.Connections;
import holdfast.authority.Authorities;
import holdfast.core.Answer;
import holdfast.core.Copies;
import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.federation.mail.Abroad;
import holdfast.federation.mail.Passage;
import holdfast.federation.mail.Routes;
import holdfast.orchestrator.Orchestrator;
import holdfast.orchestrator.Sliver;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.protocol.Ticket;
import java.nio.channels.ByteChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Connections to ports of machines, here and at other domains (fluidos.md A26). Asked for as a WebSocket it is one;
/// otherwise the answer says which way it would take.
final class ConnectApi {
    private static final String PATH = "/v1/slivers/{id}/connect";
    private static final String PORT = "port";
    private static final int LAST_PORT = 65_535;

    /// In the answer: `direct`, or by way of whom.
    private static final String WAY = "X-Holdfast-Way";

    private final Database database;
    private final Engine engine;
    private final Authorities authorities;
    private final Optional<Passage> passage;
    private final Connections connections;
    private final Finder finder;

    /// @param passage to other domains; empty if nothing is bought of any
    ConnectApi(
            Database database,
            Engine engine,
            Authorities authorities,
            Optional<Passage> passage,
            Connections connections,
            Finder finder) {
        this.database = database;
        this.engine = engine;
        this.authorities = authorities;
        this.passage = passage;
        this.connections = connections;
        this.finder = finder;
    }

    /// Whether a route is a WebSocket's.
    static boolean opens(Route route) {
        return route.path().equals(PATH);
    }

    List<Route> routes() {
        return List.of(Route.get(PATH, this::connect, PORT));
    }

    /// How a machine is reached.
    private sealed interface Way {
        record Here(Resource lease) implements Way {}

        record There(Routes.Way route) implements Way {}

        /// In one line that may stand in a header.
        default String text() {
            return switch (this) {
                case Here _ -> "direct";
                case There(var route) ->
                    route.relayed() ? "by way of " + route.seller().replaceAll("[^\\x20-\\x7e]", "?") : "direct";
            };
        }
    }

    /// `GET /v1/slivers/{id}/connect?port=`
    private HttpReply connect(Ask ask) {
        int port = Math.toIntExact(ask.whole(PORT, 1, LAST_PORT)
                .orElseThrow(() -> Problem.malformed(PORT, "port is missing; say which, such as port=22")));
        var sliver = database.inTransaction(tx -> finder.find(tx, ask, Orchestrator.SLIVER, ask.id()));
        var way = database.inTransaction(tx -> way(tx, sliver)).orThrow();
        return ask.http().isSocket() ? tunnel(ask, sliver, way, port) : plan(ask, way, port);
    }

    private Answer<Way> way(Tx tx, Resource sliver) {
        if (!(Sliver.of(sliver) instanceof Sliver.Active active)) {
            return Answer.no(Refusal.clash("sliver " + sliver.name() + " is " + sliver.state()
                    + ": connect to its machine while it is active"));
        }
        return way(tx, sliver, active.ticket());
    }

    private Answer<Way> way(Tx tx, Resource sliver, Ticket ticket) {
        var contract = Abroad.contract(ticket.authority());
        if (contract.isPresent()) {
            return passage.map(some -> some.way(tx, contract.get()).<Way>map(Way.There::new))
                    .orElseGet(() -> Answer.no(Refusal.clash("this server deals with no other domains any more")));
        }
        return engine.resources()
                .find(tx, Copies.id(ticket.authority(), sliver.id()))
                .<Answer<Way>>map(lease -> Answer.yes(new Way.Here(lease)))
                .orElseGet(() -> Answer.no(Refusal.clash(
                        "the authority " + ticket.authority() + " of its machine is not on this server")));
    }

    private static HttpReply plan(Ask ask, Way way, int port) {
        return HttpReply.json(
                        200,
                        Json.object()
                                .put("type", "connection")
                                .put("sliver", ask.id())
                                .put(PORT, port)
                                .put("way", way.text()))
                .with(WAY, way.text());
    }

    private HttpReply tunnel(Ask ask, Resource sliver, Way way, int port) {
        if (ask.caller().readOnly()) {
            throw Problem.of(Refusal.notYours(
                    ask.caller().user() + " may look at things here, not use them; use a key with another role"));
        }
        EventsApi.needOwnPage(ask);
        try (var place = connections.place(sliver.id()).orElseThrow(() -> Problem.tooMany(Connections.crowded()))) {
            var far = far(sliver, way, port).orThrow();
            var about = new Connections.About(sliver, ask.caller().user(), port);
            return new HttpReply.Tunnel(
                    place.fill(far, about, () -> over(ask, sliver)), Map.of(WAY, way.text()), Connections.IDLE);
        }
    }

    private Answer<ByteChannel> far(Resource sliver, Way way, int port) {
        return switch (way) {
            case Way.Here(var lease) -> authorities.connect(lease, port);
            case Way.There(var route) -> passage.orElseThrow().connect(route, new SliverId(sliver.id()), port);
        };
    }

    private Optional<String> over(Ask ask, Resource sliver) {
        var state = database.inTransaction(tx ->
                engine.resources().find(tx, sliver.id()).map(Resource::state).orElse("gone"));
        if (!state.equals(sliver.state())) {
            return Optional.of("the sliver is " + state);
        }
        return ask.still().getAsBoolean() ? Optional.empty() : Optional.of("you may not use it any more");
    }
}
