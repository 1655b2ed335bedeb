package holdfast.broker.choice;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/// What one of an item takes of a host, and of the zone and the account above it. Every claim on a host counts above,
/// so that loose quantities, instances and whole hosts share one truth (promise.md 4.8).
sealed interface Load {
    /// An instance.
    record Slot(Flavor flavor) implements Load {}

    /// A host that is held alone.
    record Lease() implements Load {}

    /// What one takes of the host, [Dimensions#WHOLE] apart.
    default Capacities ofHost(Place.Host host) {
        return switch (this) {
            case Slot(var flavor) -> flavor.ofHost();
            case Lease() -> host.size();
        };
    }

    /// What one takes of [Dimensions#WHOLE].
    default long whole() {
        return this instanceof Lease ? Dimensions.ALL : 1;
    }

    /// What one takes above the host.
    default Capacities above(Place.Host host) {
        var ofHost = Dimensions.aboveHost(ofHost(host));
        return this instanceof Slot ? ofHost.plus(Capacities.of(Dimensions.INSTANCE, 1)) : ofHost;
    }

    /// How long [Dimensions#WHOLE] is taken: until the host is clean again.
    static Interval withCleaning(Interval when, Place.Host host) {
        return when.until().isAfter(Instant.MAX.minus(host.cleaning()))
                ? new Interval(when.from(), Instant.MAX)
                : new Interval(when.from(), when.until().plus(host.cleaning()));
    }

    /// All claims of an item that has these placements. What its hosts take above is one claim for each zone and
    /// account.
    default List<Claim> claims(Snapshot snapshot, UUID item, Interval when, List<Placement> placements, boolean firm) {
        var claims = new ArrayList<Claim>();
        var above = new TreeMap<String, Capacities>();
        for (var placement : placements) {
            var place = snapshot.place(placement.place());
            if (!(place.about() instanceof Place.Host host)) {
                throw new IllegalStateException(place.id() + " is no host");
            }
            var units = this instanceof Lease ? Set.of(host.unit()) : Set.<String>of();
            var amount = Dimensions.times(ofHost(host), placement.slots());
            var whole = Dimensions.whole(whole() * placement.slots());
            var clean = withCleaning(when, host);
            if (clean.equals(when)) {
                claims.add(new Claim(item, place.id(), when, amount.plus(whole), units, firm));
            } else {
                claims.add(new Claim(item, place.id(), when, amount, Set.of(), firm));
                claims.add(new Claim(item, place.id(), clean, whole, units, firm));
            }
            var each = Dimensions.times(above(host), placement.slots());
            snapshot.above(place).forEach(one -> above.merge(one.id(), each, Capacities::plus));
        }
        above.forEach((id, amount) -> claims.add(new Claim(item, id, when, amount, Set.of(), firm)));
        return claims;
    }
}
