package holdfast.broker;

import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.Resource;
import holdfast.platform.Tx;
import holdfast.pools.ExternalPolicy;
import holdfast.pools.ExternalPolicy.Moment;
import holdfast.pools.PolicyQuestion;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// Has the external policy agree to what is reserved and changed, in whatever interface it is asked for (promise.md
/// 5.5, 6.10). It hears of what all else allows, with the places that it would have.
///
/// It is asked outside of any transaction. An attempt does all in its transaction and takes it back unless exactly this
/// was agreed to; then the policy is asked, and it is tried again. Nothing is held meanwhile: if others have taken what
/// was found, the policy is asked about what is found next.
final class Consulting {
    /// How often the policy is asked for one request.
    private static final int ROUNDS = 8;

    private final ExternalPolicy policy;
    private final Calendar calendar;
    private final PolicyView view;

    Consulting(ExternalPolicy policy, Calendar calendar, PolicyView view) {
        this.policy = policy;
        this.calendar = calendar;
        this.view = view;
    }

    boolean hears(Moment moment) {
        return policy.hears(moment);
    }

    /// Tries until the policy has agreed to what was done, or has not.
    ///
    /// @param attempt does it in a transaction of its own, and leaves nothing behind if it refuses or throws a
    ///     [RefusedException]
    <T> Answer<T> consulted(Caller caller, Function<Consultation, Answer<T>> attempt) {
        var consultation = new Consultation(caller);
        for (int round = 0; round < ROUNDS; round++) {
            var done = tried(consultation, attempt);
            var question = consultation.takeOpen();
            if (done instanceof Answer.Yes || question.isEmpty()) {
                return done;
            }
            var objection = policy.objection(question.get());
            if (objection.isPresent()) {
                consultation.object(objection.get());
                tried(consultation, attempt); // writes it down
                return Answer.no(objection.get());
            }
            consultation.agree(question.get());
        }
        return Answer.no(Refusal.clash(
                "what there is was taken by others each time that the policy had agreed to it; ask again"));
    }

    private static <T> Answer<T> tried(Consultation consultation, Function<Consultation, Answer<T>> attempt) {
        try {
            return attempt.apply(consultation);
        } catch (RefusedException e) {
            return Answer.no(e.refusal());
        }
    }

    /// Does it if the policy has agreed; else it leaves nothing behind, and the consultation knows what to ask.
    ///
    /// @param before the reservation that changes
    /// @param denied hears, in a transaction that ends with the refusal, that the policy does not agree
    Answer<Resource> agreed(
            Tx tx,
            Consultation consultation,
            Optional<Resource> before,
            Supplier<Answer<Resource>> work,
            Consumer<Refusal> denied) {
        if (consultation.objection().isPresent()) {
            var why = consultation.objection().get();
            denied.accept(why);
            return Answer.no(why);
        }
        var moment = before.isPresent() ? Moment.UPDATE : Moment.CREATE;
        return policy.hears(moment)
                ? calendar.atomically(tx, () -> asked(tx, consultation, moment, before, work.get()))
                        .flatMap(done -> done)
                : work.get();
    }

    /// @return a refusal if all is to be taken back; what is refused for another reason is kept, since it is in the
    ///     log
    ///     of decisions
    private Answer<Answer<Resource>> asked(
            Tx tx, Consultation consultation, Moment moment, Optional<Resource> before, Answer<Resource> done) {
        return switch (done) {
            case Answer.No<Resource> refused -> Answer.yes(refused);
            case Answer.Yes<Resource>(var after) -> {
                var question = new PolicyQuestion(
                        moment,
                        consultation.caller(),
                        view.next(tx, after, before.isPresent()),
                        before.map(known -> view.present(tx, known)));
                yield consultation.allows(question)
                        ? Answer.yes(done)
                        : Answer.no(Refusal.clash("the policy has not been asked whether it is allowed"));
            }
        };
    }
}
