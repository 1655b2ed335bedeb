package holdfast.drivers.deltacloud;

import holdfast.platform.XmlTree;
import java.util.Optional;

/// How a call ended (aeolus.md 5.6).
sealed interface Outcome {
    /// @param body empty if there is none
    record Done(int status, Optional<XmlTree> body, Optional<String> location) implements Outcome {}

    /// It surely had no effect, and may have one another time.
    record Away(String why) implements Outcome {}

    /// It may have had its effect, or not.
    record Unknown(String why) implements Outcome {}

    /// We are not let in (401), or may not do that (403).
    record Denied(String why) implements Outcome {}

    /// There is no such thing.
    record Gone(String why) implements Outcome {}

    /// Not in the state that it is in (405, 409).
    record BadState(String why) implements Outcome {}

    /// The cloud cannot do that at all (412, 501), or the server does not show the collection.
    record Unsupported(String why) implements Outcome {}

    /// What we asked for is wrong (400 and whatever else is our fault).
    record Wrong(String why) implements Outcome {}

    /// The cloud behind has failed (500, 502, 504).
    record Broken(int status, String why) implements Outcome {}

    default String why() {
        return switch (this) {
            case Done(var status, var _, var _) -> "done with " + status;
            case Away(var why) -> why;
            case Unknown(var why) -> why;
            case Denied(var why) -> why;
            case Gone(var why) -> why;
            case BadState(var why) -> why;
            case Unsupported(var why) -> why;
            case Wrong(var why) -> why;
            case Broken(var _, var why) -> why;
        };
    }

    /// @throws NotDoneException unless it is done
    default Done orThrow() {
        if (this instanceof Done done) return done;
        throw new NotDoneException(this);
    }

    /// An outcome that is not [Done], thrown through callers that can only go on with one that is.
    final class NotDoneException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Outcome outcome;

        NotDoneException(Outcome outcome) {
            super(outcome.why());
            this.outcome = outcome;
        }

        Outcome outcome() {
            return outcome;
        }
    }
}
