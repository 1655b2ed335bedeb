package holdfast.orchestrator.instances;

import static holdfast.db.Tables.INSTANCE_TASK;
import static holdfast.db.Tables.RESOURCE;

import holdfast.db.tables.records.InstanceTaskRecord;
import holdfast.orchestrator.instances.TaskView.State;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// What was asked of instances, and what became of it (aeolus.md 2.8, 3.3). Of one instance only one thing is open at a
/// time; the database sees to that.
final class InstanceTasks {
    /// Written as the partial index has it.
    private static final Condition OPEN = DSL.condition("state in ('queued', 'running')");

    private final Platform platform;
    private volatile Consumer<UUID> ear = _ -> {};

    InstanceTasks(Platform platform) {
        this.platform = platform;
    }

    /// Writes down what is asked for; the instance is locked, and nothing is open on it.
    ///
    /// @param revision under which its authority answers
    UUID begin(Tx tx, UUID instance, UUID pool, Action action, String who, long revision, State state) {
        return begin(tx, instance, pool, action, who, revision, state, false);
    }

    /// The same of a deployment as a whole, of which nothing is open either.
    UUID beginWhole(Tx tx, UUID deployment, UUID pool, Action action, String who) {
        return begin(tx, deployment, pool, action, who, 0, State.RUNNING, true);
    }

    private UUID begin(
            Tx tx, UUID subject, UUID pool, Action action, String who, long revision, State state, boolean whole) {
        var id = platform.newId();
        var now = platform.now();
        tx.sql()
                .insertInto(INSTANCE_TASK)
                .set(INSTANCE_TASK.ID, id)
                .set(INSTANCE_TASK.INSTANCE, subject)
                .set(INSTANCE_TASK.WHOLE, whole)
                .set(INSTANCE_TASK.POOL, pool)
                .set(INSTANCE_TASK.ACTION, action.word())
                .set(INSTANCE_TASK.STATE, state.word())
                .set(INSTANCE_TASK.WHO, who)
                .set(INSTANCE_TASK.REVISION, revision)
                .set(INSTANCE_TASK.CREATED, now)
                .set(INSTANCE_TASK.STARTED, state == State.QUEUED ? null : now)
                .execute();
        return id;
    }

    /// What is open on an instance.
    Optional<Open> open(Tx tx, UUID instance) {
        return tx.sql()
                .selectFrom(INSTANCE_TASK)
                .where(INSTANCE_TASK.INSTANCE.eq(instance).and(OPEN))
                .fetchOptional(row -> new Open(action(row), row.getRevision()));
    }

    /// Those of some instances on which something is open.
    Set<UUID> busy(Tx tx, Collection<UUID> instances) {
        return tx.sql()
                .select(INSTANCE_TASK.INSTANCE)
                .from(INSTANCE_TASK)
                .where(INSTANCE_TASK.INSTANCE.eq(DSL.any(instances.toArray(UUID[]::new))))
                .and(OPEN)
                .fetchSet(INSTANCE_TASK.INSTANCE);
    }

    /// Whether that was asked of an instance since then, and has not failed.
    boolean wasAsked(Tx tx, UUID instance, Action action, Instant since) {
        var asked = INSTANCE_TASK.ACTION.eq(action.word()).and(INSTANCE_TASK.CREATED.gt(since));
        return tx.sql()
                .fetchExists(
                        INSTANCE_TASK,
                        INSTANCE_TASK
                                .INSTANCE
                                .eq(instance)
                                .and(asked)
                                .and(INSTANCE_TASK.STATE.ne(State.FAILED.word())));
    }

    /// Selects instances to which this is being done.
    static Condition doing(Action action) {
        return DSL.exists(DSL.selectOne()
                .from(INSTANCE_TASK)
                .where(INSTANCE_TASK.INSTANCE.eq(RESOURCE.ID))
                .and("instance_task.state in ('queued', 'running')") // as its index has it
                .and(INSTANCE_TASK.ACTION.eq(action.word())));
    }

    /// Something that is not over.
    record Open(Action action, long revision) {}

    /// It is over, if it is what is open on an instance.
    ///
    /// @return whether it was
    boolean ended(Tx tx, UUID instance, Action action, State state, Optional<String> message) {
        int rows = tx.sql()
                .update(INSTANCE_TASK)
                .set(INSTANCE_TASK.STATE, state.word())
                .set(INSTANCE_TASK.ENDED, platform.now())
                .set(INSTANCE_TASK.MESSAGE, message.orElse(null))
                .where(INSTANCE_TASK.INSTANCE.eq(instance).and(INSTANCE_TASK.ACTION.eq(action.word())))
                .and(OPEN)
                .execute();
        if (rows > 0) {
            tx.afterCommit(() -> ear.accept(instance));
        }
        return rows > 0;
    }

    /// Has somebody told of each instance on which nothing is open any more; to be called once, before anything
    /// happens.
    void tell(Consumer<UUID> listener) {
        ear = listener;
    }

    /// As [holdfast.engine.Forgetter#forget]; what belongs to an instance that is there stays.
    static int prune(Tx tx, Instant before, int limit) {
        return tx.sql().execute("""
                        delete from instance_task where id = any (array(
                            select t.id from instance_task t where t.created < ?::timestamptz
                                and not exists (select from resource r where r.id = t.instance and r.removed is null)
                            order by t.created limit ?))""", before.atOffset(ZoneOffset.UTC), limit);
    }

    /// Newest first.
    ///
    /// @param user who asked for them; empty = whoever did
    List<TaskView> list(Tx tx, UUID pool, Optional<UUID> instance, Optional<String> user, int limit) {
        var which = INSTANCE_TASK.POOL.eq(pool);
        if (instance.isPresent()) {
            which = which.and(INSTANCE_TASK.INSTANCE.eq(instance.get()));
        }
        if (user.isPresent()) {
            which = which.and(INSTANCE_TASK.WHO.eq(user.get()));
        }
        return list(tx, which, limit);
    }

    /// All of one instance, newest first.
    List<TaskView> of(Tx tx, UUID instance, int limit) {
        return list(tx, INSTANCE_TASK.INSTANCE.eq(instance), limit);
    }

    Optional<TaskView> find(Tx tx, UUID pool, UUID id) {
        return list(tx, INSTANCE_TASK.ID.eq(id).and(INSTANCE_TASK.POOL.eq(pool)), 1).stream()
                .findFirst();
    }

    private static List<TaskView> list(Tx tx, Condition which, int limit) {
        return tx.sql()
                .selectFrom(INSTANCE_TASK)
                .where(which)
                .orderBy(INSTANCE_TASK.CREATED.desc(), INSTANCE_TASK.ID.desc())
                .limit(limit)
                .fetch(InstanceTasks::view);
    }

    /// The last task of each.
    Map<UUID, TaskView> last(Tx tx, Collection<UUID> instances) {
        return tx
                .sql()
                .selectDistinct(INSTANCE_TASK.asterisk())
                .on(INSTANCE_TASK.INSTANCE)
                .from(INSTANCE_TASK)
                .where(INSTANCE_TASK.INSTANCE.eq(DSL.any(instances.toArray(UUID[]::new))))
                .orderBy(INSTANCE_TASK.INSTANCE, INSTANCE_TASK.CREATED.desc(), INSTANCE_TASK.ID.desc())
                .fetchInto(INSTANCE_TASK)
                .stream()
                .collect(Collectors.toMap(InstanceTaskRecord::getInstance, InstanceTasks::view));
    }

    private static TaskView view(InstanceTaskRecord row) {
        return new TaskView(
                row.getId(),
                row.getInstance(),
                row.getWhole(),
                action(row),
                State.valueOf(row.getState().toUpperCase(Locale.ROOT)),
                row.getWho(),
                row.getCreated(),
                Optional.ofNullable(row.getStarted()),
                Optional.ofNullable(row.getEnded()),
                Optional.ofNullable(row.getMessage()));
    }

    private static Action action(InstanceTaskRecord row) {
        return Action.valueOf(row.getAction().toUpperCase(Locale.ROOT));
    }
}
