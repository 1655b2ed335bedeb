package holdfast.broker;

import holdfast.broker.Directory.Area;
import holdfast.broker.choice.Dimensions;
import holdfast.broker.choice.Ledger;
import holdfast.broker.choice.Quadruple;
import holdfast.broker.choice.Scope;
import holdfast.broker.choice.Step;
import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.calendar.Profile;
import holdfast.calendar.Quantity;
import holdfast.calendar.Whole;
import holdfast.core.Interval;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/// What was read of accounts and zones over a window. Whatever is taken of a zone is taken of its account, too.
final class Ledgers {
    /// From here on a number stands for "not limited".
    private static final long UNLIMITED = Booking.MOST / 2;

    private final Map<Area, Pool> pools;

    private Ledgers(Map<Area, Pool> pools) {
        this.pools = pools;
    }

    /// One area, or several as one: the sum of their ledgers.
    record Pool(List<Ledger> ledgers, Set<String> dimensions, Set<String> unlimited) {
        Quadruple at(Instant instant) {
            return ledgers.stream()
                    .map(ledger -> Quadruple.at(ledger, instant))
                    .reduce(Quadruple.NOTHING, Quadruple::plus)
                    .only(dimensions);
        }

        /// When something changes.
        Collection<Instant> instants(Interval when) {
            var instants = new TreeSet<Instant>();
            ledgers.forEach(ledger -> instants.addAll(ledger.instants(when)));
            instants.add(when.from());
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
        var ledgers = new ArrayList<Ledger>();
        var names = new TreeSet<String>();
        var unlimited = new TreeSet<String>();
        pools.forEach((area, pool) -> {
            if (area.zone().isEmpty() == accounts) {
                ledgers.addAll(pool.ledgers);
                names.addAll(pool.dimensions);
                unlimited.addAll(pool.unlimited);
            }
        });
        names.removeAll(unlimited);
        return new Pool(ledgers, names, unlimited);
    }

    /// Reads them, in three queries for any number of them.
    static final class Reader {
        private final String broker;
        private final Platform platform;
        private final Calendar calendar;
        private final Inside inside;

        Reader(String broker, Platform platform, Calendar calendar) {
            this.broker = broker;
            this.platform = platform;
            this.calendar = calendar;
            this.inside = new Inside(broker, calendar);
        }

        /// @param inclusive counts all that is booked in the window, else only what lies inside of it
        Ledgers read(Tx tx, List<Area> areas, Interval when, boolean inclusive) {
            var places = areas.stream().map(Area::place).toList();
            var totals = calendar.profiles(tx, broker, places, when, Quantity.TOTAL);
            var uses = uses(tx, when);
            var builders = new HashMap<String, Ledger.Builder>();
            totals.forEach((place, total) -> builders.put(place, new Ledger.Builder(limited(total, when), uses)));
            calendar.forEachBooking(tx, broker, places, when, booking -> {
                if (Scope.matches(when, booking.when(), inclusive)) {
                    tell(Objects.requireNonNull(builders.get(booking.place())), booking);
                }
            });
            var now = platform.now();
            var pools = new LinkedHashMap<Area, Pool>();
            for (var area : areas) {
                var total = Objects.requireNonNull(totals.get(area.place()));
                var ledger = Objects.requireNonNull(builders.get(area.place())).build(total, now);
                var unlimited = new TreeSet<>(total.dimensions());
                unlimited.removeAll(ledger.dimensions());
                pools.put(area, new Pool(List.of(ledger), ledger.dimensions(), unlimited));
            }
            return new Ledgers(pools);
        }

        /// What is allocated under items of reservations, by item.
        private Map<UUID, List<Step>> uses(Tx tx, Interval when) {
            var uses = new HashMap<UUID, List<Step>>();
            calendar.forEachBooking(
                    tx,
                    inside.book(),
                    when,
                    booking -> Inside.item(booking.place())
                            .ifPresent(item -> uses.computeIfAbsent(item, _ -> new ArrayList<>())
                                    .add(new Step(booking.when(), booking.amount()))));
            return uses;
        }

        /// Hosts limit no instances unless they say so.
        private static Set<String> limited(Profile total, Interval when) {
            var least = total.min(when);
            return total.dimensions().stream()
                    .filter(name -> least.get(name) < (name.equals(Dimensions.INSTANCE) ? Whole.ALL : UNLIMITED))
                    .collect(Collectors.toCollection(TreeSet::new));
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
