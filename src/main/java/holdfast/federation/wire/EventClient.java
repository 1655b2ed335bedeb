package holdfast.federation.wire;

import holdfast.federation.wire.SubscriptionText.Agreed;
import holdfast.protocol.rear.NodeIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Subscribes to what sellers tell (fluidos.md 5.9): no database, no threads, no retries. Never within a transaction.
///
/// It listens in streams that the seller ends, after some events or some seconds: what carries other questions, with
/// its limits and keys, carries this one, too.
public final class EventClient {
    private static final Duration SHORT = Duration.ofSeconds(5);
    private static final String SUBSCRIPTIONS = "subscriptions";

    private final RearClient client;
    private final NodeIdentity self;

    /// @param self who listens
    public EventClient(RearClient client, NodeIdentity self) {
        this.client = client;
        this.self = self;
    }

    /// To everything that the seller tells us.
    public Told<Agreed> subscribe(Endpoint to) {
        var call = Call.post(Dialect.path(SUBSCRIPTIONS), SubscriptionText.everything());
        return ask(to, call, SHORT, 201, reply -> Told.read(SubscriptionText.agreement(reply.body())));
    }

    public Told<Agreed> renew(Endpoint to, String subscription) {
        var call = new Call(
                "PUT",
                Dialect.path(SUBSCRIPTIONS, subscription),
                Map.of(),
                Map.of("content-type", "application/json"),
                "{}");
        return ask(to, call, SHORT, 200, reply -> Told.read(SubscriptionText.agreement(reply.body())));
    }

    /// What was told since.
    ///
    /// @param last the number of the last event that is known
    /// @param wait how long the seller may wait for the next, in whole seconds
    public Told<EventStream> events(Endpoint to, String subscription, long last, Duration wait) {
        var call = Call.get(Dialect.path(SUBSCRIPTIONS, subscription, "events"))
                .asking(Map.of("wait", List.of(String.valueOf(wait.toSeconds()))))
                .with("accept", EventStream.TYPE)
                .with("last-event-id", String.valueOf(last));
        return ask(to, call, wait.plus(SHORT), 200, reply -> new Told.Yes<>(EventStream.read(reply.body())));
    }

    private <T> Told<T> ask(Endpoint to, Call call, Duration limit, int wanted, Function<Reply, Told<T>> reading) {
        return switch (client.pass(to, call.with(Passing.PATH, self.id()), limit)) {
            case Told.Yes<Reply>(var reply) -> reply.status() == wanted ? reading.apply(reply) : Replies.no(reply);
            case Told.No<Reply>(var status, var why, var retry) -> new Told.No<>(status, why, retry);
            case Told.Silent<Reply>(var reached, var why) -> new Told.Silent<>(reached, why);
        };
    }
}
