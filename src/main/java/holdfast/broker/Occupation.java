package holdfast.broker;

import holdfast.broker.Directory.Area;
import holdfast.broker.Directory.Where;
import holdfast.broker.Units.Unit;
import holdfast.broker.choice.Dimensions;
import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.calendar.Entry;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/// Who has what and when, as it is drawn: a row for each account, zone and host, with a bar for each time at which
/// something is taken there (promise.md 9, row 68). What is taken of a host is shown there and not once more in its
/// zone. What belongs to others is seen to be taken, and not by whom.
public final class Occupation {
    /// How many bookings are looked at.
    private static final int MOST = 50_000;

    private final String broker;
    private final Resources resources;
    private final Calendar calendar;
    private final Units units;
    private final Owners owners;
    private final CapacityEntries entries;

    Occupation(
            String broker,
            Resources resources,
            Calendar calendar,
            Units units,
            Owners owners,
            CapacityEntries entries) {
        this.broker = broker;
        this.resources = resources;
        this.calendar = calendar;
        this.units = units;
        this.owners = owners;
        this.entries = entries;
    }

    /// @param truncated whether there are more bars than were asked for
    public record View(List<Row> rows, boolean truncated) {}

    /// @param host the name of a host of the zone; empty for a zone or an account itself
    /// @param bars by start
    /// @param entries why there is more or less of it; of those of others only what changes is to be shown
    public record Row(Area area, Optional<String> host, List<Bar> bars, List<Entry> entries) {}

    /// @param amount of what is counted there
    /// @param alone whether nobody else can be there
    /// @param firm false for what is lent
    /// @param clean until when it is cleaned afterwards, if it is
    /// @param owner whose it is; empty if the caller may not know
    public record Bar(
            Interval when,
            Capacities amount,
            boolean alone,
            boolean firm,
            Booking.Kind kind,
            Optional<Instant> clean,
            Optional<Resource> owner) {}

    /// @param limit the most bars
    public Answer<View> view(Tx tx, Caller caller, Where where, Interval when, int limit) {
        return Directory.read(tx, resources).areas(where).map(areas -> view(tx, caller, areas, when, limit));
    }

    private record Spot(Area area, Optional<String> host) {}

    private View view(Tx tx, Caller caller, List<Area> areas, Interval when, int limit) {
        var spots = spots(tx, areas);
        var places = List.copyOf(spots.keySet());
        var all = calendar.bookings(tx, broker, places, when, MOST + 1);
        var bookings = deepest(all, spots);
        var byHolder = owners.of(tx, bookings.stream().map(Booking::holder).collect(Collectors.toSet()));
        var bars = new HashMap<String, List<Bar>>();
        int drawn = 0;
        for (var some : together(bookings).values()) {
            for (var bar : bars(
                    caller,
                    some,
                    Optional.ofNullable(byHolder.get(some.getFirst().holder())))) {
                if (drawn++ < limit) {
                    bars.computeIfAbsent(some.getFirst().place(), _ -> new ArrayList<>())
                            .add(bar);
                }
            }
        }
        var changes = entries.list(tx, places, when).stream().collect(Collectors.groupingBy(Entry::place));
        var rows = new ArrayList<Row>();
        spots.forEach((place, spot) -> rows.add(new Row(
                spot.area, spot.host, bars.getOrDefault(place, List.of()), changes.getOrDefault(place, List.of()))));
        return new View(rows, drawn > limit || all.size() > MOST);
    }

    /// By place: each account, its zones, and behind each zone its hosts.
    private Map<String, Spot> spots(Tx tx, List<Area> areas) {
        var hosts = new TreeMap<String, List<Unit>>();
        units.hosts(tx)
                .forEach(
                        unit -> hosts.computeIfAbsent(Places.zone(unit.provider(), unit.zone()), _ -> new ArrayList<>())
                                .add(unit));
        var spots = new LinkedHashMap<String, Spot>();
        for (var area : areas) {
            spots.put(area.place(), new Spot(area, Optional.empty()));
            hosts.getOrDefault(area.place(), List.of())
                    .forEach(unit -> spots.put(unit.place(), new Spot(area, Optional.of(unit.name()))));
        }
        return spots;
    }

    /// Without those in accounts and zones whose holders are seen in a part of it.
    private static List<Booking> deepest(List<Booking> bookings, Map<String, Spot> spots) {
        record Part(UUID holder, String whole) {}
        Set<Part> seen = new HashSet<>();
        for (var booking : bookings) {
            var spot = Objects.requireNonNull(spots.get(booking.place()));
            var account = Places.account(spot.area.id());
            if (!booking.place().equals(account)) {
                seen.add(new Part(booking.holder(), account));
            }
            if (spot.host.isPresent()) {
                seen.add(new Part(booking.holder(), spot.area.place()));
            }
        }
        return bookings.stream()
                .filter(booking -> !seen.contains(new Part(booking.holder(), booking.place())))
                .toList();
    }

    private record Key(String place, UUID holder) {}

    private static Map<Key, List<Booking>> together(List<Booking> bookings) {
        return bookings.stream()
                .collect(Collectors.groupingBy(
                        booking -> new Key(booking.place(), booking.holder()),
                        LinkedHashMap::new,
                        Collectors.toList()));
    }

    /// What one holder has at a place: a bar for each step of it. The time for cleaning is no bar.
    private static List<Bar> bars(Caller caller, List<Booking> bookings, Optional<Resource> owner) {
        var shown = owner.filter(one -> Access.maySee(caller, one.project()));
        var cleaning = bookings.stream().filter(Occupation::isCleaning).findFirst();
        var bars = new ArrayList<Bar>();
        for (var booking : bookings) {
            if (bookings.size() == 1 || !isCleaning(booking)) {
                long whole = cleaning.orElse(booking).amount().get(Dimensions.WHOLE);
                var amounts = new TreeMap<>(booking.amount().amounts());
                amounts.remove(Dimensions.WHOLE);
                bars.add(new Bar(
                        booking.when(),
                        new Capacities(amounts),
                        whole == Dimensions.ALL,
                        booking.firm(),
                        booking.kind(),
                        cleaning.map(one -> one.when().until())
                                .filter(until -> until.isAfter(booking.when().until())),
                        shown));
            }
        }
        return bars;
    }

    private static boolean isCleaning(Booking booking) {
        return booking.amount().amounts().keySet().equals(Set.of(Dimensions.WHOLE));
    }
}
