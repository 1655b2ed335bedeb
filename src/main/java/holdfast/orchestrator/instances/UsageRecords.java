package holdfast.orchestrator.instances;

import static holdfast.db.Tables.JOURNAL;
import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.orchestrator.instances.CloudEvent.Kind;
import holdfast.orchestrator.instances.UsageRecord.Place;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.Configuration;
import holdfast.pools.clouds.Held;
import holdfast.pools.clouds.Landscape;
import holdfast.protocol.Match;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Records of usage: read from the journal whenever somebody asks, and written to the log `usage`, a line of JSON each,
/// when they come about. Not to be able to write one never keeps an instance from changing.
public final class UsageRecords implements Instances.Ear {
    private static final Logger LOG = LoggerFactory.getLogger(UsageRecords.class);
    private static final Logger USAGE = LoggerFactory.getLogger("usage");
    private static final holdfast.db.tables.Journal BEFORE = JOURNAL.as("before");
    private static final String FIRST = "first_running";
    private static final String LAST = "all_stopped";
    private static final Field<Instant> STARTED = last(BEFORE.AT);
    private static final Field<String> START_REASON = last(BEFORE.WHY);

    private final Resources resources;
    private final Landscape landscape;

    public UsageRecords(Resources resources, Configuration configuration) {
        this.resources = resources;
        this.landscape = new Landscape(configuration);
    }

    /// Of the last time before an entry that the same instance began to run, or the first of the same deployment.
    private static <T> Field<T> last(Field<T> what) {
        return DSL.field(DSL.select(what)
                .from(BEFORE)
                .where(BEFORE.RESOURCE.eq(JOURNAL.RESOURCE))
                .and(BEFORE.TYPE
                        .eq(Instances.TYPE)
                        .and(BEFORE.KIND.eq("state"))
                        .and(BEFORE.TO_STATE.eq(InstanceState.RUNNING.word()))
                        .or(BEFORE.TYPE
                                .eq(Deploying.TYPE)
                                .and(BEFORE.KIND.eq("change"))
                                .and(BEFORE.WHY.eq(FIRST))))
                .and(BEFORE.SEQ.lt(JOURNAL.SEQ))
                .orderBy(BEFORE.SEQ.desc())
                .limit(1));
    }

    /// Written as the partial index has it.
    private static Condition counted() {
        return DSL.condition("""
                (journal.type = 'cloudInstance' and journal.kind = 'state'
                    and journal.to_state in ('running', 'stopped')
                    or journal.type = 'cloudDeployment' and journal.kind = 'change'
                    and journal.why in ('first_running', 'all_running', 'some_stopped', 'all_stopped'))""");
    }

    private static Condition which(Caller caller, Held held, Optional<Instant> from, Optional<Instant> to) {
        var seen = held.everything()
                ? DSL.noCondition()
                : JOURNAL.RESOURCE.in(DSL.select(RESOURCE.ID)
                        .from(RESOURCE)
                        .where(RESOURCE.TYPE
                                .eq(Instances.TYPE)
                                .and(Fleet.seen(caller, held))
                                .or(RESOURCE.TYPE.eq(Deploying.TYPE).and(CallerDeployments.seen(caller, held)))));
        return counted()
                .and(from.map(JOURNAL.AT::ge).orElse(DSL.noCondition()))
                .and(to.map(JOURNAL.AT::lt).orElse(DSL.noCondition()))
                .and(seen);
    }

    /// Oldest first, those of instances and deployments that the caller may see.
    ///
    /// @param from the first instant that counts
    /// @param to the first that does not count any more
    public List<UsageRecord> list(
            Tx tx, Caller caller, Held held, Optional<Instant> from, Optional<Instant> to, int offset, int limit) {
        return read(tx, which(caller, held, from, to), false, offset, limit);
    }

    /// How many of them there are.
    public int count(Tx tx, Caller caller, Held held, Optional<Instant> from, Optional<Instant> to) {
        return tx.sql().fetchCount(JOURNAL, which(caller, held, from, to));
    }

    private List<UsageRecord> read(Tx tx, Condition which, boolean newest, int offset, int limit) {
        var rows = tx.sql()
                .select(
                        JOURNAL.SEQ,
                        JOURNAL.AT,
                        JOURNAL.RESOURCE,
                        JOURNAL.TYPE,
                        JOURNAL.NAME,
                        JOURNAL.FROM_STATE,
                        JOURNAL.TO_STATE,
                        JOURNAL.WHY,
                        STARTED,
                        START_REASON)
                .from(JOURNAL)
                .where(which)
                .orderBy(newest ? List.of(JOURNAL.SEQ.desc()) : List.of(JOURNAL.AT, JOURNAL.SEQ))
                .offset(offset)
                .limit(limit)
                .fetch();
        var sources = byId(tx, rows.getValues(JOURNAL.RESOURCE));
        var parts = byId(
                tx,
                sources.values().stream()
                        .filter(one -> one.type().equals(Deploying.TYPE))
                        .flatMap(one -> one.as(Deployment.class).parts().stream())
                        .toList());
        var places = new HashMap<UUID, Place>();
        return rows.map(row -> record(
                row,
                Optional.ofNullable(sources.get(row.get(JOURNAL.RESOURCE))).map(one -> Source.of(one, parts)),
                account -> places.computeIfAbsent(account, id -> place(tx, id))));
    }

    private Map<UUID, Resource> byId(Tx tx, List<UUID> ids) {
        return resources.list(tx, Resources.withIds(ids), Math.max(1, ids.size())).stream()
                .collect(Collectors.toMap(Resource::id, one -> one));
    }

    private interface Places {
        Place of(UUID account);
    }

    /// What is known of it now.
    ///
    /// @param account at which it is; of a deployment that of any of its instances, since all are at one
    private record Source(String owner, UUID pool, Optional<UUID> account, Optional<String> profile) {
        static Source of(Resource one, Map<UUID, Resource> parts) {
            if (one.type().equals(Instances.TYPE)) {
                var instance = one.as(Instance.class);
                return new Source(
                        instance.owner(),
                        instance.pool(),
                        account(instance),
                        Optional.of(instance.order().profile().name()));
            }
            var deployment = one.as(Deployment.class);
            var account = deployment.parts().stream()
                    .flatMap(id -> Optional.ofNullable(parts.get(id)).stream())
                    .flatMap(part -> account(part.as(Instance.class)).stream())
                    .findFirst();
            return new Source(deployment.owner(), deployment.pool(), account, Optional.empty());
        }

        private static Optional<UUID> account(Instance instance) {
            return instance.attempt().match().map(Match::account);
        }
    }

    private static UsageRecord record(Record row, Optional<Source> source, Places places) {
        var kind = row.get(JOURNAL.TYPE).equals(Instances.TYPE) ? Kind.INSTANCE : Kind.DEPLOYMENT;
        boolean instance = kind == Kind.INSTANCE;
        var time = row.get(JOURNAL.AT);
        var why = Optional.of(row.get(JOURNAL.WHY)).filter(_ -> instance);
        var action = instance ? row.get(JOURNAL.TO_STATE) : row.get(JOURNAL.WHY);
        boolean begins = action.equals(InstanceState.RUNNING.word()) || action.equals(FIRST);
        boolean ends = action.equals(InstanceState.STOPPED.word()) || action.equals(LAST);
        return new UsageRecord(
                row.get(JOURNAL.SEQ),
                time,
                kind,
                row.get(JOURNAL.RESOURCE),
                row.get(JOURNAL.NAME),
                action,
                Optional.ofNullable(row.get(JOURNAL.FROM_STATE)).filter(_ -> instance),
                source.map(Source::owner),
                source.map(Source::pool),
                source.flatMap(Source::account).map(places::of),
                source.flatMap(Source::profile),
                begins ? Optional.of(time) : Optional.ofNullable(row.get(STARTED)),
                begins ? why : Optional.ofNullable(row.get(START_REASON)).filter(_ -> instance),
                ends ? Optional.of(time) : Optional.empty(),
                ends ? why : Optional.empty());
    }

    private Place place(Tx tx, UUID account) {
        var known = landscape.account(tx, account) instanceof Answer.Yes<CloudAccount>(var there)
                ? Optional.of(there)
                : Optional.<CloudAccount>empty();
        var provider = known.map(CloudAccount::provider);
        return new Place(
                account,
                known.map(CloudAccount::label),
                provider.map(one -> one.id()),
                provider.map(one -> one.name()),
                provider.map(one -> one.type().driver()));
    }

    @Override
    public void moved(Tx tx, UUID id, int times) {
        try {
            read(tx, counted().and(JOURNAL.RESOURCE.eq(id)), true, 0, times)
                    .reversed()
                    .forEach(record -> tx.afterCommit(() -> USAGE.info("{}", line(record))));
        } catch (RuntimeException e) {
            LOG.warn("no record of usage of {} was written", id, e);
        }
    }

    /// On one line, in the words of those who collect them.
    static String line(UsageRecord record) {
        var line = Json.object()
                .put("event_id", record.event())
                .put("time", record.time().toString())
                .put("action", record.action());
        record.before().ifPresent(state -> line.put("old_state", state));
        line.put(record.kind().word(), record.source().toString()).put("name", record.name());
        record.owner().ifPresent(owner -> line.put("owner", owner));
        record.pool().ifPresent(pool -> line.put("pool", pool.toString()));
        record.place().ifPresent(place -> {
            line.put("provider_account", place.account().toString());
            place.label().ifPresent(label -> line.put("provider_account_name", label));
            place.provider().ifPresent(name -> line.put("provider", name));
            place.type().ifPresent(type -> line.put("provider_type", type));
        });
        record.profile().ifPresent(profile -> line.put("hardware_profile", profile));
        record.started().ifPresent(time -> line.put("start_time", time.toString()));
        record.startReason().ifPresent(why -> line.put("start_reason", why));
        record.terminated().ifPresent(time -> line.put("terminate_time", time.toString()));
        record.terminateReason().ifPresent(why -> line.put("terminate_reason", why));
        return Json.text(line);
    }
}
