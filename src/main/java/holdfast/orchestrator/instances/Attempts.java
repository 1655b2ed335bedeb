package holdfast.orchestrator.instances;

import static holdfast.db.Tables.INSTANCE_ATTEMPT;

import holdfast.core.SliverId;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Match;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// The attempts to make instances (aeolus.md 2.8: InstanceMatch). Each has a sliver of its own, so that what is said of
/// an earlier one is not taken for the next.
final class Attempts {
    private static final String BEGIN = """
            with started as (
                update instance_task set state = 'running', started = ?::timestamptz where instance = ? and state = 'queued'
            )
            insert into instance_attempt (sliver, instance, round, account, match, at) values (?, ?, ?, ?, ?::jsonb, ?::timestamptz)""";

    private final Platform platform;

    Attempts(Platform platform) {
        this.platform = platform;
    }

    /// Begins one, with which the task that waits for it begins.
    void begin(Tx tx, SliverId sliver, UUID instance, int round, Match match) {
        var now = platform.now();
        tx.sql().execute(BEGIN, now, instance, sliver.value(), instance, round, match.account(), Json.text(match), now);
    }

    void failed(Tx tx, SliverId sliver, String why) {
        tx.sql()
                .update(INSTANCE_ATTEMPT)
                .set(INSTANCE_ATTEMPT.ERROR, why)
                .where(INSTANCE_ATTEMPT.SLIVER.eq(sliver.value()))
                .execute();
    }

    /// What the last account said at which an instance could not be made.
    Optional<String> lastError(Tx tx, UUID instance) {
        return tx.sql()
                .select(INSTANCE_ATTEMPT.ERROR)
                .from(INSTANCE_ATTEMPT)
                .where(INSTANCE_ATTEMPT.INSTANCE.eq(instance).and(INSTANCE_ATTEMPT.ERROR.isNotNull()))
                .orderBy(INSTANCE_ATTEMPT.ROUND.desc())
                .limit(1)
                .fetchOptional(INSTANCE_ATTEMPT.ERROR);
    }

    /// Selects instances by their own ids, or by those of the slivers of any of their attempts.
    static Condition ofAny(Collection<UUID> subjects) {
        return DSL.condition("""
                resource.id = any (array(select unnest({0}) union all select instance from instance_attempt where sliver = any ({0})))""", DSL.val(subjects.toArray(UUID[]::new)));
    }

    /// As [holdfast.engine.Forgetter#forget]; what belongs to an instance that is there stays.
    static int prune(Tx tx, Instant before, int limit) {
        return tx.sql().execute("""
                        delete from instance_attempt where sliver = any (array(
                            select a.sliver from instance_attempt a where a.at < ?::timestamptz
                                and not exists (select from resource r where r.id = a.instance and r.removed is null)
                            order by a.at limit ?))""", before.atOffset(ZoneOffset.UTC), limit);
    }

    /// What was tried of an instance, in order.
    List<Match> tried(Tx tx, UUID instance) {
        return tx.sql()
                .select(INSTANCE_ATTEMPT.MATCH)
                .from(INSTANCE_ATTEMPT)
                .where(INSTANCE_ATTEMPT.INSTANCE.eq(instance))
                .orderBy(INSTANCE_ATTEMPT.ROUND)
                .fetch(row -> Json.read(row.value1().data(), Match.class));
    }

    /// The same with what became of them.
    static List<AttemptView> list(Tx tx, UUID instance, int limit) {
        return tx.sql()
                .selectFrom(INSTANCE_ATTEMPT)
                .where(INSTANCE_ATTEMPT.INSTANCE.eq(instance))
                .orderBy(INSTANCE_ATTEMPT.ROUND)
                .limit(limit)
                .fetch(row -> new AttemptView(
                        row.getRound(),
                        Json.read(row.getMatch().data(), Match.class),
                        row.getAt(),
                        Optional.ofNullable(row.getError())));
    }
}
