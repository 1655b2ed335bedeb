package holdfast.broker.choice;

import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Places what has a name: addresses of a network, and elements. A no is always proved. O(addresses log n), and O(D log
/// n) for each element.
final class Named {
    private final Room room;
    private final Ask ask;
    private final Item item;

    Named(Room room, Ask ask, Item item) {
        this.room = room;
        this.ask = ask;
        this.item = item;
    }

    /// The required addresses, and others that are free all the time: first those that nobody has reserved at any
    /// time, in the order of their names (promise.md 6.8).
    Answer<Placed> addresses(Need.Addresses need) {
        var found = room.snapshot().find(need.network());
        if (found.isEmpty() || !(found.get().about() instanceof Place.Network(var all))) {
            return absent("network", need.network());
        }
        var network = found.get();
        var chosen = new ArrayList<String>();
        for (var required : need.required().stream().sorted().toList()) {
            if (!all.contains(required)) {
                return unregistered(required);
            }
            if (!room.isFree(required, ask.when())) {
                return taken(required);
            }
            chosen.add(required);
        }
        all.stream()
                .filter(address -> !need.required().contains(address) && room.isFree(address, ask.when()))
                .sorted(Comparator.comparing(address -> !room.isUntouched(address)))
                .limit(need.count() - chosen.size())
                .forEach(chosen::add);
        if (chosen.size() < need.count()) {
            return Answer.no(Refusal.noRoom(
                            "network " + need.network() + " has " + chosen.size() + " free addresses of the "
                                    + need.count() + " wanted for all of " + ask.when()
                                    + "; ask for fewer, or for another time",
                            Optional.empty())
                    .because("capacity", Optional.empty(), true));
        }
        var amount = Capacities.of(Dimensions.ADDRESS, need.count());
        for (var above : room.snapshot().above(network)) {
            var shortage = room.shortage(above, amount, ask.when());
            if (shortage.isPresent()) {
                return tooFew(above, shortage.get());
            }
        }
        var claims = new ArrayList<Claim>();
        claims.add(claim(network, ask.when(), Capacities.NONE, Set.copyOf(chosen)));
        room.snapshot().above(network).forEach(above -> claims.add(claim(above, ask.when(), amount, Set.of())));
        return placed(
                chosen.stream().sorted().map(unit -> new Placement(unit, 1)).toList(), claims);
    }

    /// All elements, each shared with others or held alone.
    Answer<Placed> elements(List<Need.Element> elements) {
        var ids = new HashSet<String>();
        var placements = new ArrayList<Placement>();
        var shared = new ArrayList<Claim>();
        var hosts = new ArrayList<Placement>();
        var mark = room.mark();
        for (var element : elements) {
            var found = room.snapshot().find(element.id());
            if (found.isEmpty() || !ids.add(element.id())) {
                room.back(mark);
                return unknown(element.id(), found.isPresent());
            }
            var claims = claims(found.get(), element.exclusive());
            var full = full(claims);
            if (full.isPresent()) {
                room.back(mark);
                return full.get();
            }
            room.take(claims);
            placements.add(new Placement(element.id(), 1));
            if (isLease(found.get(), element.exclusive())) {
                hosts.add(new Placement(element.id(), 1));
            } else {
                shared.addAll(claims);
            }
        }
        room.back(mark);
        var all = new ArrayList<>(new Load.Lease().claims(room.snapshot(), item.id(), ask.when(), hosts, ask.firm()));
        all.addAll(shared);
        return placed(placements, all);
    }

    private static boolean isLease(Place place, boolean exclusive) {
        return exclusive && place.about() instanceof Place.Host;
    }

    private List<Claim> claims(Place place, boolean exclusive) {
        if (isLease(place, exclusive)) {
            return new Load.Lease()
                    .claims(room.snapshot(), item.id(), ask.when(), List.of(new Placement(place.id(), 1)), ask.firm());
        }
        var when = place.about() instanceof Place.Host host ? Load.withCleaning(ask.when(), host) : ask.when();
        return List.of(claim(place, when, Dimensions.whole(exclusive ? Dimensions.ALL : 1), Set.of()));
    }

    private Optional<Answer<Placed>> full(List<Claim> claims) {
        for (var claim : claims) {
            var place = room.snapshot().place(claim.place());
            var shortage = room.shortage(place, claim.amount(), claim.when());
            if (shortage.isPresent()) {
                return Optional.of(tooFew(place, shortage.get()));
            }
        }
        return Optional.empty();
    }

    private Claim claim(Place place, Interval when, Capacities amount, Set<String> units) {
        return new Claim(item.id(), place.id(), when, amount, units, ask.firm());
    }

    private Answer<Placed> placed(List<Placement> placement, List<Claim> claims) {
        room.take(claims);
        return Answer.yes(new Placed(placement, claims));
    }

    private Answer<Placed> tooFew(Place place, holdfast.calendar.Shortage shortage) {
        var certificate = Packing.certificate(place, shortage);
        return Answer.no(Refusal.noRoom(
                        place.id() + " is taken, or not there, from " + certificate.at() + " on; ask for another time",
                        Optional.empty())
                .because(
                        place.about() instanceof Place.Account || place.about() instanceof Place.Zone
                                ? "capacity"
                                : "element",
                        Optional.of(certificate),
                        true));
    }

    private Answer<Placed> taken(String unit) {
        return Answer.no(Refusal.noRoom(
                        unit + " is taken in " + ask.when() + "; leave it out, or ask for another time",
                        Optional.empty())
                .because("element", Optional.empty(), true));
    }

    private static Answer<Placed> unknown(String place, boolean twice) {
        var why = twice
                ? place + " is named twice; name it once"
                : place + " is not there, or is not yours to claim; look what there is, and name another";
        return Answer.no(Refusal.malformed("elements", why).because("element", Optional.empty(), true));
    }

    private static Answer<Placed> unregistered(String unit) {
        return Answer.no(Refusal.noRoom(
                        unit + " is no address that may be reserved; leave it out, or have it registered",
                        Optional.empty())
                .because("element", Optional.empty(), true));
    }

    private static Answer<Placed> absent(String what, String name) {
        return Answer.no(
                Refusal.notThere("there is no " + what + " " + name).because("element", Optional.empty(), true));
    }
}
