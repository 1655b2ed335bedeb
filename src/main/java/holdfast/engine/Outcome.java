package holdfast.engine;

import holdfast.core.Refusal;
import holdfast.platform.Tx;
import java.time.Duration;
import java.util.Map;

/// How one run of a step ended. An exception instead means that the step may be tried again.
public sealed interface Outcome {
    /// Finished.
    ///
    /// @param facts merged into the resource's `facts`, visible to the steps that follow
    /// @param also written in the transaction that records the outcome; run again if that transaction has to be
    record Done(Map<String, String> facts, Change also) implements Outcome {}

    /// Not finished; ask again.
    ///
    /// @param pause how long to leave it alone
    /// @param waitingFor shown to the user as is
    record Later(Duration pause, String waitingFor) implements Outcome {}

    /// It cannot be done: what the process did so far is undone.
    record Failed(Refusal why) implements Outcome {}

    /// Something to write.
    interface Change {
        Change NONE = _ -> {};

        void write(Tx tx);
    }

    static Outcome done() {
        return new Done(Map.of(), Change.NONE);
    }

    static Outcome done(Map<String, String> facts) {
        return new Done(facts, Change.NONE);
    }

    static Outcome done(Change also) {
        return new Done(Map.of(), also);
    }
}
