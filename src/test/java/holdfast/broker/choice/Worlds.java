package holdfast.broker.choice;

import holdfast.calendar.Profile;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/// Small calendars for properties: a site with two zones, or two sites with one each, two hosts in each zone, 24 hours.
/// What the snapshot holds as profiles, the world holds as one number for each hour.
final class Worlds {
    static final int HOURS = 24;
    static final Instant START = Instant.parse("2031-05-02T00:00:00Z");
    static final Flavor SMALL = new Flavor(2, 1_024, 0);
    private static final Set<String> NAMES =
            Set.of(Dimensions.VCPU, Dimensions.MEMORY_MB, Dimensions.DISK_GB, Dimensions.WHOLE, Dimensions.INSTANCE);

    private Worlds() {}

    static Instant at(int hour) {
        return START.plus(Duration.ofHours(hour));
    }

    static Interval hours(int from, int until) {
        return new Interval(at(from), at(until));
    }

    static int hour(Instant instant) {
        return instant.isAfter(at(HOURS))
                ? HOURS
                : (int) Duration.between(START, instant).toHours();
    }

    static UUID id(int number) {
        return new UUID(0, number);
    }

    /// A claim on a host by somebody: slots of [#SMALL], or the whole host.
    ///
    /// @param slots 0 = the whole host
    record Busy(int host, int from, int until, int slots) {
        Interval when() {
            return hours(from, until);
        }
    }

    /// A loose claim on vcpu in a zone.
    record Loose(int zone, int from, int until, int vcpu) {}

    /// What is generated.
    ///
    /// @param sites 1 or 2
    /// @param vcpus of each of the four hosts, 2 to 8
    /// @param cleaning hours after each claim on a host
    /// @param limit vcpus that each account may use
    record World(int sites, List<Integer> vcpus, int cleaning, int limit, List<Busy> busy, List<Loose> loose) {
        Snapshot snapshot() {
            return snapshot(Set.of());
        }

        /// Where nothing is pending, loose claims may be more than there is: capacity that was lost.
        ///
        /// @param pending which of `busy` may be moved
        Snapshot snapshot(Set<Integer> pending) {
            var free = new TreeMap<String, Map<String, long[]>>();
            var all = places();
            all.keySet().forEach(id -> free.put(id, totals(id)));
            var movable = new ArrayList<Pending>();
            for (int i = 0; i < busy.size(); i++) {
                var one = busy.get(i);
                var claims = claims(all, i, one);
                if (claims.stream().allMatch(claim -> fits(free, claim))) {
                    claims.forEach(claim -> take(free, claim, 1));
                    if (pending.contains(i)) {
                        movable.add(new Pending("other", item(i, one), one.when(), List.of(placement(one)), claims));
                    }
                }
            }
            for (var one : loose) {
                var claims = claims(one);
                if (pending.isEmpty() || claims.stream().allMatch(claim -> fits(free, claim))) {
                    claims.forEach(claim -> take(free, claim, 1));
                }
            }
            return snapshot(places(free), movable);
        }

        private static Placement placement(Busy one) {
            return new Placement(host(one.host), Math.max(1, one.slots));
        }

        private static Item item(int number, Busy one) {
            return Item.of(
                    id(1_000 + number),
                    one.slots == 0
                            ? new Need.Hosts(1, 1, PropertyQuery.everything())
                            : new Need.Instances(
                                    SMALL, one.slots, one.slots, Affinity.NONE, PropertyQuery.everything()));
        }

        private List<Claim> claims(Map<String, Place> places, int number, Busy one) {
            Load load = one.slots == 0 ? new Load.Lease() : new Load.Slot(SMALL);
            return load.claims(
                    Worlds.snapshot(places, List.of()), id(1_000 + number), one.when(), List.of(placement(one)), true);
        }

        private List<Claim> claims(Loose one) {
            var amount = Capacities.of(Dimensions.VCPU, one.vcpu);
            return List.of(zone(one.zone), account(site(one.zone))).stream()
                    .map(place -> new Claim(id(2_000), place, hours(one.from, one.until), amount, Set.of(), true))
                    .toList();
        }

        private static Snapshot snapshot(Map<String, Place> places, List<Pending> pending) {
            return Worlds.snapshot(places, pending);
        }

        int site(int zone) {
            return sites == 1 ? 0 : zone;
        }

        private Map<String, long[]> totals(String id) {
            var totals = new TreeMap<String, long[]>();
            NAMES.forEach(name -> {
                var hours = new long[HOURS];
                java.util.Arrays.fill(hours, total(id, name));
                totals.put(name, hours);
            });
            return totals;
        }

        private long total(String id, String name) {
            if (id.contains("/h/")) {
                return switch (name) {
                    case Dimensions.VCPU -> vcpus.get(Integer.parseInt(id.substring(id.length() - 1)));
                    case Dimensions.MEMORY_MB, Dimensions.DISK_GB -> 100_000;
                    case Dimensions.WHOLE -> Dimensions.ALL;
                    default -> 0;
                };
            }
            if (name.equals(Dimensions.VCPU)) {
                return id.contains("/a/") ? vcpus.get(2 * zoneOf(id)) + vcpus.get(2 * zoneOf(id) + 1) : limit;
            }
            return name.equals(Dimensions.WHOLE) || name.equals(Dimensions.DISK_GB) ? 0 : 1_000_000;
        }

        private static int zoneOf(String id) {
            return Integer.parseInt(id.substring(id.length() - 1));
        }

        Map<String, Place> places() {
            var free = new TreeMap<String, Map<String, long[]>>();
            for (int site = 0; site < sites; site++) {
                free.put(account(site), totals(account(site)));
            }
            for (int zone = 0; zone < 2; zone++) {
                free.put(zone(zone), totals(zone(zone)));
            }
            for (int host = 0; host < 4; host++) {
                free.put(host(host), totals(host(host)));
            }
            return places(free);
        }

        private Map<String, Place> places(Map<String, Map<String, long[]>> free) {
            var places = new TreeMap<String, Place>();
            free.forEach((id, hours) -> places.put(id, place(id, profile(hours))));
            return places;
        }

        private Place place(String id, Profile free) {
            if (id.contains("/h/")) {
                int number = Integer.parseInt(id.substring(id.length() - 1));
                return new Place(
                        id,
                        account(site(number / 2)),
                        Optional.of(zone(number / 2)),
                        free,
                        new Place.Host(
                                number,
                                Optional.empty(),
                                new Capacities(Map.of(
                                        Dimensions.VCPU,
                                        (long) vcpus.get(number),
                                        Dimensions.MEMORY_MB,
                                        100_000L,
                                        Dimensions.DISK_GB,
                                        100_000L)),
                                Duration.ofHours(cleaning),
                                true,
                                Map.of("name", "h" + number),
                                Set.of(),
                                Capacities.NONE));
            }
            if (id.contains("/a/")) {
                return new Place(id, account(site(zoneOf(id))), Optional.of(id), free, new Place.Zone());
            }
            return new Place(id, id, Optional.empty(), free, new Place.Account());
        }
    }

    static String account(int site) {
        return "p/" + site;
    }

    static String zone(int zone) {
        return "p/x/a/" + zone;
    }

    static String host(int host) {
        return "p/x/h/" + host;
    }

    static Snapshot snapshot(Map<String, Place> places, List<Pending> pending) {
        return new Snapshot(START, places, Map.of(), pending);
    }

    static boolean fits(Map<String, Map<String, long[]>> free, Claim claim) {
        for (var entry : claim.amount().amounts().entrySet()) {
            var hours = free.get(claim.place()).get(entry.getKey());
            for (int hour = hour(claim.when().from()); hour < hour(claim.when().until()); hour++) {
                if (hours[hour] < entry.getValue()) {
                    return false;
                }
            }
        }
        return true;
    }

    static void take(Map<String, Map<String, long[]>> free, Claim claim, int sign) {
        claim.amount().amounts().forEach((name, amount) -> {
            var hours = free.get(claim.place()).get(name);
            for (int hour = hour(claim.when().from()); hour < hour(claim.when().until()); hour++) {
                hours[hour] -= sign * amount;
            }
        });
    }

    private static Profile profile(Map<String, long[]> hours) {
        var profile = new Profile(hours.keySet());
        hours.forEach((name, amounts) -> {
            profile.add(new Interval(START, Instant.MAX), Capacities.of(name, amounts[0]));
            for (int hour = 1; hour < HOURS; hour++) {
                if (amounts[hour] != amounts[hour - 1]) {
                    var more = Capacities.of(name, amounts[hour] - amounts[hour - 1]);
                    profile.add(new Interval(at(hour), Instant.MAX), more);
                }
            }
        });
        return profile;
    }

    /// What is free in each hour, read instant by instant from the profiles.
    static Map<String, Map<String, long[]>> free(Snapshot snapshot) {
        var free = new TreeMap<String, Map<String, long[]>>();
        snapshot.places().forEach((id, place) -> {
            var names = new TreeMap<String, long[]>();
            NAMES.forEach(name -> names.put(name, new long[HOURS]));
            for (int hour = 0; hour < HOURS; hour++) {
                var amounts = place.free().at(at(hour));
                int now = hour;
                names.forEach((name, hours) -> hours[now] = amounts.get(name));
            }
            free.put(id, names);
        });
        return free;
    }

    /// The same calendar with these claims booked.
    static Snapshot booked(Snapshot snapshot, List<Claim> claims, List<Pending> pending) {
        var places = new TreeMap<String, Place>();
        snapshot.places().forEach((id, place) -> {
            var free = new Profile(NAMES);
            place.free().steps(new Interval(START, Instant.MAX)).forEach(step -> free.add(step.when(), step.amount()));
            claims.stream()
                    .filter(claim -> claim.place().equals(id))
                    .forEach(claim -> free.add(claim.when(), Dimensions.times(claim.amount(), -1)));
            places.put(id, new Place(id, place.provider(), place.zone(), free, place.about()));
        });
        return snapshot(places, pending);
    }

    /// All that the profiles say, as values.
    static Map<String, List<Profile.Step>> hoursOf(Snapshot snapshot) {
        var steps = new TreeMap<String, List<Profile.Step>>();
        snapshot.places()
                .forEach((id, place) -> steps.put(id, place.free().steps(new Interval(Instant.MIN, Instant.MAX))));
        return steps;
    }

    /// One zone of many hosts, each leased every other hour.
    static Snapshot large(int hosts, int claims) {
        var places = new TreeMap<String, Place>();
        var much = new Profile(NAMES);
        NAMES.forEach(name ->
                much.add(new Interval(START, Instant.MAX), Capacities.of(name, holdfast.calendar.Booking.MOST)));
        places.put(account(0), new Place(account(0), account(0), Optional.empty(), much, new Place.Account()));
        places.put(zone(0), new Place(zone(0), account(0), Optional.of(zone(0)), much, new Place.Zone()));
        var size = new Capacities(Map.of(Dimensions.VCPU, 4L, Dimensions.MEMORY_MB, 4_096L));
        for (int number = 0; number < hosts; number++) {
            var free = new Profile(NAMES);
            free.add(new Interval(START, Instant.MAX), size.plus(Dimensions.whole(Dimensions.ALL)));
            for (int claim = 0; claim < claims; claim++) {
                free.add(
                        hours(2 * claim, 2 * claim + 1),
                        Dimensions.times(size.plus(Dimensions.whole(Dimensions.ALL)), -1));
            }
            var host = new Place.Host(
                    number, Optional.empty(), size, Duration.ZERO, true, Map.of(), Set.of(), Capacities.NONE);
            places.put(host(number), new Place(host(number), account(0), Optional.of(zone(0)), free, host));
        }
        return snapshot(places, List.of());
    }

    static Arbitrary<World> worlds() {
        var busy = Combinators.combine(
                        Arbitraries.integers().between(0, 3),
                        window(),
                        Arbitraries.integers().between(0, 2))
                .as((host, window, slots) -> new Busy(host, window.getFirst(), window.getLast(), slots));
        var loose = Combinators.combine(
                        Arbitraries.integers().between(0, 1),
                        window(),
                        Arbitraries.integers().between(1, 6))
                .as((zone, window, vcpu) -> new Loose(zone, window.getFirst(), window.getLast(), vcpu));
        return Combinators.combine(
                        Arbitraries.integers().between(1, 2),
                        Arbitraries.integers().between(2, 8).list().ofSize(4),
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.integers().between(6, 34),
                        busy.list().ofMaxSize(7),
                        loose.list().ofMaxSize(2))
                .as(World::new);
    }

    /// Two hours of the day, the first before the second.
    static Arbitrary<List<Integer>> window() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, HOURS - 4),
                        Arbitraries.integers().between(1, 8))
                .as((from, length) -> List.of(from, Math.min(HOURS - 2, from + length)));
    }
}
