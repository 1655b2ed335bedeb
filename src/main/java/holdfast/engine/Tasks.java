package holdfast.engine;

import static holdfast.db.Tables.PROCESS;
import static holdfast.db.Tables.PROCESS_LOG;
import static java.util.stream.Collectors.toMap;

import holdfast.core.Copies;
import holdfast.engine.Processes.Request;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;

/// What servers do again and again, for those who look at it or want it done now. [Housekeeping] does it.
public final class Tasks {
    public static final String TYPE = "task";
    public static final String EXECUTE = "execute";
    static final String PROCESS_NAME = TYPE + "." + EXECUTE;
    private static final String FAILED = "failed: ";
    private static final Field<String> SAID = DSL.field(DSL.select(PROCESS_LOG.DETAIL)
            .from(PROCESS_LOG)
            .where(PROCESS_LOG.PROCESS.eq(PROCESS.ID))
            .orderBy(PROCESS_LOG.SEQ.desc())
            .limit(1));

    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final List<Task> all = new CopyOnWriteArrayList<>();

    Tasks(Platform platform, Resources resources, Processes processes) {
        this.platform = platform;
        this.resources = resources;
        this.processes = processes;
    }

    /// @param every how long after one time the next one is due
    /// @param work says what came of it, in a few words
    record Task(String label, Duration every, Supplier<String> work) {
        UUID id() {
            return Copies.id(TYPE + " " + label, Housekeeping.SPACE);
        }
    }

    /// One more task, which one server of many does. Before the engine starts.
    ///
    /// @param label the name of its resource: its subject, a dot, what is done
    /// @param every how long after one time the next one is due
    /// @param work says in a few words what came of it. If the database fails it, that is said, and it is done
    ///     again
    ///     when it is due next.
    public void add(String label, Duration every, Supplier<String> work) {
        all.add(new Task(label, every, work));
    }

    List<Task> all() {
        return List.copyOf(all);
    }

    /// One time that a task was done, or begun.
    ///
    /// @param number that of its process instance
    /// @param said what came of it
    public record Run(
            UUID task,
            long number,
            Instant created,
            Optional<Instant> start,
            Optional<Instant> end,
            Optional<String> said) {
        /// Why it failed.
        public Optional<String> failure() {
            return said.filter(text -> text.startsWith(FAILED)).map(text -> text.substring(FAILED.length()));
        }
    }

    /// What is said of a run that failed.
    static String failure(Exception problem) {
        return FAILED + problem.getMessage();
    }

    /// Has it done now, once however many ask before it begins. Its next time by itself stays as it is.
    public void execute(Tx tx, UUID task, String who) {
        resources.lock(tx, task);
        boolean due = tx.sql()
                .fetchExists(
                        PROCESS,
                        PROCESS.RESOURCE
                                .eq(task)
                                .and(PROCESS.RESULT.isNull())
                                .and(PROCESS.RUNNER.isNull())
                                .and(PROCESS.RUN_AFTER.le(platform.now())));
        if (!due) {
            processes.schedule(tx, Request.now(PROCESS_NAME, task, who));
        }
    }

    /// Those of a task that have begun, newest first.
    public List<Run> runs(Tx tx, UUID task, int limit) {
        return runs(tx, PROCESS.RESOURCE.eq(task).and(PROCESS.STARTED.isNotNull()), limit);
    }

    /// The last one of each task that has ended.
    public Map<UUID, Run> last(Tx tx, Collection<UUID> tasks) {
        var newest = DSL.select(PROCESS.ID)
                .distinctOn(PROCESS.RESOURCE)
                .from(PROCESS)
                .where(PROCESS.RESOURCE.in(tasks).and(PROCESS.RESULT.isNotNull()))
                .orderBy(PROCESS.RESOURCE, PROCESS.ENDED.desc());
        return runs(tx, PROCESS.ID.in(newest), tasks.size()).stream().collect(toMap(Run::task, run -> run));
    }

    /// Has those of these tasks that there are done now.
    ///
    /// @param labels names of tasks
    public void execute(Tx tx, Collection<String> labels, String who) {
        all.stream().filter(task -> labels.contains(task.label())).forEach(task -> execute(tx, task.id(), who));
    }

    /// When each task is done next.
    public Map<UUID, Instant> next(Tx tx, Collection<UUID> tasks) {
        return tx.sql()
                .select(PROCESS.RESOURCE, DSL.min(PROCESS.RUN_AFTER))
                .from(PROCESS)
                .where(PROCESS.RESOURCE.in(tasks).and(PROCESS.RESULT.isNull()).and(PROCESS.RUNNER.isNull()))
                .groupBy(PROCESS.RESOURCE)
                .fetchMap(PROCESS.RESOURCE, DSL.min(PROCESS.RUN_AFTER));
    }

    private static List<Run> runs(Tx tx, Condition which, int limit) {
        return tx.sql()
                .select(PROCESS.RESOURCE, PROCESS.NUMBER, PROCESS.CREATED, PROCESS.STARTED, PROCESS.ENDED, SAID)
                .from(PROCESS)
                .where(which)
                .orderBy(PROCESS.NUMBER.desc())
                .limit(limit)
                .fetch(row -> new Run(
                        row.value1(),
                        row.value2(),
                        row.value3(),
                        Optional.ofNullable(row.value4()),
                        Optional.ofNullable(row.value5()),
                        Optional.ofNullable(row.value6())));
    }
}
