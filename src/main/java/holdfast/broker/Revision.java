package holdfast.broker;

import holdfast.broker.Reservation.Part;
import holdfast.broker.choice.FlexibleWindow.Mode;
import holdfast.broker.choice.ItemUpdates;
import holdfast.broker.choice.ItemUpdates.Phase;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.Placement;
import holdfast.broker.choice.Steps;
import holdfast.broker.choice.Updates;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.pools.WindowPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// What a reservation is to be after a change, by the rules of promise.md 4.4 and 5.4. Whether there is room for it,
/// and where, is another question: placements are those of before.
final class Revision {
    private final Reservation old;
    private final ReservationChange change;
    private final Function<UUID, Capacities> used;
    private final Map<UUID, List<Placement>> seats;
    private final WindowPolicy policy;
    private final Instant now;

    /// @param used what of an item is in use, at most
    /// @param seats how many of its slots are in use on which hosts
    Revision(
            Reservation old,
            ReservationChange change,
            Function<UUID, Capacities> used,
            Map<UUID, List<Placement>> seats,
            WindowPolicy policy,
            Instant now) {
        this.old = old;
        this.change = change;
        this.used = used;
        this.seats = seats;
        this.policy = policy;
        this.now = now;
    }

    /// The reservation then, or the rule that the change breaks.
    Answer<Reservation> make() {
        return term().flatMap(term -> times(term)
                .map(Answer::<Reservation>no)
                .orElseGet(() -> parts(term)
                        .map(parts -> old.with(parts)
                                .in(Optional.empty())
                                .on(
                                        term,
                                        changed(change.expiry(), old.expiry()),
                                        changed(change.warnAt(), old.warnAt()),
                                        change.priority().orElse(old.priority())))));
    }

    private static Optional<Instant> changed(Optional<Instant> wanted, Optional<Instant> before) {
        return wanted.isPresent() ? wanted.filter(instant -> instant.isBefore(Instant.MAX)) : before;
    }

    private Answer<Interval> term() {
        if (change.start().isEmpty() && change.end().isEmpty()) {
            return Answer.yes(old.when());
        }
        if (old.flexible().filter(flexible -> flexible.mode() != Mode.FIX).isPresent()) {
            return Answer.no(Refusal.clash("its start is not known yet; it gets its times when it is activated"));
        }
        var end = change.end().map(this::notJustPast);
        return Updates.rules(
                        new Updates.Terms(old.when(), Capacities.NONE),
                        new Updates.Change(change.start(), end, Map.of()),
                        Capacities.NONE,
                        now)
                .map(Updates.Terms::when)
                .flatMap(term ->
                        policy.limits(term, now).map(Answer::<Interval>no).orElseGet(() -> Answer.yes(term)));
    }

    /// Clocks differ, and what is sent as now comes later.
    private Instant notJustPast(Instant end) {
        return end.isBefore(now) && !end.isBefore(now.minus(WindowPolicy.TOLERANCE)) ? now : end;
    }

    private Optional<Refusal> times(Interval term) {
        var expiry = changed(change.expiry(), Optional.empty());
        if (expiry.isPresent() && expiry.get().isBefore(now)) {
            return Optional.of(Refusal.malformed(
                    "expiry", "expiry is " + expiry.get() + ", which is past; it may be no earlier than " + now));
        }
        if (expiry.isPresent() && !term.contains(expiry.get())) {
            return Optional.of(Refusal.malformed(
                    "expiry", "expiry is " + expiry.get() + "; it must be in the time that is reserved, " + term));
        }
        var warnAt = changed(change.warnAt(), Optional.empty());
        if (warnAt.isPresent() && !warnAt.get().isBefore(term.until())) {
            return Optional.of(Refusal.malformed(
                    "warnAt", "warnAt is " + warnAt.get() + "; it must be before the end, " + term.until()));
        }
        return Optional.empty();
    }

    private Answer<List<Part>> parts(Interval term) {
        var changes = new HashMap<UUID, ItemChange>();
        for (var one : change.items()) {
            if (old.part(one.item()).isEmpty()) {
                return Answer.no(Refusal.malformed("items", "it has no item " + one.item()));
            }
            if (changes.put(one.item(), one) != null) {
                return Answer.no(Refusal.malformed("items", "item " + one.item() + " is named twice"));
            }
        }
        var parts = new ArrayList<Part>();
        for (var part : old.items()) {
            var wanted = Optional.ofNullable(changes.get(part.item().id()));
            switch (need(part, wanted, term)) {
                case Answer.Yes<Need>(var need) ->
                    parts.add(new Part(
                            part.item()
                                    .asking(need)
                                    .ending(wanted.flatMap(ItemChange::beforeEnd)
                                            .orElse(part.item().beforeEnd())),
                            part.placement(),
                            part.hold()));
                case Answer.No<Need>(var why) -> {
                    return Answer.no(why);
                }
            }
        }
        return Answer.yes(parts);
    }

    private Answer<Need> need(Part part, Optional<ItemChange> wanted, Interval term) {
        if (part.isGivenBack() && wanted.isPresent()) {
            return Answer.no(Refusal.clash("what item " + part.item().id()
                    + " had was given back, because nobody used it; ask for a new reservation"));
        }
        var before = part.item().need();
        var since = term.from().isBefore(now) ? now : term.from();
        return retimed(part, term)
                .flatMap(need -> wanted.map(one -> fits(one, part, new Interval(since, Instant.MAX))
                                .flatMap(allowed -> allowed.of(need, since))
                                .flatMap(next -> left(part, next, since)))
                        .orElseGet(() -> Answer.yes(need)))
                .flatMap(need -> ItemUpdates.rules(
                        before,
                        need,
                        seats.getOrDefault(part.item().id(), List.of()).stream()
                                .mapToLong(Placement::slots)
                                .sum(),
                        false,
                        old.hasBegun(now) ? Phase.ACTIVE : Phase.PENDING));
    }

    private Answer<Need> retimed(Part part, Interval term) {
        if (!(part.item().need() instanceof Need.Quantity(var steps)) || term.equals(old.when())) {
            return Answer.yes(part.item().need());
        }
        return Steps.moved(steps, old.when(), term).map(Need.Quantity::new);
    }

    /// Whoever takes all of it away has something else in mind: it would stay behind with nothing in it.
    private static Answer<Need> left(Part part, Need need, Instant since) {
        boolean nothing = need instanceof Need.Quantity(var steps)
                && Steps.within(steps, Interval.since(since)).stream()
                        .allMatch(step -> step.amount().nothing());
        return nothing
                ? Answer.no(Refusal.malformed(
                        "amounts",
                        "nothing would be left of item " + part.item().id()
                                + "; leave some of it, or give the reservation up"))
                : Answer.yes(need);
    }

    /// Amounts cannot be less than what is in use.
    private Answer<ItemChange> fits(ItemChange wanted, Part part, Interval rest) {
        return wanted.amounts().isEmpty()
                ? Answer.yes(wanted)
                : Updates.rules(
                                new Updates.Terms(rest, Capacities.NONE),
                                new Updates.Change(Optional.empty(), Optional.empty(), wanted.amounts()),
                                used.apply(part.item().id()),
                                now)
                        .map(_ -> wanted);
    }
}
