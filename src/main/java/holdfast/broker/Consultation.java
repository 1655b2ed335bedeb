package holdfast.broker;

import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.pools.PolicyQuestion;
import java.util.Optional;

/// What the external policy has been asked, and has agreed to, for one request ([Reservations#consulted]).
public final class Consultation {
    private final Caller caller;
    private Optional<PolicyQuestion> agreed = Optional.empty();
    private Optional<PolicyQuestion> open = Optional.empty();
    private Optional<Refusal> objection = Optional.empty();

    /// @param caller who asks
    Consultation(Caller caller) {
        this.caller = caller;
    }

    Caller caller() {
        return caller;
    }

    /// Whether the policy has agreed. If not, this is what it is to be asked.
    boolean allows(PolicyQuestion question) {
        if (agreed.filter(known -> known.covers(question)).isPresent()) {
            return true;
        }
        open = Optional.of(question);
        return false;
    }

    /// What the policy is to be asked, once.
    Optional<PolicyQuestion> takeOpen() {
        var question = open;
        open = Optional.empty();
        return question;
    }

    void agree(PolicyQuestion question) {
        agreed = Optional.of(question);
    }

    void object(Refusal why) {
        objection = Optional.of(why);
    }

    /// Why the policy does not agree: all that is left to do is to write it down.
    Optional<Refusal> objection() {
        return objection;
    }
}
