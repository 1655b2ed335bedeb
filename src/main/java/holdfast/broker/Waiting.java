package holdfast.broker;

import holdfast.broker.choice.FlexibleWindow;
import holdfast.broker.choice.FlexibleWindow.Mode;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.Step;
import holdfast.broker.choice.Steps;
import holdfast.core.Answer;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.pools.WindowPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What is claimed for a start that is not known yet (promise.md 4.4).
///
/// What stands by is lent to others as long as it is not needed. So its claim never begins now but as far ahead as it
/// takes to recall what was lent, and is put off again and again; whoever takes something for now is gone by then.
final class Waiting {
    private Waiting() {}

    static boolean standsBy(Reservation reservation) {
        return reservation
                .flexible()
                .filter(flexible ->
                        flexible.mode() == Mode.STANDBY && flexible.recall().isPositive())
                .isPresent();
    }

    /// The time that is claimed until it is activated. Of one that stands by it is that from now on, for as long as
    /// policy allows.
    static Interval claimed(FlexibleWindow flexible, WindowPolicy policy, Instant now) {
        var whole = flexible.envelope();
        if (flexible.mode() != Mode.STANDBY) {
            return whole;
        }
        var from = standsReady(flexible, now);
        return new Interval(from, policy.lastEnd(from, now));
    }

    /// All of the time in which it may be.
    static Interval possible(FlexibleWindow flexible, WindowPolicy policy, Instant now) {
        return switch (flexible.mode()) {
            case FIX -> new Interval(flexible.earliest(), flexible.latest().plus(flexible.duration()));
            case ENVELOPE, STANDBY -> claimed(flexible, policy, now);
        };
    }

    /// What policy has against the time that is claimed; the start of [Mode#FIX] is not known yet.
    static Optional<Refusal> fault(FlexibleWindow flexible, WindowPolicy policy, Instant now) {
        return switch (flexible.mode()) {
            case FIX -> Optional.empty();
            case ENVELOPE -> policy.limits(flexible.envelope(), now);
            case STANDBY -> policy.limits(Interval.of(standsReady(flexible, now), flexible.duration()), now);
        };
    }

    /// Steps have their time only when the start has: what is claimed for any start knows no first and no second.
    static Optional<Refusal> unsteady(FlexibleWindow flexible, Interval when, Item item) {
        boolean steps = item.need() instanceof Need.Quantity(var all)
                && !all.stream().allMatch(step -> step.when().equals(when));
        return steps && flexible.mode() != Mode.FIX
                ? Optional.of(
                        Refusal.malformed(
                                "steps",
                                "what is asked for in steps needs a start that is known; ask for the most of it, or in mode fix"))
                : Optional.empty();
    }

    private static Instant standsReady(FlexibleWindow flexible, Instant now) {
        var ready = now.plus(flexible.recall());
        return flexible.earliest().isBefore(ready) ? ready : flexible.earliest();
    }

    /// When the claim of one that stands by has to be put off.
    static Instant putOff(Reservation reservation) {
        var recall = reservation.flexible().map(FlexibleWindow::recall).orElse(Duration.ZERO);
        return reservation.when().from().minus(recall.dividedBy(2));
    }

    /// Its term when it is activated now.
    static Answer<Interval> activated(Reservation reservation, Instant now) {
        return reservation
                .flexible()
                .map(flexible -> flexible.activate(now)
                        .map(whole -> flexible.mode() == Mode.STANDBY
                                ? new Interval(now.plus(flexible.recall()), whole.until())
                                : whole))
                .orElseGet(() -> Answer.no(Refusal.clash("its start is fixed; there is nothing to activate")));
    }

    /// The same item in the time that is claimed.
    static Item stretched(Item item, Interval asked, Interval claimed) {
        if (!(item.need() instanceof Need.Quantity(var steps)) || asked.equals(claimed)) {
            return item;
        }
        return Steps.moved(steps, asked, claimed) instanceof Answer.Yes<List<Step>>(var moved)
                ? item.asking(new Need.Quantity(moved))
                : item;
    }
}
