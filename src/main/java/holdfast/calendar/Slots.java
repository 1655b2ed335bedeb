package holdfast.calendar;

import static holdfast.core.Answer.no;
import static holdfast.core.Answer.yes;

import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// When and where there will be room, from two reads: what the candidates have free, and when their units are held.
final class Slots {
    private Slots() {}

    /// The earliest slot; the first candidate among equals.
    static Answer<Slot> earliest(
            Tx tx,
            String book,
            List<Candidate> candidates,
            Capacities amount,
            Duration length,
            Instant from,
            Instant horizon) {
        if (Micros.of(length) <= 0) {
            return no(Refusals.notPositive(length));
        }
        if (Micros.plus(Micros.of(from), Micros.of(length)) > Micros.of(horizon)) {
            return no(Refusals.beyond(length, from, horizon));
        }
        var window = new Interval(from, horizon);
        var places = candidates.stream().map(Candidate::place).toList();
        var profiles = Views.profiles(tx, book, places, window, Quantity.FREE);
        var units = new TreeSet<String>();
        candidates.forEach(candidate -> candidate.units().forEach(units::addAll));
        var held = Views.units(tx, book, units, window);
        var best = Optional.<Slot>empty();
        var gaveUp = Optional.<Instant>empty();
        for (var candidate : candidates) {
            var search = new Search(profiles.getOrDefault(candidate.place(), new Profile(Set.of())), held);
            var found = search.earliest(amount, candidate.units(), length, from, horizon);
            switch (found.fit()) {
                case Fit.At(var start) -> {
                    if (best.isEmpty() || start.isBefore(best.get().when().from())) {
                        best = Optional.of(new Slot(candidate.place(), lasting(start, length), found.units()));
                    }
                }
                case Fit.Never _ -> {}
                case Fit.Unknown(var until) -> gaveUp = Optional.of(until);
            }
        }
        if (best.isPresent()) {
            return yes(best.get());
        }
        return no(Refusals.nowhere(amount, length, horizon, gaveUp));
    }

    /// The earliest start of the whole of a firm booking at its own place, for a refusal. None is looked for if
    /// `ahead` is zero, nor for what is lent, which nobody promises for a later time.
    static Optional<Instant> earliest(Tx tx, Booking booking, Duration ahead) {
        if (ahead.isZero() || !booking.firm()) {
            return Optional.empty();
        }
        var when = booking.when();
        var candidate = new Candidate(
                booking.place(), booking.units().stream().map(Set::of).toList());
        var horizon = Micros.instant(Micros.plus(Micros.of(when.until()), Micros.of(ahead)));
        var slot =
                earliest(tx, booking.book(), List.of(candidate), booking.amount(), when.length(), when.from(), horizon);
        return switch (slot) {
            case Answer.Yes<Slot>(var found) -> Optional.of(found.when().from());
            case Answer.No<Slot> _ -> Optional.empty();
        };
    }

    private static Interval lasting(Instant start, Duration length) {
        return Micros.interval(Micros.of(start), Micros.plus(Micros.of(start), Micros.of(length)));
    }
}
