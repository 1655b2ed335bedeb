package holdfast.calendar;

import static java.util.Objects.requireNonNull;

import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The places that this server owns and knows by heart (promise.md 6.5): what is free of them at each instant, so that
/// a decision reads nothing.
///
/// Memory is believed under the lock of the place only, and only if epoch and version are still those that it knows;
/// what others wrote meanwhile is in the place's news and is counted first. Whatever else happened, such as another
/// owner, other totals, or a failed transaction of our own, has the memory thrown away.
final class Hot {
    /// How many versions the owner lets pass until it says again how far it is.
    private static final int SILENCE = 1_000;

    private final UUID owner;
    private final Database database;
    private final long mostBytes;
    private final LinkedHashMap<PlaceId, Memory> known = new LinkedHashMap<>(16, 0.75f, true);

    Hot(UUID owner, Database database, long mostBytes) {
        this.owner = owner;
        this.database = database;
        this.mostBytes = mostBytes;
    }

    synchronized boolean knows(Collection<PlaceId> places) {
        return known.keySet().containsAll(places);
    }

    synchronized void forget(Collection<PlaceId> places) {
        places.forEach(known::remove);
    }

    private synchronized @Nullable Memory get(PlaceId place) {
        return known.get(place);
    }

    /// Those that were not asked for longest go first.
    private synchronized void put(PlaceId place, Memory memory) {
        known.put(place, memory);
        long bytes = known.values().stream().mapToLong(Memory::bytes).sum();
        var oldest = known.entrySet().iterator();
        while (bytes > mostBytes) {
            bytes -= oldest.next().getValue().bytes();
            oldest.remove();
        }
    }

    /// Becomes the owner of a place and reads it, while others go on to book there.
    ///
    /// @return whether it is known now; false if there is no such place, or it is too large
    boolean load(PlaceId place) {
        var epoch = database.inTransaction(tx -> {
            Bookings.lock(tx, place.book(), List.of(place.id()));
            tx.sql().execute("delete from place_news where book = ? and place = ?", place.book(), place.id());
            return tx.sql()
                    .resultQuery(
                            "update place set owner = ?::uuid, epoch = epoch + 1, followed = version where book = ? and id = ? returning epoch",
                            owner,
                            place.book(),
                            place.id())
                    .fetchOptional("epoch", Long.class);
        });
        if (epoch.isEmpty()) {
            return false;
        }
        var memory = database.inTransaction(tx -> {
            tx.sql().execute("set transaction isolation level repeatable read, read only");
            return Memory.read(tx, place, epoch.get());
        });
        boolean fits = memory.bytes() <= mostBytes;
        if (fits) {
            put(place, memory);
        }
        return fits;
    }

    private record State(PlaceId place, @Nullable UUID owner, long epoch, long version, long followed) {}

    /// Takes the locks of the places, in the order in which everybody does.
    ///
    /// @return what is known of them, and true until the end of the transaction; others must be asked otherwise
    Map<PlaceId, Memory> lock(Tx tx, Set<PlaceId> places) {
        var states = states(tx, places);
        var current = new HashMap<PlaceId, Memory>();
        var behind = new ArrayList<State>();
        for (var state : states) {
            var memory = get(state.place);
            if (memory == null) {
                continue;
            }
            if (!owner.equals(state.owner) || state.epoch != memory.epoch() || state.version < memory.version()) {
                forget(List.of(state.place));
                continue;
            }
            current.put(state.place, memory);
            if (state.version > memory.version() || state.version - state.followed > SILENCE) {
                behind.add(state);
            }
        }
        if (!behind.isEmpty()) {
            follow(tx, behind, current);
        }
        return current;
    }

    private static List<State> states(Tx tx, Collection<PlaceId> places) {
        return tx.sql()
                .resultQuery(
                        """
                        select p.book, p.id, p.owner, p.epoch, p.version, p.followed
                          from place p join unnest(?::text[], ?::text[]) as w (book, id) on p.book = w.book and p.id = w.id
                         order by p.book, p.id for no key update of p""",
                        places.stream().map(PlaceId::book).toArray(String[]::new),
                        places.stream().map(PlaceId::id).toArray(String[]::new))
                .fetch(row -> new State(
                        new PlaceId(row.get("book", String.class), row.get("id", String.class)),
                        row.get("owner", UUID.class),
                        row.get("epoch", Long.class),
                        row.get("version", Long.class),
                        row.get("followed", Long.class)));
    }

    /// Counts what others wrote, and says that it need not be kept any longer.
    private static void follow(Tx tx, List<State> behind, Map<PlaceId, Memory> memories) {
        var books = behind.stream().map(state -> state.place.book()).toArray(String[]::new);
        var ids = behind.stream().map(state -> state.place.id()).toArray(String[]::new);
        var known = behind.stream()
                .map(state -> requireNonNull(memories.get(state.place)).version())
                .toArray(Long[]::new);
        tx.sql()
                .resultQuery("""
                        select n.book, n.place, n.sign, calendar_micros(lower(n.during)) as since, calendar_micros(upper(n.during)) as until,
                               n.dimensions, n.amounts
                          from unnest(?::text[], ?::text[], ?::bigint[]) as w (book, id, version)
                          join place_news n on n.book = w.book and n.place = w.id and n.version > w.version""", books, ids, known)
                .forEach(row -> requireNonNull(memories.get(
                                new PlaceId(row.get("book", String.class), row.get("place", String.class))))
                        .follow(
                                Sql.interval(row, "since", "until"),
                                Sql.capacities(row, "dimensions", "amounts"),
                                row.get("sign", Integer.class) > 0));
        behind.forEach(state -> requireNonNull(memories.get(state.place)).isNow(state.version));
        tx.sql().execute("""
                delete from place_news n using unnest(?::text[], ?::text[]) as w (book, id) where n.book = w.book and n.place = w.id""", books, ids);
        tx.sql().execute("""
                update place p set followed = p.version
                  from unnest(?::text[], ?::text[]) as w (book, id) where p.book = w.book and p.id = w.id""", books, ids);
    }

    private record Fence(String book, String place, UUID owner, long epoch, long version) {}

    /// Writes firm bookings without units that were counted in `memories`, in one statement that is not looked at
    /// again for those places.
    void write(Tx tx, Map<PlaceId, Memory> memories, List<Booking> bookings) {
        var fences = new ArrayList<Fence>();
        memories.forEach((place, memory) ->
                fences.add(new Fence(place.book(), place.id(), owner, memory.epoch(), memory.version())));
        tx.sql().fetch("select set_config('holdfast.fence', ?, true)", Json.text(fences));
        if (!Bookings.insertAll(tx, bookings)) {
            throw new IllegalStateException("memory of " + memories.keySet() + " was wrong");
        }
    }

    /// Deletes news for nobody.
    static void prune(Tx tx) {
        tx.sql().execute("""
                delete from place_news n using place p where p.book = n.book and p.id = n.place and p.owner is null""");
    }
}
