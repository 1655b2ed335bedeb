package holdfast.authority;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.CloudServer;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Database;
import holdfast.platform.Tx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;

/// The leases at a provider as a look compares them with what is there: no more is read of each than that takes, and
/// only what differs is written, so that a look at very many costs little time and memory.
final class TrackedLeases {
    private static final int MOST = 100_000;
    /// Read from the database at a time.
    private static final int FETCH = 1_000;
    /// Written in one transaction.
    private static final int PAGE = 200;

    private static final String STATUS = CloudProvisioning.SERVER + ".status";
    private static final String ADDRESSES = CloudProvisioning.SERVER + ".addresses";
    private static final Field<String> WANTED = DSL.field("data -> 'order' -> 'wanted' ->> 'is'", String.class);
    private static final Field<Boolean> ON =
            DSL.field("(data -> 'order' -> 'wanted' ->> 'on')::boolean", Boolean.class);
    private static final Field<String> KNOWN_STATUS = DSL.field("data -> 'facts' ->> '" + STATUS + "'", String.class);
    private static final Field<String> KNOWN_ADDRESSES =
            DSL.field("data -> 'facts' ->> '" + ADDRESSES + "'", String.class);

    private final Database database;
    private final Resources resources;
    private final Leases leases;

    TrackedLeases(Database database, Engine engine, Leases leases) {
        this.database = database;
        this.resources = engine.resources();
        this.leases = leases;
    }

    /// Selects the leases of a provider that are not over; written as their index has it.
    static Condition of(UUID provider) {
        return DSL.condition("type = 'lease' and data -> 'order' ->> 'provider' = {0}", DSL.val(provider.toString()))
                .and(Resources.present());
    }

    /// One that is active.
    ///
    /// @param wanted what it is a lease of, such as `Instance`
    /// @param on whether that is to run
    /// @param status the last that was seen
    record Tracked(UUID id, String wanted, boolean on, Optional<String> status, Optional<String> addresses) {
        private boolean isInstance() {
            return wanted.equals("Instance");
        }

        /// Whether a server should be there for it.
        ///
        /// @param disappear what is stopped there is gone
        boolean hasServer(boolean disappear) {
            return wanted.equals("Server") || isInstance() && (on || !disappear);
        }

        private boolean knows(CloudServer server) {
            return status.equals(Optional.of(server.status()))
                    && (server.addresses().isEmpty()
                            || addresses.equals(Optional.of(String.join(" ", server.addresses()))));
        }
    }

    List<Tracked> active(UUID provider) {
        return database.inTransaction(tx -> tx.sql()
                .select(RESOURCE.ID, WANTED, ON, KNOWN_STATUS, KNOWN_ADDRESSES)
                .from(RESOURCE)
                .where(of(provider).and(Resources.inState("active")))
                .limit(MOST)
                .fetchSize(FETCH)
                .fetch(row -> new Tracked(
                        row.value1(),
                        Optional.ofNullable(row.value2()).orElse(""),
                        Boolean.TRUE.equals(row.value3()),
                        Optional.ofNullable(row.value4()).map(String::intern), // few words, very often
                        Optional.ofNullable(row.value5()))));
    }

    /// Those that could not be taken away.
    List<UUID> stuck(UUID provider) {
        return database.inTransaction(
                tx -> List.copyOf(resources.ids(tx, of(provider).and(Resources.inState("close_failed")))));
    }

    /// The states of those that keys speak of, as far as they are known.
    ///
    /// @param active of which that is known already
    Map<String, String> states(Collection<Driver.Key> keys, Collection<Tracked> active) {
        var known = new HashMap<String, String>();
        active.forEach(one -> known.put(one.id.toString(), "active"));
        var others = keys.stream()
                .map(Driver.Key::lease)
                .filter(lease -> !known.containsKey(lease))
                .distinct()
                .map(UUID::fromString)
                .toList();
        if (!others.isEmpty()) {
            database.inTransaction(tx -> tx.sql()
                            .select(RESOURCE.ID, RESOURCE.STATE)
                            .from(RESOURCE)
                            .where(Resources.withIds(others))
                            .fetch())
                    .forEach(row -> known.put(row.value1().toString(), row.value2()));
        }
        return known;
    }

    /// Whoever wants an instance hears what became of it, whoever did that.
    ///
    /// @param current whether the account is still the one that was looked at; asked in each transaction
    void notice(Collection<Tracked> active, List<CloudServer> servers, Predicate<Tx> current) {
        var seen = new HashMap<String, CloudServer>();
        servers.forEach(server -> Reconciliation.key(server).ifPresent(key -> seen.putIfAbsent(key.lease(), server)));
        var changed = new HashMap<UUID, CloudServer>();
        active.stream()
                .filter(Tracked::isInstance)
                .forEach(one -> Optional.ofNullable(seen.get(one.id.toString()))
                        .filter(server -> !one.knows(server))
                        .ifPresent(server -> changed.put(one.id, server)));
        var ids = new ArrayList<>(changed.keySet());
        ids.sort(null); // all lock in one order
        for (int from = 0; from < ids.size(); from += PAGE) {
            var page = ids.subList(from, Math.min(from + PAGE, ids.size()));
            database.inTransaction(tx -> {
                if (current.test(tx)) {
                    resources.lockAll(tx, page).stream()
                            .filter(lease -> lease.state().equals("active"))
                            .forEach(lease -> Optional.ofNullable(changed.get(lease.id()))
                                    .ifPresent(server -> noticed(tx, lease, CloudProvisioning.facts(server))));
                }
                return page;
            });
        }
    }

    private void noticed(Tx tx, Resource lease, Map<String, String> facts) {
        var before = lease.as(Lease.class);
        if (!before.knows(facts)) { // else somebody was quicker
            var next = lease.withData(before.knowing(facts));
            leases.tellAgain(tx, resources.update(tx, "active", next, CloudAuthority.NAME, "looked at"));
        }
    }
}
