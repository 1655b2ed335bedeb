package holdfast.orchestrator.instances;

import static holdfast.db.Tables.CLOUD_EVENT;
import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Caller;
import holdfast.db.tables.records.CloudEventRecord;
import holdfast.orchestrator.instances.CloudEvent.Kind;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Held;
import holdfast.pools.clouds.Right.Action;
import holdfast.pools.clouds.Right.Target;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// What happened to instances and deployments, and at accounts (aeolus.md 2.8): the journal tells, and for accounts the
/// failures of launches; nothing else is kept.
public final class CloudEvents {
    private CloudEvents() {}

    /// Which of them.
    ///
    /// @param from the first instant that counts
    /// @param to the first that does not count any more
    public record Which(
            Optional<Kind> kind,
            Optional<UUID> source,
            Optional<String> code,
            Optional<Instant> from,
            Optional<Instant> to) {
        /// All of one source.
        public static Which of(UUID source) {
            return new Which(
                    Optional.empty(), Optional.of(source), Optional.empty(), Optional.empty(), Optional.empty());
        }

        private Condition condition() {
            return kind.map(one -> CLOUD_EVENT.SOURCE_TYPE.eq(one.word()))
                    .orElse(DSL.noCondition())
                    .and(source.map(CLOUD_EVENT.SOURCE::eq).orElse(DSL.noCondition()))
                    .and(code.map(CLOUD_EVENT.STATUS_CODE::eq).orElse(DSL.noCondition()))
                    .and(from.map(CLOUD_EVENT.AT::ge).orElse(DSL.noCondition()))
                    .and(to.map(CLOUD_EVENT.AT::lt).orElse(DSL.noCondition()));
        }
    }

    /// Oldest first, those that the caller may see.
    public static List<CloudEvent> list(Tx tx, Caller caller, Held held, Which which, int offset, int limit) {
        return tx.sql()
                .selectFrom(CLOUD_EVENT)
                .where(which.condition().and(seen(caller, held)))
                .orderBy(CLOUD_EVENT.AT, CLOUD_EVENT.NUMBER)
                .offset(offset)
                .limit(limit)
                .fetch(CloudEvents::event);
    }

    /// How many of them there are.
    public static int count(Tx tx, Caller caller, Held held, Which which) {
        return tx.sql().fetchCount(CLOUD_EVENT, which.condition().and(seen(caller, held)));
    }

    /// The last ones of one source, oldest first.
    static List<CloudEvent> latest(Tx tx, UUID source, int limit) {
        return tx.sql()
                .selectFrom(CLOUD_EVENT)
                .where(CLOUD_EVENT.SOURCE.eq(source))
                .orderBy(CLOUD_EVENT.NUMBER.desc())
                .limit(limit)
                .fetch(CloudEvents::event)
                .reversed();
    }

    private static Condition seen(Caller caller, Held held) {
        var accounts = held.where(Action.VIEW, Target.PROVIDER_ACCOUNT);
        if (held.everything()) {
            return DSL.noCondition();
        }
        var instances = CLOUD_EVENT.SOURCE.in(DSL.select(RESOURCE.ID)
                .from(RESOURCE)
                .where(RESOURCE.TYPE.eq(Instances.TYPE))
                .and(Fleet.seen(caller, held)));
        var deployments = CLOUD_EVENT.SOURCE.in(DSL.select(RESOURCE.ID)
                .from(RESOURCE)
                .where(RESOURCE.TYPE.eq(Deploying.TYPE))
                .and(CallerDeployments.seen(caller, held)));
        return CLOUD_EVENT
                .SOURCE_TYPE
                .eq(Kind.INSTANCE.word())
                .and(instances)
                .or(CLOUD_EVENT.SOURCE_TYPE.eq(Kind.DEPLOYMENT.word()).and(deployments))
                .or(CLOUD_EVENT
                        .SOURCE_TYPE
                        .eq(Kind.PROVIDER_ACCOUNT.word())
                        .and(accounts.map(CLOUD_EVENT.SOURCE::in).orElse(DSL.noCondition())));
    }

    private static CloudEvent event(CloudEventRecord row) {
        return new CloudEvent(
                row.getNumber() == null ? OptionalLong.empty() : OptionalLong.of(row.getNumber()),
                row.getAt(),
                Kind.valueOf(row.getSourceType().toUpperCase(Locale.ROOT)),
                row.getSource(),
                Optional.ofNullable(row.getName()),
                Optional.ofNullable(row.getStatusCode()),
                row.getSummary());
    }
}
