package holdfast.broker;

import static java.util.stream.Collectors.groupingBy;

import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.calendar.Profile;
import holdfast.core.Interval;
import holdfast.engine.Resource;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;

/// What stands by is lent until it is activated (promise.md 4.4): its claims are in nobody's way who can be recalled.
final class StandBy {
    private static final int MOST = 100_000;

    private final String broker;
    private final Calendar calendar;
    private final Owners owners;

    StandBy(String broker, Calendar calendar, Owners owners) {
        this.broker = broker;
        this.calendar = calendar;
        this.owners = owners;
    }

    /// What is free at these places for those who can be recalled.
    ///
    /// @param free beside all that is firm, from now on; profiles in it are not changed
    /// @param soon claims that begin later are left as they are
    Map<String, Profile> lendable(Tx tx, Map<String, Profile> free, Interval soon) {
        var lendable = new HashMap<>(free);
        claims(tx, free.keySet(), soon)
                .forEach((place, claims) ->
                        lendable.computeIfPresent(place, (_, known) -> with(known, claims, soon.from())));
        return lendable;
    }

    private Map<String, List<Booking>> claims(Tx tx, Collection<String> places, Interval soon) {
        var firm = calendar.bookings(tx, broker, places, soon, MOST).stream()
                .filter(Booking::firm)
                .toList();
        if (firm.isEmpty()) {
            return Map.of();
        }
        var byHolder =
                owners.of(tx, firm.stream().map(Booking::holder).distinct().toList());
        var standing = new TreeSet<UUID>();
        byHolder.forEach((holder, owner) -> {
            if (owner.type().equals(Reservations.TYPE) && isLent(owner)) {
                standing.add(holder);
            }
        });
        return firm.stream()
                .filter(booking -> standing.contains(booking.holder()))
                .collect(groupingBy(Booking::place));
    }

    /// One that is being activated is needed, whatever its providers still have to say.
    private static boolean isLent(Resource resource) {
        var reservation = resource.as(Reservation.class);
        boolean activated = reservation.update().orElse(null) instanceof Update.Asked asked
                && asked.next().flexible().isEmpty();
        return Course.of(resource.state()) == Course.RESERVED && Waiting.standsBy(reservation) && !activated;
    }

    private static Profile with(Profile free, List<Booking> claims, Instant now) {
        var steps = free.steps(Interval.since(now));
        var dimensions = new TreeSet<String>();
        steps.forEach(step -> dimensions.addAll(step.amount().amounts().keySet()));
        claims.forEach(claim -> dimensions.addAll(claim.amount().amounts().keySet()));
        var profile = new Profile(dimensions);
        steps.forEach(step -> profile.add(step.when(), step.amount()));
        claims.forEach(claim -> profile.add(
                claim.when().from().isBefore(now)
                        ? new Interval(now, claim.when().until())
                        : claim.when(),
                claim.amount()));
        return profile;
    }
}
