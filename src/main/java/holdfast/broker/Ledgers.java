package holdfast.broker;

import holdfast.broker.Directory.Area;
import holdfast.broker.choice.Dimensions;
import holdfast.broker.choice.Ledger;
import holdfast.broker.choice.Quadruple;
import holdfast.broker.choice.Scope;
import holdfast.broker.choice.Step;
import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.calendar.Entries;
import holdfast.calendar.Profile;
import holdfast.calendar.Quantity;
import holdfast.calendar.Whole;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// What was read of accounts and zones over a window.
///
/// An account has two limits: what it may have, against which whole hosts are not counted, and what its zones have
/// together. Of each dimension the tighter one is told.
final class Ledgers {
    /// From here on a number stands for "not limited".
    private static final long UNLIMITED = Booking.MOST / 2;

    private final Map<Area, Pool> pools;

    private Ledgers(Map<Area, Pool> pools) {
        this.pools = pools;
    }

    /// One area, or several as one.
    ///
    /// @param limits each with its ledgers, one or two; the pool is the sum of them
    record Pool(List<List<Ledger>> limits, Set<String> dimensions, Set<String> unlimited) {
        Quadruple at(Instant instant) {
            return limits.stream()
                    .map(ledgers -> tightest(ledgers, instant))
                    .reduce(Quadruple.NOTHING, Quadruple::plus)
                    .only(dimensions);
        }

        private static Quadruple tightest(List<Ledger> ledgers, Instant instant) {
            var first = ledgers.getFirst();
            var last = ledgers.getLast();
            var one = Quadruple.at(first, instant);
            return ledgers.size() == 1
                    ? one
                    : Quadruple.tighter(one, first.dimensions(), Quadruple.at(last, instant), last.dimensions());
        }

        /// When something changes.
        Collection<Instant> instants(Interval when) {
            var instants = new TreeSet<Instant>();
            limits.forEach(ledgers -> ledgers.forEach(ledger -> instants.addAll(ledger.instants(when))));
            return instants;
        }
    }

    /// Accounts, each before its zones; or zones only.
    List<Area> areas() {
        return List.copyOf(pools.keySet());
    }

    Pool of(Area area) {
        return Objects.requireNonNull(pools.get(area));
    }

    /// The accounts, or if there are none the zones, as one. What has no limit in one of them has none.
    Pool whole() {
        boolean accounts = pools.keySet().stream().anyMatch(area -> area.zone().isEmpty());
        var limits = new ArrayList<List<Ledger>>();
        var names = new TreeSet<String>();
        var unlimited = new TreeSet<String>();
        pools.forEach((area, pool) -> {
            if (area.zone().isEmpty() == accounts) {
                limits.addAll(pool.limits);
                names.addAll(pool.dimensions);
                unlimited.addAll(pool.unlimited);
            }
        });
        names.removeAll(unlimited);
        return new Pool(limits, names, unlimited);
    }

    /// Reads them in a handful of queries.
    static final class Reader {
        private final String broker;
        private final Platform platform;
        private final Calendar calendar;
        private final Inside inside;
        private final Entries entries;

        Reader(String broker, Platform platform, Calendar calendar) {
            this.broker = broker;
            this.platform = platform;
            this.calendar = calendar;
            this.inside = new Inside(broker, calendar);
            this.entries = new Entries(calendar);
        }

        /// @param areas accounts with all their zones, or zones only
        /// @param inclusive counts all that is booked in the window, else only what lies inside of it
        Ledgers read(Tx tx, List<Area> areas, Interval when, boolean inclusive) {
            return new Reading(this, tx, areas, when, inclusive).ledgers();
        }

        /// What is allocated under items of reservations, by item.
        private Map<UUID, List<Step>> uses(Tx tx, Interval when) {
            var uses = new HashMap<UUID, List<Step>>();
            calendar.forEachBooking(
                    tx,
                    inside.book(),
                    when,
                    booking -> uses.computeIfAbsent(UUID.fromString(booking.place()), _ -> new ArrayList<>())
                            .add(new Step(booking.when(), booking.amount())));
            return uses;
        }
    }

    /// One reading.
    private static final class Reading {
        private final Reader reader;
        private final Tx tx;
        private final Interval when;
        private final boolean inclusive;
        private final Map<String, Area> areas = new LinkedHashMap<>();
        private final Map<String, Profile> totals;
        private final Map<UUID, List<Step>> uses;
        private final Map<String, Ledger.Builder> own = new HashMap<>();
        /// By account: what its zones have together.
        private final Map<String, Profile> sums = new HashMap<>();
        private final Map<String, Ledger.Builder> together = new HashMap<>();

        Reading(Reader reader, Tx tx, List<Area> some, Interval when, boolean inclusive) {
            this.reader = reader;
            this.tx = tx;
            this.when = when;
            this.inclusive = inclusive;
            some.forEach(area -> areas.put(area.place(), area));
            totals = reader.calendar.profiles(tx, reader.broker, areas.keySet(), when, Quantity.TOTAL);
            uses = reader.uses(tx, when);
        }

        Ledgers ledgers() {
            areas.keySet().forEach(place -> own.put(place, new Ledger.Builder(limited(place), uses)));
            addUpZones();
            bookings();
            var now = reader.platform.now();
            var pools = new LinkedHashMap<Area, Pool>();
            areas.forEach((place, area) -> {
                var limits = new ArrayList<Ledger>();
                limits.add(builder(own, place).build(total(place), now));
                if (together.containsKey(place)) {
                    limits.add(builder(together, place).build(Objects.requireNonNull(sums.get(place)), now));
                }
                var names = new TreeSet<String>();
                limits.forEach(ledger -> names.addAll(ledger.dimensions()));
                var unlimited = new TreeSet<>(total(place).dimensions());
                unlimited.removeAll(names);
                pools.put(area, new Pool(List.of(limits), names, unlimited));
            });
            return new Ledgers(pools);
        }

        private Profile total(String place) {
            return Objects.requireNonNull(totals.get(place));
        }

        private static Ledger.Builder builder(Map<String, Ledger.Builder> builders, String place) {
            return Objects.requireNonNull(builders.get(place));
        }

        private boolean isAccount(String place) {
            return Objects.requireNonNull(areas.get(place)).zone().isEmpty();
        }

        /// What is limited there. Zones limit no instances but what their hosts do.
        private Set<String> limited(String place) {
            var least = total(place).min(when);
            return total(place).dimensions().stream()
                    .filter(name -> least.get(name)
                            < (name.equals(Dimensions.INSTANCE) && !isAccount(place) ? Whole.ALL : UNLIMITED))
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        /// What is said of an account as a whole counts for its zones together, too.
        private void addUpZones() {
            var zones = new HashMap<String, List<String>>();
            areas.forEach((place, area) -> {
                var account = Places.account(area.id());
                if (area.zone().isPresent() && areas.containsKey(account)) {
                    zones.computeIfAbsent(account, _ -> new ArrayList<>()).add(place);
                }
            });
            zones.forEach((account, places) -> {
                var names = new TreeSet<String>();
                places.forEach(place -> names.addAll(limited(place)));
                var sum = new Profile(names);
                places.forEach(place -> total(place).steps(when).forEach(step -> add(sum, step.when(), step.amount())));
                sums.put(account, sum);
                together.put(account, new Ledger.Builder(names, uses));
            });
            reader.entries.list(tx, reader.broker, sums.keySet(), when).stream()
                    .filter(entry -> !CapacityEntries.isShadow(entry))
                    .forEach(entry ->
                            add(Objects.requireNonNull(sums.get(entry.place())), entry.when(), entry.change()));
        }

        private static void add(Profile sum, Interval when, Capacities amount) {
            sum.add(when, Dimensions.only(Set.copyOf(sum.dimensions()), amount));
        }

        /// Those of zones first: what of an account is in none of them counts for them together.
        private void bookings() {
            record Part(UUID holder, String account) {}
            var zoned = new HashSet<Part>();
            var parts = areas.keySet().stream().collect(Collectors.partitioningBy(this::isAccount));
            each(Objects.requireNonNull(parts.get(false)), booking -> {
                var account = Places.account(Objects.requireNonNull(areas.get(booking.place())).id());
                zoned.add(new Part(booking.holder(), account));
                tell(builder(own, booking.place()), booking);
                if (together.containsKey(account)) {
                    tell(builder(together, account), booking);
                }
            });
            each(Objects.requireNonNull(parts.get(true)), booking -> {
                tell(builder(own, booking.place()), booking);
                if (together.containsKey(booking.place())
                        && !zoned.contains(new Part(booking.holder(), booking.place()))) {
                    tell(builder(together, booking.place()), booking);
                }
            });
        }

        private void each(List<String> places, Consumer<Booking> to) {
            reader.calendar.forEachBooking(tx, reader.broker, places, when, booking -> {
                if (Scope.matches(when, booking.when(), inclusive)) {
                    to.accept(booking);
                }
            });
        }

        private static void tell(Ledger.Builder builder, Booking booking) {
            switch (booking.kind()) {
                case ALLOCATION, OVERRUN -> builder.allocated(booking.when(), booking.amount(), booking.firm());
                case TICKET, RESERVATION, HOLD, MAINTENANCE -> {
                    if (booking.firm()) {
                        builder.committed(booking.holder(), booking.when(), booking.amount());
                    } else {
                        builder.allocated(booking.when(), booking.amount(), false);
                    }
                }
            }
        }
    }
}
