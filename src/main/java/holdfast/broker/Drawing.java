package holdfast.broker;

import holdfast.broker.Reservation.Part;
import holdfast.broker.choice.Claim;
import holdfast.broker.choice.Dimensions;
import holdfast.broker.choice.Flavor;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.Placement;
import holdfast.calendar.Booking;
import holdfast.calendar.Booking.Kind;
import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Certificate;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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

    Drawing(Inside inside, Calendar calendar, Snapshots snapshots) {
        this.inside = inside;
        this.calendar = calendar;
        this.snapshots = snapshots;
    }

    /// What is drawn.
    ///
    /// @param amount of the item
    /// @param host its place in the book of the broker; none for loose quantities, which promise no host
    record Drawn(Capacities amount, Optional<String> host) {}

    /// Takes room for one server, or says what is missing.
    ///
    /// @param when from its start to its end, inside the term of the reservation
    Answer<Drawn> draw(Tx tx, UUID allocation, Part part, Flavor size, Interval when) {
        var item = part.item().id();
        var claims = snapshots.claims(tx, item);
        calendar.carve(tx, inside.book(), Inside.place(item), Inside.shape(claims));
        return switch (part.item().need()) {
            case Need.Quantity _ -> {
                var amount = counted(size).plus(Capacities.of(Dimensions.INSTANCE, 1));
                yield take(tx, allocation, item, amount, when, Map.of(), Capacities.NONE);
            }
            case Need.Instances(var slot, var _, var _, var _, var _) -> {
                var amount = counted(slot).plus(Capacities.of(Dimensions.INSTANCE, 1));
                yield fits(size, slot)
                        .<Answer<Drawn>>map(Answer::no)
                        .orElseGet(() -> take(
                                tx,
                                allocation,
                                item,
                                amount,
                                when,
                                slots(part.placement()),
                                Capacities.of(Dimensions.INSTANCE, 1)));
            }
            case Need.Hosts _ ->
                take(tx, allocation, item, counted(size), when, hosts(part.placement(), claims), ofHost(size));
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
            UUID allocation,
            UUID item,
            Capacities amount,
            Interval when,
            Map<String, Capacities> hosts,
            Capacities ofHost) {
        var place = Inside.place(item);
        var shortage = calendar.profile(tx, inside.book(), place, when).firstViolation(amount, when);
        if (shortage.isPresent()) {
            var found = shortage.get();
            var shown = new Certificate(place, found.dimension(), found.at(), found.wanted(), found.free());
            return Answer.no(Refusal.noRoom(
                            "too little " + found.dimension() + " is left of item " + item + " of the reservation at "
                                    + found.at() + ": " + found.wanted() + " is wanted, " + found.free()
                                    + " is left; destroy something of it, or take a smaller flavor",
                            Optional.empty())
                    .because("capacity", Optional.of(shown), true));
        }
        var bookings = new ArrayList<>(List.of(booking(allocation, place, when, amount)));
        var host = Optional.<String>empty();
        if (!hosts.isEmpty()) {
            host = host(tx, item, hosts, ofHost, when);
            if (host.isEmpty()) {
                return Answer.no(Refusal.noRoom(
                                "no host of item " + item + " of the reservation has " + ofHost
                                        + " left at one place; destroy something of it, or take a smaller flavor",
                                Optional.empty())
                        .because("placement", Optional.empty(), true));
            }
            bookings.add(booking(allocation, Inside.seat(item, host.get()), Interval.since(when.from()), ofHost));
        }
        var drawn = new Drawn(amount, host);
        return calendar.bookAll(tx, bookings).map(_ -> drawn);
    }

    /// The host that is nearly full already, so that others stay free for what is large.
    private Optional<String> host(Tx tx, UUID item, Map<String, Capacities> hosts, Capacities amount, Interval when) {
        var ever = Interval.since(when.from());
        var free = new TreeMap<String, Capacities>();
        for (var host : new TreeMap<>(hosts).entrySet()) {
            var seat = Inside.seat(item, host.getKey());
            calendar.setTotal(tx, inside.book(), seat, host.getValue(), when.from());
            free.put(
                    host.getKey(),
                    calendar.profile(tx, inside.book(), seat, ever).min(ever));
        }
        var leading = amount.get(Dimensions.VCPU) > 0 ? Dimensions.VCPU : Dimensions.INSTANCE;
        return free.entrySet().stream()
                .filter(one -> amount.fitsIn(one.getValue()))
                .min(Comparator.<Map.Entry<String, Capacities>>comparingLong(
                                one -> one.getValue().get(leading))
                        .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey);
    }

    private Booking booking(UUID allocation, String place, Interval when, Capacities amount) {
        return new Booking(inside.book(), allocation, place, when, amount, Set.of(), Kind.ALLOCATION, true);
    }

    /// It is gone from `at` on; what it had is free again for its reservation.
    void giveBack(Tx tx, UUID allocation, Instant at) {
        calendar.release(tx, inside.book(), allocation, at);
    }
}
