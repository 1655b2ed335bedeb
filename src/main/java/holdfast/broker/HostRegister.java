package holdfast.broker;

import static holdfast.db.Tables.UNIT;

import holdfast.broker.Units.Unit;
import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resources;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jspecify.annotations.Nullable;

/// Which hosts may be reserved, and what administrators have said of them (promise.md 5.4). A host is registered when
/// it is discovered; it is taken out and put in again by hand.
public final class HostRegister {
    private static final int MOST_BOOKINGS = 10_000;

    private final String broker;
    private final Platform platform;
    private final Resources resources;
    private final Calendar calendar;
    private final Units units;

    HostRegister(String broker, Platform platform, Engine engine, Calendar calendar, Units units) {
        this.broker = broker;
        this.platform = platform;
        this.resources = engine.resources();
        this.calendar = calendar;
        this.units = units;
    }

    /// What a reservation holds of a host.
    ///
    /// @param project whose the reservation is
    /// @param when the term of the reservation
    public record Held(long host, UUID item, UUID reservation, String project, Interval when) {}

    /// The hosts that are registered, by number.
    public List<Unit> all(Tx tx) {
        return units.hosts(tx).stream().filter(Unit::registered).toList();
    }

    /// One of them.
    public Optional<Unit> find(Tx tx, long number) {
        return select(tx, UNIT.NUMBER.eq(number), false).stream()
                .filter(Unit::registered)
                .findFirst();
    }

    private static List<Unit> select(Tx tx, Condition condition, boolean locked) {
        var query = tx.sql()
                .selectFrom(UNIT)
                .where(condition.and(UNIT.KIND.eq("host")))
                .orderBy(UNIT.NUMBER);
        return locked ? query.forUpdate().fetch(Units::read) : query.fetch(Units::read);
    }

    /// The names of all properties that a query may ask about.
    public Set<String> properties(Tx tx) {
        return all(tx).stream().flatMap(unit -> unit.asked().keySet().stream()).collect(Collectors.toSet());
    }

    /// Registers a host that was discovered.
    ///
    /// @param name as its provider calls it
    /// @param extra properties that it gets besides
    /// @return NOT_THERE if no provider has it, CLASH if it was registered by hand before
    public Answer<Unit> register(Tx tx, String name, Map<String, String> extra) {
        var found = select(tx, UNIT.NAME.eq(name), true);
        if (found.isEmpty()) {
            return Answer.no(Refusal.notThere("no provider has a host " + name));
        }
        if (found.size() > 1) {
            return Answer.no(Refusal.clash(
                    "several providers have a host " + name + "; each is registered when it is discovered"));
        }
        var host = found.getFirst();
        int changed = tx.sql().execute("""
                        update unit set registered = true, enlisted = true, extra = extra || ?::jsonb, updated = ?::timestamptz
                         where number = ? and not (registered and enlisted)""", Json.text(extra), platform.now(), host.number());
        return changed == 0
                ? Answer.no(Refusal.clash("host " + name + " is registered already, as " + host.number()))
                : Answer.yes(find(tx, host.number()).orElseThrow());
    }

    /// Gives a host other properties; those that are not named stay.
    ///
    /// @return CLASH if a reservation on it has asked for one of them
    public Answer<Unit> describe(Tx tx, long number, Map<String, String> extra) {
        return locked(tx, number).flatMap(host -> {
            var changed = new TreeSet<>(asked(tx, host));
            changed.removeIf(name -> !extra.containsKey(name)
                    || Objects.equals(extra.get(name), host.extra().get(name)));
            if (!changed.isEmpty()) {
                return Answer.no(Refusal.clash("reservations on host " + host.name() + " have asked for "
                        + String.join(", ", changed) + ", which cannot change until they are over"));
            }
            var all = new TreeMap<>(host.extra());
            all.putAll(extra);
            tx.sql()
                    .execute(
                            "update unit set extra = ?::jsonb, updated = ?::timestamptz where number = ?",
                            Json.text(all),
                            platform.now(),
                            number);
            return Answer.yes(find(tx, number).orElseThrow());
        });
    }

    /// Takes a host out; what is known of it by discovery stays.
    ///
    /// @return CLASH while it is reserved or has servers
    public Answer<Unit> unregister(Tx tx, long number) {
        return locked(tx, number).flatMap(host -> {
            calendar.lock(
                    tx,
                    broker,
                    List.of(Places.account(host.provider()), Places.zone(host.provider(), host.zone()), host.place()));
            if (!calendar.bookings(tx, broker, host.place(), Interval.since(platform.now()), 1)
                    .isEmpty()) {
                return Answer.no(Refusal.clash("host " + host.name()
                        + " has reservations or servers; it can be taken out when they are gone"));
            }
            tx.sql().execute("""
                            update unit set registered = false, enlisted = false, extra = '{}', updated = ?::timestamptz
                             where number = ?""", platform.now(), number);
            return Answer.yes(host);
        });
    }

    private static Answer<Unit> locked(Tx tx, long number) {
        return select(tx, UNIT.NUMBER.eq(number), true).stream()
                .filter(Unit::registered)
                .findFirst()
                .<Answer<Unit>>map(Answer::yes)
                .orElseGet(() -> Answer.no(Refusal.notThere("there is no host " + number)));
    }

    /// The properties that reservations on a host have asked for.
    private Set<String> asked(Tx tx, Unit host) {
        var holders =
                calendar.bookings(tx, broker, host.place(), Interval.since(platform.now()), MOST_BOOKINGS).stream()
                        .map(Booking::holder)
                        .collect(Collectors.toSet());
        var reservations = tx.sql()
                .fetch("select distinct reservation from reservation_item where id = any(?) and live", (Object)
                        holders.toArray(UUID[]::new))
                .map(row -> row.get(0, UUID.class));
        return resources.list(tx, Resources.withIds(reservations), MOST_BOOKINGS).stream()
                .flatMap(resource -> resource.as(Reservation.class).items().stream())
                .filter(part -> holders.contains(part.item().id()))
                .flatMap(part -> part.item().need().query().names().stream())
                .collect(Collectors.toSet());
    }

    /// What is held of the hosts by reservations that are not over.
    public List<Held> held(Tx tx) {
        return fetch(tx, """
                select u.number, i.id, i.reservation, r.project, lower(i.during), upper(i.during)
                  from (select ?::text as book) as w, unit u,
                       lateral (select distinct b.holder from booking b
                                 where place_hash(b.book, b.place) = place_hash(w.book, u.place) and b.book = w.book and b.place = u.place
                                   and b.during && tstzrange(?::timestamptz, null) offset 0) b
                  join reservation_item i on i.id = b.holder and i.live
                  join resource r on r.id = i.reservation and r.state <> 'held'
                 where u.kind = 'host' and u.registered
                 order by u.number, lower(i.during), i.id""", broker, platform.now());
    }

    /// What a reservation, or one item of it, holds or held of the hosts.
    public List<Held> held(Tx tx, Optional<UUID> reservation, Optional<UUID> item) {
        return fetch(
                tx,
                """
                select distinct u.number, i.id, i.reservation, r.project, lower(i.during), upper(i.during)
                  from reservation_item i
                  join resource r on r.id = i.reservation and r.state <> 'held'
                  join booking b on b.book = ? and b.holder = i.id
                  join unit u on u.place = b.place and u.kind = 'host' and u.registered
                 where (i.reservation = ?::uuid or i.id = ?::uuid)
                   and i.reservation = coalesce(?::uuid, i.reservation) and i.id = coalesce(?::uuid, i.id)
                 order by u.number, lower(i.during), i.id""",
                broker,
                reservation.orElse(null),
                item.orElse(null),
                reservation.orElse(null),
                item.orElse(null));
    }

    private static List<Held> fetch(Tx tx, String sql, @Nullable Object... values) {
        return tx.sql()
                .fetch(sql, values)
                .map(row -> new Held(
                        row.get(0, Long.class),
                        row.get(1, UUID.class),
                        row.get(2, UUID.class),
                        row.get(3, String.class),
                        new Interval(
                                row.get(4, Instant.class),
                                Optional.ofNullable(row.get(5, Instant.class)).orElse(Interval.FOREVER))));
    }
}
