package holdfast.broker;

import holdfast.broker.Reservation.Part;
import holdfast.broker.choice.Claim;
import holdfast.broker.choice.Dimensions;
import holdfast.broker.choice.Draw;
import holdfast.broker.choice.Draw.Drawn;
import holdfast.broker.choice.Flavor;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.Placement;
import holdfast.broker.decisions.Decisions;
import holdfast.broker.decisions.Matter;
import holdfast.broker.decisions.Question;
import holdfast.calendar.Booking;
import holdfast.calendar.Booking.Kind;
import holdfast.calendar.Calendar;
import holdfast.calendar.Profile;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/// Takes room for servers out of items of reservations (promise.md 4.3, 6.1 I2). Beside the item itself, each of its
/// hosts is a place in the book of [Inside]: whoever is put on a host is there until it is gone.
final class Drawing {
    private final Inside inside;
    private final Calendar calendar;
    private final Snapshots snapshots;
    private final Decisions decisions;

    Drawing(Inside inside, Calendar calendar, Snapshots snapshots, Decisions decisions) {
        this.decisions = decisions;
        this.inside = inside;
        this.calendar = calendar;
        this.snapshots = snapshots;
    }

    /// Takes room for one server, or says what is missing.
    ///
    /// @param when from its start to its end, inside the term of the reservation
    Answer<Drawn> draw(Tx tx, Matter matter, UUID allocation, Part part, Flavor size, Interval when) {
        var item = part.item().id();
        var claims = snapshots.claims(tx, item);
        calendar.carve(tx, inside.book(), Inside.place(item), Inside.shape(claims));
        return switch (part.item().need()) {
            case Need.Quantity _ -> {
                var amount = counted(size).plus(Capacities.of(Dimensions.INSTANCE, 1));
                yield take(tx, matter, allocation, item, amount, when, Map.of(), Capacities.NONE);
            }
            case Need.Instances(var slot, var _, var _, var _, var _) -> {
                var amount = counted(slot).plus(Capacities.of(Dimensions.INSTANCE, 1));
                yield fits(size, slot)
                        .<Answer<Drawn>>map(Answer::no)
                        .orElseGet(() -> take(
                                tx,
                                matter,
                                allocation,
                                item,
                                amount,
                                when,
                                slots(part.placement()),
                                Capacities.of(Dimensions.INSTANCE, 1)));
            }
            case Need.Hosts _ ->
                take(tx, matter, allocation, item, counted(size), when, hosts(part.placement(), claims), ofHost(size));
            case Need.Addresses _, Need.Elements _ ->
                Answer.no(Refusal.clash("item " + item + " of the reservation has no room for servers"));
        };
    }

    /// Notes a server that a user has made in room that a provider keeps for the item.
    ///
    /// @param host its place in the book of the broker
    /// @param size what it takes of its host
    /// @param when from now to the end of the reservation
    /// @return whether there was room for it
    boolean seen(Tx tx, UUID server, Part part, String host, Capacities size, Interval when) {
        var item = part.item().id();
        var claims = snapshots.claims(tx, item);
        boolean whole = part.item().need() instanceof Need.Hosts;
        var has = whole ? hosts(part.placement(), claims) : slots(part.placement());
        if (!has.containsKey(host)) {
            return false;
        }
        calendar.carve(tx, inside.book(), Inside.place(item), Inside.shape(claims));
        var seat = Inside.seat(item, host);
        calendar.setTotal(tx, inside.book(), seat, has.getOrDefault(host, Capacities.NONE), when.from());
        var one = Capacities.of(Dimensions.INSTANCE, 1);
        var counted = Dimensions.only(Set.of(Dimensions.VCPU, Dimensions.MEMORY_MB), size);
        var bookings = List.of(
                booking(server, Inside.place(item), when, whole ? counted : counted.plus(one)),
                booking(server, seat, Interval.since(when.from()), whole ? size : one));
        return calendar.bookAll(tx, bookings) instanceof Answer.Yes;
    }

    private static Capacities counted(Flavor size) {
        return new Capacities(Map.of(Dimensions.VCPU, size.vcpus(), Dimensions.MEMORY_MB, size.memoryMb()));
    }

    static Capacities ofHost(Flavor size) {
        return counted(size).plus(Capacities.of(Dimensions.DISK_GB, size.diskGb()));
    }

    private static Optional<Refusal> fits(Flavor size, Flavor slot) {
        return ofHost(size).fitsIn(ofHost(slot))
                ? Optional.empty()
                : Optional.of(Refusal.malformed(
                        "flavor",
                        "the flavor takes " + ofHost(size) + "; a server of this reservation may take "
                                + ofHost(slot)));
    }

    private static Map<String, Capacities> slots(List<Placement> placement) {
        return placement.stream()
                .collect(
                        Collectors.toMap(Placement::place, place -> Capacities.of(Dimensions.INSTANCE, place.slots())));
    }

    /// What the item has of each of its hosts.
    private static Map<String, Capacities> hosts(List<Placement> placement, List<Claim> claims) {
        var hosts = new TreeMap<String, Capacities>();
        var names = placement.stream().map(Placement::place).collect(Collectors.toSet());
        for (var claim : claims) {
            var amounts = new TreeMap<>(claim.amount().amounts());
            amounts.remove(Dimensions.WHOLE);
            if (names.contains(claim.place())) {
                hosts.merge(claim.place(), new Capacities(amounts), Capacities::max);
            }
        }
        return hosts;
    }

    private Answer<Drawn> take(
            Tx tx,
            Matter matter,
            UUID allocation,
            UUID item,
            Capacities amount,
            Interval when,
            Map<String, Capacities> hosts,
            Capacities ofHost) {
        var place = Inside.place(item);
        var left = calendar.profile(tx, inside.book(), place, when);
        var seats = hosts.isEmpty() || !left.fits(amount, when)
                ? Optional.<Map<String, Profile>>empty()
                : Optional.of(seats(tx, item, hosts, when));
        var draw = new Draw(item, amount, when, left, seats, ofHost);
        var answer = draw.decide().flatMap(drawn -> book(tx, allocation, draw, drawn));
        decisions.write(tx, List.of(decisions.entry(matter, new Question.Take(draw), answer)));
        return answer;
    }

    private Answer<Drawn> book(Tx tx, UUID allocation, Draw draw, Drawn drawn) {
        var when = draw.when();
        var bookings = new ArrayList<>(List.of(booking(allocation, Inside.place(draw.item()), when, draw.amount())));
        drawn.host()
                .ifPresent(host -> bookings.add(booking(
                        allocation, Inside.seat(draw.item(), host), Interval.since(when.from()), draw.ofHost())));
        return calendar.bookAll(tx, bookings).map(_ -> drawn);
    }

    /// What is left of each host.
    private Map<String, Profile> seats(Tx tx, UUID item, Map<String, Capacities> hosts, Interval when) {
        var ever = Interval.since(when.from());
        var seats = new TreeMap<String, Profile>();
        for (var host : new TreeMap<>(hosts).entrySet()) {
            var seat = Inside.seat(item, host.getKey());
            calendar.setTotal(tx, inside.book(), seat, host.getValue(), when.from());
            seats.put(host.getKey(), calendar.profile(tx, inside.book(), seat, ever));
        }
        return seats;
    }

    private Booking booking(UUID allocation, String place, Interval when, Capacities amount) {
        return new Booking(inside.book(), allocation, place, when, amount, Set.of(), Kind.ALLOCATION, true);
    }

    /// It is gone from `at` on; what it had is free again for its reservation.
    void giveBack(Tx tx, UUID allocation, Instant at) {
        calendar.release(tx, inside.book(), allocation, at);
    }
}
