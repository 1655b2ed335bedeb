package holdfast.calendar;

import static java.util.Objects.requireNonNull;

import holdfast.core.Interval;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/// The places that this server owns and knows by heart (promise.md 6.5): what is free of them at each instant, so that
/// a decision reads nothing.
///
/// For a decision memory is believed under the lock of the place only, and only if epoch and version are still those
/// that it knows; what others wrote meanwhile is in the place's news and is counted first. Whatever else happened, such
/// as another owner, other totals, or a failed transaction of our own, has the memory thrown away.
public final class Hot {
    /// How many versions the owner lets pass until it says again how far it is.
    private static final int SILENCE = 1_000;

    /// Who reads waits no longer: the database knows as well.
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final UUID owner;
    private final Database database;
    private final long mostBytes;
    /// For writing: from when the locks of the places are held until what was counted is written.
    private final ReentrantReadWriteLock content = new ReentrantReadWriteLock();

    private final LinkedHashMap<PlaceId, Memory> known = new LinkedHashMap<>(16, 0.75f, true);

    /// May take two fifths of the memory that the Java process may have.
    ///
    /// @param owner the id of this server
    public Hot(UUID owner, Database database) {
        this(owner, database, Runtime.getRuntime().maxMemory() / 5 * 2);
    }

    /// @param mostBytes about how much memory hot places may take in all; a place that takes more is never hot
    public Hot(UUID owner, Database database, long mostBytes) {
        this.owner = owner;
        this.database = database;
        this.mostBytes = mostBytes;
    }

    /// Whether requests for this place are decided in memory now.
    public synchronized boolean knows(PlaceId place) {
        return known.containsKey(place);
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

    /// Takes the locks of the places, in the order in which everybody does, and keeps readers of memory out until
    /// [#unlock].
    ///
    /// @return what is known of them, and true until the end of the transaction; others must be asked otherwise
    Map<PlaceId, Memory> lock(Tx tx, Set<PlaceId> places) {
        var states = states(tx, places);
        if (!content.isWriteLockedByCurrentThread()) {
            content.writeLock().lock();
        }
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

    /// What was counted is written, or forgotten.
    void unlock() {
        if (content.isWriteLockedByCurrentThread()) {
            content.writeLock().unlock();
        }
    }

    private static List<State> states(Tx tx, Collection<PlaceId> places) {
        var states = tx.sql()
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
        tx.lastLocked();
        return states;
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
                        .follow(news(row)));
        behind.forEach(state -> requireNonNull(memories.get(state.place)).isNow(state.version));
        tx.sql().execute("""
                delete from place_news n using unnest(?::text[], ?::text[]) as w (book, id) where n.book = w.book and n.place = w.id""", books, ids);
        tx.sql().execute("""
                update place p set followed = p.version
                  from unnest(?::text[], ?::text[]) as w (book, id) where p.book = w.book and p.id = w.id""", books, ids);
    }

    private record Fence(String book, String place, UUID owner, long epoch, long version) {}

    /// What is inserted next was counted in `memories` if it is of one of those places, and is not looked at again
    /// there.
    void fence(Tx tx, Map<PlaceId, Memory> memories) {
        var fences = new ArrayList<Fence>();
        memories.forEach((place, memory) ->
                fences.add(new Fence(place.book(), place.id(), owner, memory.epoch(), memory.version())));
        tx.sql().fetch("select set_config('holdfast.fence', ?, true)", Json.text(fences));
    }

    // ----------------------------------------------------------------------------------------------------------------
    // reading

    /// What was free of those of these places that are known by heart a moment ago, for a decision that is looked
    /// at again when it is written; zero outside of the window. Reads nothing.
    Map<String, Profile> glance(String book, Collection<String> places, Interval when) {
        return reading(book, places, known -> {
            var profiles = new TreeMap<String, Profile>();
            known.forEach((place, memory) -> profiles.put(place, memory.during(when)));
            return profiles;
        });
    }

    /// What is free of those of these places that are known by heart, as the transaction sees them; zero outside of
    /// the window. One query.
    Map<String, Profile> profiles(Tx tx, String book, Collection<String> places, Interval when) {
        return reading(book, places, known -> {
            var profiles = new TreeMap<String, Profile>();
            tx.sql()
                    .resultQuery(
                            """
                            select p.id, p.owner, p.epoch, p.version, n.sign, calendar_micros(lower(n.during)) as since,
                                   calendar_micros(upper(n.during)) as until, n.dimensions, n.amounts
                              from (select ?::text as book) b, unnest(?::text[], ?::bigint[]) as w (id, version)
                              join place p on p.id = w.id
                              left join place_news n on n.book = p.book and n.place = p.id and n.version > w.version
                             where p.book = b.book
                             order by p.id""",
                            book,
                            known.keySet().toArray(String[]::new),
                            known.values().stream().map(Memory::version).toArray(Long[]::new))
                    .fetchGroups("id")
                    .forEach((id, rows) -> {
                        var place = id.toString();
                        var memory = requireNonNull(known.get(place));
                        if (isOurs(rows.getFirst(), memory)) {
                            memory.during(when, news(rows)).ifPresent(profile -> profiles.put(place, profile));
                        }
                    });
            return profiles;
        });
    }

    private boolean isOurs(Record row, Memory memory) {
        return owner.equals(row.get("owner", UUID.class))
                && row.get("epoch", Long.class) == memory.epoch()
                && row.get("version", Long.class) >= memory.version();
    }

    private static List<Memory.News> news(List<? extends Record> rows) {
        return rows.stream()
                .filter(row -> row.get("sign") != null)
                .map(Hot::news)
                .toList();
    }

    private static Memory.News news(Record row) {
        return new Memory.News(
                Sql.interval(row, "since", "until"),
                Sql.capacities(row, "dimensions", "amounts"),
                row.get("sign", Integer.class) > 0);
    }

    private synchronized Map<String, Memory> memories(String book, Collection<String> places) {
        var memories = new TreeMap<String, Memory>();
        for (var place : places) {
            var memory = known.get(new PlaceId(book, place));
            if (memory != null) {
                memories.put(place, memory);
            }
        }
        return memories;
    }

    private interface Reading {
        Map<String, Profile> of(Map<String, Memory> known);
    }

    /// Nothing if nothing is known, or if it takes too long until nobody writes.
    private Map<String, Profile> reading(String book, Collection<String> places, Reading work) {
        if (memories(book, places).isEmpty() || !isLocked(content.readLock())) {
            return Map.of();
        }
        try {
            return work.of(memories(book, places)); // what was forgotten meanwhile may be wrong
        } finally {
            content.readLock().unlock();
        }
    }

    private static boolean isLocked(Lock lock) {
        try {
            return lock.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Deletes news for nobody.
    static void prune(Tx tx) {
        tx.sql().execute("""
                delete from place_news n using place p where p.book = n.book and p.id = n.place and p.owner is null""");
    }
}
