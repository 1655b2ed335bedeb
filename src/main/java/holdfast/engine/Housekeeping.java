package holdfast.engine;

import static holdfast.db.Tables.PROCESS;

import holdfast.core.Answer;
import holdfast.engine.Processes.Request;
import holdfast.engine.Tasks.Task;
import holdfast.engine.types.Course;
import holdfast.engine.types.ResourceType;
import holdfast.engine.types.Types;
import holdfast.platform.Database;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is done again and again so that the database does not grow for ever: removed resources are purged, and records
/// that nobody needs any more are deleted. Each task is a resource with a timer, so one server of many does it, and
/// people see when it ran and what it said (cattle.md 2.6 and 4.7).
final class Housekeeping {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    static final UUID SPACE = new UUID(0, 0);
    private static final int BATCH = 1_000;

    private final Platform platform;
    private final Database database;
    private final Types types;
    private final Resources resources;
    private final Processes processes;
    private final Tasks tasks;
    private final Keep keep;
    private final Supplier<Duration> over;
    private final List<Forgetter> forgetters = new CopyOnWriteArrayList<>();

    /// How long what is over is kept.
    ///
    /// @param processes process instances that have ended, with their logs
    /// @param purged resources after their purge, and removed ones whose type has none
    /// @param journal entries of the journal
    /// @param inbox what is remembered of messages so that none has its effect twice
    /// @param notices what users may hear of, delivered or not
    /// @param asked what is remembered of requests that clients may repeat
    record Keep(
            Duration processes, Duration purged, Duration journal, Duration inbox, Duration notices, Duration asked) {
        static final Keep STANDARD = new Keep(
                Duration.ofDays(7),
                Duration.ofDays(2),
                Duration.ofDays(30),
                Duration.ofDays(7),
                Duration.ofDays(30),
                Duration.ofDays(1));
    }

    /// @param over how long is kept what parts of Holdfast keep, after its end
    Housekeeping(
            Platform platform,
            Database database,
            Types types,
            Resources resources,
            Processes processes,
            Tasks tasks,
            Keep keep,
            Supplier<Duration> over) {
        this.platform = platform;
        this.database = database;
        this.types = types;
        this.resources = resources;
        this.processes = processes;
        this.tasks = tasks;
        this.keep = keep;
        this.over = over;
        tasks.add("purge.resources", Duration.ofMinutes(1), () -> purge() + " rows");
        tasks.add("delete.records", Duration.ofMinutes(10), () -> delete() + " rows");
    }

    void add(Forgetter forgetter) {
        forgetters.add(forgetter);
    }

    ProcessDefinition definition() {
        return ProcessDefinition.timer(Tasks.PROCESS_NAME, this::execute);
    }

    /// Makes the tasks and begins with them, unless that was done already.
    void open(Tx tx) {
        for (var task : tasks.all()) {
            resources.insert(
                    tx,
                    resources.fresh(
                            task.id(),
                            Tasks.TYPE,
                            Resources.ACTOR,
                            Optional.empty(),
                            task.label(),
                            "active",
                            "",
                            Json.object().put("everySeconds", task.every().toSeconds())),
                    "engine",
                    "housekeeping");
            next(tx, task, Optional.empty());
        }
    }

    private Outcome execute(Step.Context context) {
        var task = tasks.all().stream()
                .filter(one -> one.id().equals(context.resource().id()))
                .findFirst()
                .orElseThrow();
        String said;
        try {
            said = task.work().get();
        } catch (DataAccessException | DatabaseUnavailableException e) {
            LOG.warn("{} is tried again in {}: {}", task.label(), task.every(), e.getMessage());
            said = Tasks.failure(e);
        }
        return new Outcome.Done(
                Map.of(), Outcome.Merge.NONE, Optional.of(said), tx -> next(tx, task, Optional.of(context.process())));
    }

    /// One run leads to one other, however many were asked for by hand.
    private void next(Tx tx, Task task, Optional<UUID> self) {
        var others = PROCESS.RESOURCE
                .eq(task.id())
                .and(PROCESS.RESULT.isNull())
                .and(self.map(PROCESS.ID::ne).orElse(DSL.noCondition()));
        if (!tx.sql().fetchExists(PROCESS, others)) {
            processes.schedule(
                    tx, Request.at(platform.now().plus(task.every()), Tasks.PROCESS_NAME, task.id(), "engine"));
        }
    }

    private int purge() {
        return database.inTransaction(tx -> {
            var over = resources.list(
                    tx,
                    Resources.inState("removed")
                            .and(Resources.typedAnyOf(
                                    types(type -> type.process("purge").isPresent())))
                            .and(DSL.condition(
                                    "data ->> 'removeTime' <= ?", // text in whole seconds, and so is what it is held to
                                    platform.now()
                                            .truncatedTo(ChronoUnit.SECONDS)
                                            .toString())),
                    BATCH);
            return (int) over.stream()
                    .flatMap(one -> types
                            .find(one.type())
                            .flatMap(type -> type.process("purge"))
                            .map(purge -> processes.schedule(tx, Request.now(purge.name(), one.id(), "engine")))
                            .stream())
                    .filter(Answer.Yes.class::isInstance)
                    .count();
        });
    }

    /// Each by itself: what cannot be deleted of one kind holds up no other.
    private int delete() {
        int rows = 0;
        var problems = new ArrayList<RuntimeException>();
        for (var kind : List.<IntSupplier>of(
                this::endedProcesses,
                this::goneResources,
                this::overResources,
                this::forgotten,
                this::oldJournal,
                this::oldInbox,
                this::oldNotices,
                this::askedBefore)) {
            try {
                rows += kind.getAsInt();
            } catch (DataAccessException | DatabaseUnavailableException e) {
                problems.add(e);
            }
        }
        problems.stream().findFirst().ifPresent(first -> {
            throw first;
        });
        return rows;
    }

    /// Names of types that are data.
    private String[] types(Predicate<ResourceType> which) {
        return types.all().stream()
                .filter(type -> type.base().isEmpty() && type.origin() != ResourceType.Origin.PART && which.test(type))
                .map(ResourceType::name)
                .toArray(String[]::new);
    }

    private String[] typesOfParts() {
        return types.all().stream()
                .filter(type -> type.origin() == ResourceType.Origin.PART)
                .filter(type -> type.course().filter(Course::remembered).isEmpty())
                .map(ResourceType::name)
                .toArray(String[]::new);
    }

    private int endedProcesses() {
        return inBatches("""
                with old as (
                    select p.id from process p
                     where p.result is not null and p.ended < ?::timestamptz and not exists (select from process c where c.parent = p.id)
                     limit ?
                ), logs as (
                    delete from process_log where process = any (array(select id from old))
                )
                delete from process where id = any (array(select id from old))""", keep.processes);
    }

    /// Those that have no process any more, so the youngest to go have been over for as long as processes are kept.
    /// Accounts of projects stay: nobody may get the name of one anew, and with it what others were given there.
    private int goneResources() {
        return inBatches(
                """
                delete from resource where id = any (array(
                    select r.id from resource r
                     where r.removed is not null and r.updated < ?::timestamptz and (r.state = 'purged' or r.type = any (?::text[]))
                       and not (r.type = 'account' and r.data @> '{"kind": "project"}')
                       and not exists (select from process p where p.resource = r.id)
                     limit ?))""", keep.purged, (Object) types(type -> type.process("purge").isEmpty()));
    }

    /// What parts of Holdfast keep and have seen to its end.
    private int overResources() {
        return inBatches("""
                delete from resource where id = any (array(
                    select r.id from resource r
                     where r.removed < ?::timestamptz and r.type = any (?::text[])
                       and not exists (select from process p where p.resource = r.id)
                     limit ?))""", over.get(), (Object) typesOfParts());
    }

    private int forgotten() {
        var before = platform.now().minus(over.get());
        return forgetters.stream()
                .mapToInt(one -> inBatches(tx -> one.forget(tx, before, BATCH)))
                .sum();
    }

    private int oldJournal() {
        return inBatches("""
                with old as (select ?::timestamptz as before, ?::int as most)
                delete from journal where seq = any (array(
                    select seq from (select seq, at from journal order by seq limit (select most from old)) first
                     where at < (select before from old)))""", keep.journal);
    }

    private int oldInbox() {
        return inBatches(
                "delete from inbox where id = any (array(select id from inbox where received < ?::timestamptz limit ?))",
                keep.inbox);
    }

    private int oldNotices() {
        return inBatches("""
                with old as (select ?::timestamptz as before, ?::int as most)
                delete from notice where seq = any (array(
                    select seq from (select seq, at from notice order by seq limit (select most from old)) first
                     where at < (select before from old)))""", keep.notices);
    }

    private int askedBefore() {
        return inBatches("""
                delete from asked_before where (project, key) in (
                    select project, key from asked_before where created < ?::timestamptz limit ?)""", keep.asked);
    }

    /// @param more what the statement takes between the age and the size of a batch
    private int inBatches(String delete, Duration age, Object... more) {
        var given = Stream.of(Stream.of(platform.now().minus(age)), Stream.of(more), Stream.of(BATCH))
                .flatMap(part -> part)
                .toArray();
        return inBatches(tx -> tx.sql().execute(delete, given));
    }

    private int inBatches(ToIntFunction<Tx> delete) {
        int all = 0;
        int rows;
        do {
            rows = database.inTransaction(delete::applyAsInt);
            all += rows;
        } while (rows == BATCH && all < 100 * BATCH);
        return all;
    }
}
