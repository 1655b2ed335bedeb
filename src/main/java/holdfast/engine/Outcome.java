package holdfast.engine;

import holdfast.core.Refusal;
import holdfast.platform.Tx;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// How one run of a step ended. An exception instead means that the step may be tried again.
public sealed interface Outcome {
    /// Finished.
    ///
    /// @param facts merged into the resource's `facts`, visible to the steps that follow
    /// @param merge applied to the resource's content as it is then, after the facts
    /// @param note for the log of the process
    /// @param also written in the transaction that records the outcome; run again if that transaction has to be
    record Done(Map<String, String> facts, Merge merge, Optional<String> note, Change also) implements Outcome {}

    /// Not finished; ask again.
    ///
    /// @param pause how long to leave it alone
    /// @param waitingFor shown to the user as is
    /// @param also as in [Done]
    record Later(Duration pause, String waitingFor, Change also) implements Outcome {
        public Later(Duration pause, String waitingFor) {
            this(pause, waitingFor, Change.NONE);
        }
    }

    /// It cannot be done: what the process did so far is undone.
    record Failed(Refusal why) implements Outcome {}

    /// A change of a resource's content.
    interface Merge {
        Merge NONE = content -> content;

        /// @param content may be changed and given back
        ObjectNode into(ObjectNode content);
    }

    /// Something to write.
    interface Change {
        Change NONE = _ -> {};

        void write(Tx tx);
    }

    static Outcome done() {
        return done(Map.of());
    }

    static Outcome done(Map<String, String> facts) {
        return new Done(facts, Merge.NONE, Optional.empty(), Change.NONE);
    }

    static Outcome done(Change also) {
        return new Done(Map.of(), Merge.NONE, Optional.empty(), also);
    }
}
