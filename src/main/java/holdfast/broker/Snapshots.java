package holdfast.broker;

import holdfast.broker.choice.Ask;
import holdfast.broker.choice.Claim;
import holdfast.broker.choice.Grant;
import holdfast.broker.choice.Pending;
import holdfast.broker.choice.Place;
import holdfast.broker.choice.Snapshot;
import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.calendar.Profile;
import holdfast.calendar.Quantity;
import holdfast.calendar.UnitTimeline;
import holdfast.core.Capacities;
import holdfast.core.CloudSupply;
import holdfast.core.Interval;
import holdfast.engine.Engine;
import holdfast.engine.Resources;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Reads the calendar for a decision: the places that it may take, what is free of them, and what may still be moved. A
/// handful of queries, however many places there are; the answer holds what is booked in the future.
final class Snapshots {
    private static final int MOST_MOVABLE = 1_000;
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final String broker;
    private final Resources resources;
    private final Pools pools;
    private final Calendar calendar;
    private final Units units;
    private final FloatingAddresses addresses;
    private final Items items;

    Snapshots(String broker, Engine engine, Calendar calendar, Units units, FloatingAddresses addresses, Items items) {
        this.broker = broker;
        this.resources = engine.resources();
        this.pools = new Pools(resources);
        this.calendar = calendar;
        this.units = units;
        this.addresses = addresses;
        this.items = items;
    }

    private record Known(String provider, Optional<String> zone, Place.About about) {}

    /// Takes the locks of the accounts and zones within reach, so that no booking comes while it is decided:
    /// whoever books a host books its zone. Those who are elsewhere, too, make no way.
    Snapshot locked(Tx tx, Instant now, Reach reach) {
        lock(tx, reach);
        var all = read(tx, now, pools.all(tx), reach, Interval.since(now), pending(tx, now), this::free);
        var near = all.pending().stream()
                .filter(pending ->
                        pending.claims().stream().allMatch(claim -> all.places().containsKey(claim.place())))
                .toList();
        return new Snapshot(now, all.places(), all.units(), near);
    }

    void lock(Tx tx, Reach reach) {
        calendar.lock(tx, broker, above(within(reach, pools.all(tx))).keySet());
    }

    /// Without locks: what it says may be old by the time that somebody acts on it.
    Snapshot read(Tx tx, Instant now) {
        return read(tx, now, pools.all(tx), Reach.EVERYWHERE, Interval.since(now), pending(tx, now), this::free);
    }

    /// Without locks, and only what one request may take for itself, with nobody who could be moved: what is
    /// granted on it would be granted on all of [#read], too. A refusal on it says nothing. What is known by heart
    /// is not read.
    Snapshot glance(Tx tx, Instant now, Ask ask) {
        return read(
                tx,
                now,
                pools.recent(tx, now),
                Reach.of(List.of(ask)),
                ask.when(),
                List.of(),
                (same, places, window) -> calendar.glance(same, broker, places, window));
    }

    private interface Reader {
        Map<String, Profile> free(Tx tx, Collection<String> places, Interval window);
    }

    private Map<String, Profile> free(Tx tx, Collection<String> places, Interval window) {
        return calendar.profiles(tx, broker, places, window, Quantity.FREE);
    }

    /// Whether the hosts and addresses of what was granted on `snapshot` are what they were. To be asked when it is
    /// booked: whoever takes one out looks for bookings under the same lock.
    boolean stands(Tx tx, Grant grant, Snapshot snapshot) {
        var hosts = new HashMap<String, Map<String, String>>();
        var those = new HashSet<String>();
        for (var claim : grant.claims()) {
            var place = snapshot.places().get(claim.place());
            if (place != null && place.about() instanceof Place.Host host) {
                hosts.put(place.id(), host.properties());
            } else if (place != null && place.about() instanceof Place.Network) {
                those.addAll(claim.units());
            }
        }
        return (those.isEmpty() || addresses.there(tx, those).equals(those)) && stand(tx, hosts);
    }

    private boolean stand(Tx tx, Map<String, Map<String, String>> hosts) {
        return hosts.isEmpty()
                || units.at(tx, hosts.keySet()).stream()
                        .filter(Units.Unit::registered)
                        .collect(Collectors.toMap(Units.Unit::place, Units.Unit::asked))
                        .equals(hosts);
    }

    /// @param above when accounts and zones are looked at; hosts are from now on, since the gaps around a claim
    ///     count
    private Snapshot read(
            Tx tx, Instant now, List<Pool> all, Reach reach, Interval above, List<Pending> pending, Reader reader) {
        var near = within(reach, all);
        var places = new TreeMap<>(places(tx, above(near), above, reader));
        var hosts = hosts(tx, near, reach, now);
        var networks = reach.includesAddresses() ? networks(tx, near) : Map.<String, Place>of();
        places.putAll(networks);
        if (!hosts.isEmpty()) {
            places.putAll(places(tx, hosts, Interval.since(now), reader));
        }
        var names = new ArrayList<String>();
        hosts.values().forEach(host -> names.add("host:" + ((Place.Host) host.about).number()));
        networks.values().forEach(network -> names.addAll(((Place.Network) network.about()).addresses()));
        var held = names.isEmpty()
                ? Map.<String, UnitTimeline>of()
                : calendar.timelines(tx, broker, names, Interval.since(now));
        return new Snapshot(now, places, held, pending);
    }

    /// The networks that lend addresses, with those that may be reserved. They count nothing but units.
    private Map<String, Place> networks(Tx tx, List<Pool> pools) {
        var accounts = new LinkedHashMap<String, String>();
        for (var pool : pools) {
            pool.supply().map(CloudSupply::networks).orElse(List.of()).stream()
                    .filter(CloudSupply.Network::external)
                    .forEach(network -> accounts.put(Places.network(pool.provider(), network.id()), pool.place()));
        }
        if (accounts.isEmpty()) {
            return Map.of();
        }
        var units = addresses.units(tx, accounts.keySet());
        var networks = new TreeMap<String, Place>();
        accounts.forEach((id, account) -> networks.put(
                id,
                new Place(
                        id,
                        account,
                        Optional.empty(),
                        new Profile(Set.of()),
                        new Place.Network(units.getOrDefault(id, List.of())))));
        return networks;
    }

    private Map<String, Place> places(Tx tx, Map<String, Known> known, Interval window, Reader reader) {
        var places = new TreeMap<String, Place>();
        reader.free(tx, known.keySet(), window).forEach((id, free) -> {
            var about = Objects.requireNonNull(known.get(id));
            places.put(id, new Place(id, about.provider, about.zone, free, about.about));
        });
        return places;
    }

    /// What may be lent from now on, locked: what is free for a while beside what is firm, and beside what is lent
    /// already. That holds for all time, since what is lent leaves when somebody needs the room.
    ///
    /// @param least for how long there must be room, so that nobody is told to leave at once
    ///
    /// @param standBy whose claims do not count: they are there to be lent
    Snapshot lending(Tx tx, Instant now, Reach reach, Duration least, StandBy standBy) {
        var soon = Interval.of(now, least.plus(MOMENT));
        return besides(tx, now, reach, firm -> standBy.lendable(tx, firm, soon), (free, lent) -> {
            var always = free.min(soon).minus(lent);
            var profile = new Profile(always.amounts().keySet());
            profile.add(Interval.since(now), always);
            return profile;
        });
    }

    /// What is free for somebody firm who begins now, locked: for all of its time beside what is firm, and at its
    /// first instant beside what is lent, which is there until it was told to leave.
    Snapshot beginning(Tx tx, Instant now, Reach reach) {
        return besides(tx, now, reach, UnaryOperator.identity(), (free, lent) -> {
            var steps = free.steps(Interval.since(now));
            var dimensions = new TreeSet<>(lent.amounts().keySet());
            steps.forEach(step -> dimensions.addAll(step.amount().amounts().keySet()));
            var profile = new Profile(dimensions);
            steps.forEach(step -> profile.add(step.when(), step.amount()));
            profile.add(Interval.of(now, MOMENT), Capacities.NONE.minus(lent));
            return profile;
        });
    }

    /// With nobody who could be moved.
    private Snapshot besides(
            Tx tx, Instant now, Reach reach, UnaryOperator<Map<String, Profile>> counted, Besides left) {
        lock(tx, reach);
        var firm = read(tx, now, pools.all(tx), reach, Interval.since(now), List.of(), this::free);
        var lent = calendar.lent(tx, broker, firm.places().keySet(), now);
        var places = new TreeMap<String, Place>();
        var frees = new HashMap<String, Profile>();
        firm.places().forEach((id, place) -> frees.put(id, place.free()));
        var all = counted.apply(frees);
        firm.places().forEach((id, place) -> {
            var free = left.of(all.getOrDefault(id, place.free()), lent.getOrDefault(id, Capacities.NONE));
            places.put(id, new Place(id, place.provider(), place.zone(), free, place.about()));
        });
        return new Snapshot(now, places, firm.units(), List.of());
    }

    private interface Besides {
        Profile of(Profile free, Capacities lent);
    }

    private static List<Pool> within(Reach reach, List<Pool> pools) {
        return pools.stream().filter(reach::includes).toList();
    }

    private static Map<String, Known> above(List<Pool> pools) {
        var above = new LinkedHashMap<String, Known>();
        for (var pool : pools) {
            above.put(pool.place(), new Known(pool.place(), Optional.empty(), new Place.Account()));
            for (var zone : pool.supply().map(CloudSupply::zones).orElse(List.of())) {
                var place = Places.zone(pool.provider(), zone);
                above.put(place, new Known(pool.place(), Optional.of(place), new Place.Zone()));
            }
        }
        return above;
    }

    private Map<String, Known> hosts(Tx tx, List<Pool> pools, Reach reach, Instant now) {
        if (!reach.includesHosts()) {
            return Map.of();
        }
        var byProvider = pools.stream().collect(Collectors.toMap(Pool::provider, pool -> pool));
        var all = units.hosts(tx).stream()
                .filter(unit -> Optional.ofNullable(byProvider.get(unit.provider()))
                        .filter(pool -> reach.includes(pool, Places.zone(unit.provider(), unit.zone())))
                        .isPresent())
                .toList();
        var projects =
                items.projects(tx, broker, all.stream().map(Units.Unit::place).toList(), now);
        var lent = calendar.lent(tx, broker, all.stream().map(Units.Unit::place).toList(), now);
        var hosts = new LinkedHashMap<String, Known>();
        for (var unit : all) {
            var pool = Objects.requireNonNull(byProvider.get(unit.provider()));
            var size = new TreeMap<>(unit.total());
            size.remove("instance");
            var properties = unit.asked();
            hosts.put(
                    unit.place(),
                    new Known(
                            pool.place(),
                            Optional.of(Places.zone(unit.provider(), unit.zone())),
                            new Place.Host(
                                    unit.number(),
                                    Optional.ofNullable(properties.get("rack")),
                                    new Capacities(size),
                                    Duration.ofSeconds(pool.cleaningSeconds()),
                                    unit.registered() && unit.up(),
                                    properties,
                                    projects.getOrDefault(unit.place(), Set.of()),
                                    lent.getOrDefault(unit.place(), Capacities.NONE))));
        }
        return hosts;
    }

    private List<Pending> pending(Tx tx, Instant now) {
        var pending = new ArrayList<Pending>();
        var those = items.movable(tx, now, MOST_MOVABLE);
        if (those.isEmpty()) {
            return pending;
        }
        var found = resources.list(tx, Resources.withIds(List.copyOf(those.keySet())), those.size());
        var held = calendar.held(
                tx, broker, those.values().stream().flatMap(Set::stream).collect(Collectors.toSet()));
        for (var resource : found) {
            var reservation = resource.as(Reservation.class);
            var movable = those.getOrDefault(resource.id(), Set.of());
            for (var part : reservation.items()) {
                if (movable.contains(part.item().id())) {
                    pending.add(new Pending(
                            resource.project(),
                            part.wherever(),
                            reservation.when(),
                            part.placement(),
                            claims(held.getOrDefault(part.item().id(), List.of()))));
                }
            }
        }
        return pending;
    }

    /// What an item holds now.
    List<Claim> claims(Tx tx, UUID item) {
        return claims(calendar.held(tx, broker, item));
    }

    private static List<Claim> claims(List<Booking> bookings) {
        return bookings.stream().map(Snapshots::claim).toList();
    }

    private static Claim claim(Booking booking) {
        return new Claim(
                booking.holder(), booking.place(), booking.when(), booking.amount(), booking.units(), booking.firm());
    }
}
