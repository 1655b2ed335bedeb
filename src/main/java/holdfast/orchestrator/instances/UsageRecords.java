package holdfast.orchestrator.instances;

import static holdfast.db.Tables.JOURNAL;
import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.orchestrator.instances.UsageRecord.Place;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.Configuration;
import holdfast.pools.clouds.Held;
import holdfast.pools.clouds.Landscape;
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
    private static final Field<Instant> STARTED = last(BEFORE.AT);
    private static final Field<String> START_REASON = last(BEFORE.WHY);

    private final Resources resources;
    private final Landscape landscape;

    public UsageRecords(Resources resources, Configuration configuration) {
        this.resources = resources;
        this.landscape = new Landscape(configuration);
    }

    /// Of the last time before an entry that the same instance began to run.
    private static <T> Field<T> last(Field<T> what) {
        return DSL.field(DSL.select(what)
                .from(BEFORE)
                .where(BEFORE.RESOURCE.eq(JOURNAL.RESOURCE))
                .and(BEFORE.KIND.eq("state"))
                .and(BEFORE.TO_STATE.eq(InstanceState.RUNNING.word()))
                .and(BEFORE.SEQ.lt(JOURNAL.SEQ))
                .orderBy(BEFORE.SEQ.desc())
                .limit(1));
    }

    /// Written as the partial index has it.
    private static Condition counted() {
        return DSL.condition(
                "journal.type = 'cloudInstance' and journal.kind = 'state' and journal.to_state in ('running', 'stopped')");
    }

    private static Condition which(Caller caller, Held held, Optional<Instant> from, Optional<Instant> to) {
        var seen = held.everything()
                ? DSL.noCondition()
                : JOURNAL.RESOURCE.in(DSL.select(RESOURCE.ID)
                        .from(RESOURCE)
                        .where(RESOURCE.TYPE.eq(Instances.TYPE))
                        .and(Fleet.seen(caller, held)));
        return counted()
                .and(from.map(JOURNAL.AT::ge).orElse(DSL.noCondition()))
                .and(to.map(JOURNAL.AT::lt).orElse(DSL.noCondition()))
                .and(seen);
    }

    /// Oldest first, those of instances that the caller may see.
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
        Map<UUID, Resource> instances =
                resources.list(tx, Resources.withIds(rows.getValues(JOURNAL.RESOURCE)), limit).stream()
                        .collect(Collectors.toMap(Resource::id, one -> one));
        var places = new HashMap<UUID, Place>();
        return rows.map(row -> record(
                row,
                Optional.ofNullable(instances.get(row.get(JOURNAL.RESOURCE))).map(one -> one.as(Instance.class)),
                account -> places.computeIfAbsent(account, id -> place(tx, id))));
    }

    private interface Places {
        Place of(UUID account);
    }

    private static UsageRecord record(Record row, Optional<Instance> instance, Places places) {
        var state = InstanceState.named(row.get(JOURNAL.TO_STATE)).orElseThrow();
        var time = row.get(JOURNAL.AT);
        var why = row.get(JOURNAL.WHY);
        boolean runs = state == InstanceState.RUNNING;
        return new UsageRecord(
                row.get(JOURNAL.SEQ),
                time,
                row.get(JOURNAL.RESOURCE),
                row.get(JOURNAL.NAME),
                state,
                InstanceState.named(row.get(JOURNAL.FROM_STATE)).orElseThrow(),
                instance.map(Instance::owner),
                instance.map(Instance::pool),
                instance.flatMap(one -> one.attempt().match()).map(match -> places.of(match.account())),
                instance.map(one -> one.order().profile().name()),
                runs ? Optional.of(time) : Optional.ofNullable(row.get(STARTED)),
                runs ? Optional.of(why) : Optional.ofNullable(row.get(START_REASON)),
                runs ? Optional.empty() : Optional.of(time),
                runs ? Optional.empty() : Optional.of(why));
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
    public void moved(Tx tx, UUID instance) {
        if (!USAGE.isInfoEnabled()) {
            return;
        }
        try {
            read(tx, counted().and(JOURNAL.RESOURCE.eq(instance)), true, 0, 1)
                    .forEach(record -> tx.afterCommit(() -> USAGE.info("{}", line(record))));
        } catch (RuntimeException e) {
            LOG.warn("no record of usage of the instance {} was written", instance, e);
        }
    }

    /// On one line, in the words of those who collect them.
    static String line(UsageRecord record) {
        var line = Json.object()
                .put("event_id", UsageRecord.EVENT)
                .put("time", record.time().toString())
                .put("action", record.state().word())
                .put("old_state", record.before().word())
                .put("instance", record.instance().toString())
                .put("name", record.name());
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
