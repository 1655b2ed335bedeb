package holdfast.pools.clouds;

import static holdfast.db.Tables.ACCOUNT_FAILURE;

import holdfast.platform.Tx;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.impl.DSL;

/// When launches failed at accounts (aeolus.md 2.3, event `provider_account_failure`).
public final class Failures {
    /// @param instance that was to be made there
    public void note(Tx tx, UUID account, UUID instance, Instant at, String why) {
        tx.sql().insertInto(ACCOUNT_FAILURE).values(account, at, instance, why).execute();
    }

    /// As [holdfast.engine.Forgetter#forget].
    public int prune(Tx tx, Instant before, int limit) {
        return tx.sql().execute("""
                        delete from account_failure where ctid = any (array(
                            select ctid from account_failure where at < ?::timestamptz order by at limit ?))""", before.atOffset(ZoneOffset.UTC), limit);
    }

    /// Of each of these accounts; those without any are missing.
    public Map<UUID, List<Instant>> since(Tx tx, Collection<UUID> accounts, Instant first) {
        return tx.sql()
                .select(ACCOUNT_FAILURE.ACCOUNT, ACCOUNT_FAILURE.AT)
                .from(ACCOUNT_FAILURE)
                .where(ACCOUNT_FAILURE.ACCOUNT.eq(DSL.any(accounts.toArray(UUID[]::new))))
                .and(ACCOUNT_FAILURE.AT.ge(first))
                .fetchGroups(ACCOUNT_FAILURE.ACCOUNT, ACCOUNT_FAILURE.AT);
    }
}
