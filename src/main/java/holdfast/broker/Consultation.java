package holdfast.broker;

import holdfast.core.Caller;
import holdfast.pools.PolicyQuestion;
import java.util.Optional;

/// What the external policy has been asked, and has agreed to, for one request ([Reservations#consulted]).
public final class Consultation {
    private final Optional<Caller> caller;
    private Optional<PolicyQuestion> agreed = Optional.empty();
    private Optional<PolicyQuestion> open = Optional.empty();

    private Consultation(Optional<Caller> caller) {
        this.caller = caller;
    }

    /// @param caller who asks
    static Consultation of(Caller caller) {
        return new Consultation(Optional.of(caller));
    }

    /// For what is taken back anyway, such as a rehearsal: nobody is asked, since a policy may count what it hears.
    public static Consultation needless() {
        return new Consultation(Optional.empty());
    }

    /// Who asks; empty if nobody needs to agree.
    Optional<Caller> caller() {
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
}
