package holdfast.api.blazar;

import static holdfast.db.Tables.BLAZAR_LEASE;
import static holdfast.db.Tables.RESOURCE;

import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// What is kept of leases beside the reservations that they are: the words that were used, and which of them were
/// deleted when they were over already.
final class LeaseNotes {
    private LeaseNotes() {}

    static void write(Tx tx, UUID lease, Said said) {
        var json = Json.jsonb(said);
        tx.sql()
                .insertInto(BLAZAR_LEASE, BLAZAR_LEASE.ID, BLAZAR_LEASE.SAID)
                .values(lease, json)
                .onConflict(BLAZAR_LEASE.ID)
                .doUpdate()
                .set(BLAZAR_LEASE.SAID, json)
                .execute();
    }

    /// What was said of each; of a lease that was made elsewhere nothing is known.
    static Map<UUID, Said> of(Tx tx, Collection<UUID> leases) {
        return tx.sql()
                .select(BLAZAR_LEASE.ID, BLAZAR_LEASE.SAID)
                .from(BLAZAR_LEASE)
                .where(BLAZAR_LEASE.ID.eq(DSL.any(leases.toArray(UUID[]::new))))
                .fetchMap(
                        row -> row.get(BLAZAR_LEASE.ID),
                        row -> Json.read(row.get(BLAZAR_LEASE.SAID).data(), Said.class));
    }

    /// From now on nobody sees it.
    static void forget(Tx tx, UUID lease) {
        tx.sql()
                .insertInto(BLAZAR_LEASE, BLAZAR_LEASE.ID, BLAZAR_LEASE.SAID, BLAZAR_LEASE.GONE)
                .values(lease, Json.jsonb(Said.NOTHING), true)
                .onConflict(BLAZAR_LEASE.ID)
                .doUpdate()
                .set(BLAZAR_LEASE.GONE, true)
                .execute();
    }

    /// Selects the reservations that were not forgotten.
    static Condition seen() {
        return DSL.notExists(DSL.selectOne()
                .from(BLAZAR_LEASE)
                .where(BLAZAR_LEASE.ID.eq(RESOURCE.ID).and(BLAZAR_LEASE.GONE)));
    }
}
