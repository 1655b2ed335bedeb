package holdfast.broker;

import holdfast.core.Caller;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.ProcessDefinition.Ending;
import holdfast.engine.ProcessDefinition.Finish;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Step;
import holdfast.engine.Step.Retry;
import holdfast.platform.Tx;
import holdfast.pools.ExternalPolicy;
import holdfast.pools.ExternalPolicy.Moment;
import holdfast.pools.PolicyQuestion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Tells the external policy what has ended or was given up, at least once (promise.md 5.5). What is to be told is
/// written in the transaction of the end; after a week in vain it is left.
final class Endings {
    private static final String TELL = "reservation.tell";
    private static final Duration PATIENCE = Duration.ofDays(7);
    private static final Retry RETRY =
            new Retry(Integer.MAX_VALUE, Duration.ZERO, Duration.ofSeconds(1), Duration.ofMinutes(10));

    private final String broker;
    private final Processes processes;
    private final ExternalPolicy policy;
    private final PolicyView view;

    Endings(String broker, Engine engine, ExternalPolicy policy, PolicyView view) {
        this.broker = broker;
        this.processes = engine.processes();
        this.policy = policy;
        this.view = view;
        var step = Step.of("tell", this::told).within(PATIENCE).retrying(RETRY);
        engine.definitions()
                .add(new ProcessDefinition(
                        TELL,
                        Reservations.TYPE,
                        Optional.empty(),
                        _ -> List.of(step),
                        Ending.NONE,
                        Finish.NONE,
                        Optional.empty(),
                        0));
    }

    private Outcome told(Step.Context context) throws Exception {
        policy.tell(context.arguments());
        return Outcome.done();
    }

    /// Has it told that a reservation leaves.
    void tell(Tx tx, Resource resource) {
        if (policy.hears(Moment.END)) {
            var lease = view.present(tx, resource);
            var owner = new Caller(lease.user(), lease.project(), false);
            var ended = new PolicyQuestion(Moment.END, owner, lease, Optional.empty());
            processes
                    .schedule(tx, Request.now(TELL, resource.id(), broker).with(ended.body()))
                    .orThrow();
        }
    }
}
