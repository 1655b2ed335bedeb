package holdfast.drivers.openstack;

import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// How a call ended.
sealed interface Outcome {
    /// @param body missing node if there is none
    record Done(int status, JsonNode body) implements Outcome {}

    /// It surely had no effect, and may have one another time.
    ///
    /// @param again how long the service wants to be left alone
    record Later(String why, Optional<Duration> again) implements Outcome {}

    /// The service says no, and will say so again.
    ///
    /// @param status 0 = it was not asked
    /// @param kind the service's name for the reason, such as `forbidden` or `OverQuota`; may be empty
    record Failed(int status, String kind, String why) implements Outcome {}

    /// We are not let in: wrong credentials, or a role that was taken away.
    record Denied(String why) implements Outcome {}

    /// It may have had its effect, or not.
    record Unknown(String why) implements Outcome {}

    /// An outcome that is not [Done], thrown through callers that can only go on with one that is.
    final class NotDoneException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Outcome outcome;

        NotDoneException(Outcome outcome) {
            super(words(outcome));
            this.outcome = outcome;
        }

        Outcome outcome() {
            return outcome;
        }

        /// Whether the service says that there is no such thing. A 404 without its words comes from something
        /// in between, which knows nothing of things.
        boolean missing() {
            return outcome instanceof Failed(var status, var kind, var _) && status == 404 && !kind.isEmpty();
        }

        /// Whether this is not for us to see or do.
        boolean forbidden() {
            return outcome instanceof Failed(var status, var _, var _) && status == 403;
        }

        /// Whether somebody else changed it between our look and our change.
        boolean overtaken() {
            return outcome instanceof Failed(var status, var kind, var _)
                    && status == 409
                    && kind.equals("placement.concurrent_update");
        }

        /// Whether the thing is not in the state that the call wants, now. Nova and Placement say so; the same
        /// status at Neutron means a quota that is used up, or an address that is taken.
        boolean untimely() {
            return outcome instanceof Failed(var status, var kind, var _)
                    && status == 409
                    && (kind.equals("conflictingRequest") || kind.startsWith("placement."));
        }
    }

    /// @throws NotDoneException unless it is done
    default Done orThrow() {
        if (this instanceof Done done) return done;
        throw new NotDoneException(this);
    }

    private static String words(Outcome outcome) {
        return switch (outcome) {
            case Done(var status, var _) -> "done with " + status;
            case Later(var why, var _) -> why;
            case Failed(var _, var _, var why) -> why;
            case Denied(var why) -> why;
            case Unknown(var why) -> why;
        };
    }
}
