package holdfast.federation.mail;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.federation.mail.Routes.Way;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.RearClient;
import holdfast.federation.wire.Told;
import holdfast.platform.Tx;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// The buyer's way to machines that run at a seller (fluidos.md A26, A27): a connection goes where the mail of its
/// contract goes, which is straight to who runs them, or from one who sells on to the next.
public final class Passage {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final RearClient client;
    private final Routes routes;

    public Passage(RearClient client, Routes routes) {
        this.client = client;
        this.routes = routes;
    }

    /// How what runs under a contract is reached.
    ///
    /// @return [Refusal.Kind#CLASH] if it is not
    public Answer<Way> way(Tx tx, UUID contract) {
        return routes.way(tx, contract)
                .map(way -> way.connects()
                        ? Answer.yes(way)
                        : Answer.<Way>no(Refusal.clash(way.seller() + ", who sold what it runs on, lets nobody connect"
                                + " to machines: it needs a later release")))
                .orElseGet(() -> Answer.no(Refusal.clash("the contract under which it runs is over")));
    }

    /// A connection to a port of a machine there. Never within a transaction.
    public Answer<ByteChannel> connect(Way way, SliverId sliver, int port) {
        var route = way.route();
        var path = List.of("api", "v2", "contracts", route.id(), "connect", sliver.toString());
        var call = Call.get(path)
                .asking(Map.of("port", List.of(String.valueOf(port))))
                .with("authorization", "Bearer " + route.token());
        return switch (client.dial(route.endpoint(), call, LIMIT)) {
            case Told.Yes<ByteChannel>(var channel) -> Answer.yes(channel);
            case Told.No<ByteChannel>(var _, var why, var _) -> Answer.no(told(way, why));
            case Told.Silent<ByteChannel>(var _, var why) ->
                Answer.no(Refusal.silent(way.seller() + " cannot be reached: " + why));
        };
    }

    /// Whom it does not let in is this node, not its user.
    private static Refusal told(Way way, Refusal why) {
        var said = way.seller() + ": " + why.message();
        return switch (why.kind()) {
            case NOT_THERE, CLASH, SILENT, NO_ROOM -> why.saying(said);
            case NOT_YOURS, MALFORMED, BROKEN -> Refusal.broken(said);
        };
    }
}
