package holdfast.broker;

import holdfast.broker.Reservation.Part;
import holdfast.broker.choice.Claim;
import holdfast.broker.choice.Dimensions;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.Placement;
import holdfast.calendar.Calendar;
import holdfast.calendar.Profile.Step;
import holdfast.calendar.Usage;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/// What of an item of a reservation is in use (promise.md 4.4). It is booked in a book of its own, in which the items
/// are the places: what is there is what the item has, so that the calendar lets nobody take more of it.
final class Inside {
    private static final int MOST = 100_000;

    private final String book;
    private final Calendar calendar;

    /// @param broker the book of the broker; that of its items is beside it
    Inside(String broker, Calendar calendar) {
        this.book = broker + ".in";
        this.calendar = calendar;
    }

    /// The book whose places are the items.
    String book() {
        return book;
    }

    /// The place of an item.
    static String place(UUID item) {
        return item.toString();
    }

    /// The item of a place; empty for one of its hosts, where what it uses is booked once more.
    static Optional<UUID> item(String place) {
        return place.contains("/") ? Optional.empty() : Optional.of(UUID.fromString(place));
    }

    /// The place of one of its hosts. It has no end: what is there at the end is there until it is gone.
    ///
    /// @param host its place in the book of the broker
    static String seat(UUID item, String host) {
        return place(item) + "/" + Places.name(host);
    }

    /// What an item that has these claims can be used for, over time: all that counts at accounts; or in zones, as
    /// whole hosts do.
    static List<Step> shape(List<Claim> claims) {
        boolean hosts = claims.stream().noneMatch(claim -> Places.isAccount(claim.place()));
        return claims.stream()
                .filter(claim -> hosts ? Places.isZone(claim.place()) : Places.isAccount(claim.place()))
                .map(claim -> new Step(claim.when(), claim.amount()))
                .toList();
    }

    /// The most of each dimension that is in use of the item, or planned, at one instant of `when`.
    Capacities used(Tx tx, UUID item, Interval when) {
        var usage = calendar.usage(tx, book, Optional.of(List.of(place(item))), when)
                .get(place(item));
        return usage == null ? Capacities.NONE : usage.used();
    }

    /// How many slots are in use or planned on which hosts, for each of these parts that is on hosts; a host that
    /// is held alone is one slot.
    Map<UUID, List<Placement>> seats(Tx tx, List<Part> parts, Instant now) {
        var places = parts.stream()
                .filter(Inside::isOnHosts)
                .flatMap(part ->
                        part.placement().stream().map(one -> seat(part.item().id(), one.place())))
                .toList();
        var used = places.isEmpty()
                ? Map.<String, Usage>of()
                : calendar.usage(tx, book, Optional.of(places), Interval.since(now));
        return parts.stream()
                .filter(Inside::isOnHosts)
                .collect(Collectors.toMap(
                        part -> part.item().id(),
                        part -> part.placement().stream()
                                .map(one -> new Placement(
                                        one.place(),
                                        Optional.ofNullable(used.get(
                                                        seat(part.item().id(), one.place())))
                                                .map(usage -> slots(part, usage.used()))
                                                .orElse(0L)))
                                .filter(one -> one.slots() > 0)
                                .toList()));
    }

    static boolean isOnHosts(Part part) {
        return part.item().need() instanceof Need.Hosts || part.item().need() instanceof Need.Instances;
    }

    private static long slots(Part part, Capacities used) {
        if (used.nothing()) {
            return 0;
        }
        return part.item().need() instanceof Need.Hosts ? 1 : used.get(Dimensions.INSTANCE);
    }

    /// Why the item cannot become what these steps say: more of it is in use. What is used beyond its end is no
    /// reason, since it ends with it.
    Optional<Refusal> fault(Tx tx, UUID item, List<Step> steps) {
        for (var step : steps) {
            var used = used(tx, item, step.when());
            if (!used.fitsIn(step.amount())) {
                return Optional.of(Refusal.clash("of item " + item + " " + used + " is in use, which is more than "
                        + step.amount() + "; destroy some first"));
            }
        }
        return Optional.empty();
    }

    /// Gives the item another shape, if anything was ever used of it. What is in use beyond its end is cut there;
    /// what was to last until its end before, `until`, lasts until its end now.
    void reshape(Tx tx, UUID item, Instant until, List<Step> steps) {
        if (steps.isEmpty() || !calendar.lock(tx, book, List.of(place(item))).contains(place(item))) {
            return;
        }
        var end = steps.stream()
                .map(step -> step.when().until())
                .max(Comparator.naturalOrder())
                .orElseThrow();
        var start = steps.stream()
                .map(step -> step.when().from())
                .min(Comparator.naturalOrder())
                .orElseThrow();
        calendar.carve(tx, book, place(item), steps);
        for (var booking : calendar.bookings(tx, book, place(item), Interval.since(start), MOST)) {
            var when = booking.when();
            if (!when.from().isBefore(end)) {
                calendar.release(tx, book, booking.holder(), end);
            } else if (when.until().isAfter(end) || when.until().equals(until)) {
                calendar.modify(tx, booking.during(new Interval(when.from(), end)));
            }
        }
    }
}
