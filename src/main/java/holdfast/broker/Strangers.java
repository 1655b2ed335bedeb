package holdfast.broker;

import holdfast.broker.choice.Dimensions;
import holdfast.calendar.Booking;
import holdfast.calendar.Booking.Kind;
import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.CloudServer;
import holdfast.core.Copies;
import holdfast.core.Interval;
import holdfast.engine.Engine;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Servers at providers that nobody asked for here. They are there, so they are counted as lent: what is asked for now
/// must fit beside them, what is reserved for later does not see them (promise.md 7, row 16). Those that users made in
/// what is kept for their reservation are counted in it.
final class Strangers {
    private static final Logger LOG = LoggerFactory.getLogger(Strangers.class);
    private static final int MOST = 10_000;

    private final String broker;
    private final Platform platform;
    private final Resources resources;
    private final Calendar calendar;
    private final Items items;
    private final Drawing drawing;

    Strangers(String broker, Platform platform, Engine engine, Calendar calendar, Items items, Drawing drawing) {
        this.broker = broker;
        this.platform = platform;
        this.resources = engine.resources();
        this.calendar = calendar;
        this.items = items;
        this.drawing = drawing;
    }

    /// Books those that have come and frees what those had that have gone.
    void seen(Tx tx, Message.Drift drift) {
        var known = resources.lock(tx, Copies.id(broker, drift.provider()));
        if (known.isEmpty()
                || known.get().removed().isPresent()
                || known.get().as(Pool.class).sequence() > drift.sequence()) {
            return;
        }
        var pool = known.get().as(Pool.class);
        var there = drift.unknown().stream().map(CloudServer::id).collect(Collectors.toSet());
        var counted = new TreeSet<String>();
        for (var server : pool.strangers()) {
            if (there.contains(server)) {
                counted.add(server);
            } else {
                free(tx, holder(drift.provider(), server));
            }
        }
        var places = new HashSet<>(calendar.places(tx, broker));
        for (var server : drift.unknown().stream().limit(MOST).toList()) {
            if (!counted.contains(server.id())
                    && (isInside(tx, drift.provider(), server) || book(tx, drift.provider(), server, places))) {
                counted.add(server.id());
            }
        }
        if (!counted.equals(pool.strangers())) {
            var next = known.get().withData(pool.with(counted));
            resources.update(tx, known.get().state(), next, "clouds", "drift");
        }
    }

    /// Frees what they have at a provider that is taken out: nobody tells any more when they go.
    void gone(Tx tx, Message.UpdateSupply update) {
        resources
                .lock(tx, Copies.id(broker, update.provider()))
                .filter(known -> known.as(Pool.class).sequence() < update.sequence())
                .ifPresent(known -> {
                    var pool = known.as(Pool.class);
                    pool.strangers().forEach(server -> free(tx, holder(update.provider(), server)));
                    var next = known.withData(pool.with(Set.of()));
                    resources.update(tx, known.state(), next, "clouds", "taken out");
                });
    }

    private static UUID holder(UUID provider, String server) {
        return Copies.id("stranger", provider + "\n" + server);
    }

    private void free(Tx tx, UUID holder) {
        calendar.release(tx, broker, holder, platform.now());
        drawing.giveBack(tx, holder, platform.now());
    }

    /// Whether it is in what is kept for a reservation, and was counted there.
    private boolean isInside(Tx tx, UUID provider, CloudServer server) {
        var now = platform.now();
        var found = server.item()
                .flatMap(item -> items.reservation(tx, item))
                .flatMap(id -> resources.lock(tx, id))
                .map(resource -> resource.as(Reservation.class))
                .filter(reservation -> reservation.when().contains(now));
        var part = found.flatMap(reservation -> reservation.part(server.item().orElseThrow()));
        if (part.filter(Inside::isOnHosts).isEmpty() || server.host().isEmpty()) {
            return false;
        }
        return drawing.seen(
                tx,
                holder(provider, server.id()),
                part.get(),
                Places.host(provider, server.host().get()),
                Dimensions.only(
                        Set.of(Dimensions.VCPU, Dimensions.MEMORY_MB, Dimensions.DISK_GB),
                        new Capacities(server.takes())),
                new Interval(now, found.get().when().until()));
    }

    private boolean book(Tx tx, UUID provider, CloudServer server, Set<String> places) {
        var bookings = new ArrayList<Booking>();
        var holder = holder(provider, server.id());
        var when = Interval.since(platform.now());
        add(bookings, holder, Places.account(provider), when, ProviderSupply.above(server.takes()));
        server.zone()
                .ifPresent(zone ->
                        add(bookings, holder, Places.zone(provider, zone), when, ProviderSupply.above(server.takes())));
        server.host()
                .ifPresent(host -> add(
                        bookings, holder, Places.host(provider, host), when, ProviderSupply.ofHost(server.takes(), 1)));
        var chain = bookings.stream()
                .filter(booking -> places.contains(booking.place()))
                .toList();
        return switch (calendar.bookAll(tx, chain)) {
            case Answer.Yes<List<Booking>> _ -> true;
            case Answer.No<List<Booking>>(var why) -> {
                LOG.warn(
                        "{} of {}, which nobody asked for here, is not counted: {}",
                        server.name(),
                        provider,
                        why.message());
                yield false;
            }
        };
    }

    private void add(List<Booking> bookings, UUID holder, String place, Interval when, Capacities amount) {
        bookings.add(new Booking(broker, holder, place, when, amount, Set.of(), Kind.ALLOCATION, false));
    }
}
