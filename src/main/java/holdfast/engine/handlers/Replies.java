package holdfast.engine.handlers;

import static holdfast.db.Tables.HANDLER_CALL;
import static holdfast.db.Tables.HANDLER_REPLY;
import static holdfast.db.Tables.HANDLER_TAKEN;
import static holdfast.db.Tables.PROCESS;
import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.RefusedException;
import holdfast.engine.Engine;
import holdfast.engine.Processes;
import holdfast.engine.Resource;
import holdfast.engine.handlers.Call.State;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Judges what handlers say (cattle.md 6.8). A reply, its verdict and what follows from it are one transaction.
public final class Replies {
    private static final Logger LOG = LoggerFactory.getLogger(Replies.class);
    private static final int KEPT_PER_CALL = 1_000;
    private static final int LONGEST_KEPT = 64_000;

    private final Platform platform;
    private final Database database;
    private final Engine engine;

    public Replies(Platform platform, Database database, Engine engine) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
    }

    /// What becomes of a reply.
    public enum Verdict {
        /// The process goes on with it.
        TAKEN,
        /// The call has more time.
        PROGRESS,
        /// The call is over without it.
        LATE,
        /// There was an answer before.
        TWICE,
        /// It names no event, or another than the call's.
        WRONG,
        /// Only members of the handler's project and administrators answer for it.
        NOT_YOURS;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /// Whether an event of that name is a reply.
    public static boolean isReply(String name) {
        return name.startsWith(Reply.PREFIX);
    }

    /// A reply that was judged.
    public record Judged(UUID process, String who, String handler, String verdict, Instant at, String body) {}

    static Verdict judge(Call call, boolean processGoesOn, boolean may, Reply reply) {
        if (!may) {
            return Verdict.NOT_YOURS;
        }
        if (reply.answers().filter(call.id().toString()::equals).isEmpty()) {
            return Verdict.WRONG;
        }
        return switch (call.state()) {
            case OPEN ->
                !processGoesOn ? Verdict.LATE : reply.kind() == Reply.Kind.PROGRESS ? Verdict.PROGRESS : Verdict.TAKEN;
            case ANSWERED, ASIDE, MERGED, FAILED -> Verdict.TWICE;
            case SILENT, VOID -> Verdict.LATE;
        };
    }

    /// Takes what somebody has published under a name that begins with `reply.`.
    ///
    /// @return a reply to a call that nobody remembers is late
    /// @throws RefusedException if it is no reply
    public Verdict take(Caller caller, ObjectNode body) {
        var reply = Reply.read(body);
        return database.inTransaction(tx -> {
            // The resource before the process before the call: the order of all who lock them.
            var resource = engine.resources().lock(tx, subject(reply.name()));
            var locked = lock(tx, reply.name());
            if (locked.isEmpty()) {
                LOG.info("{} replies to {}, which nobody remembers", caller.user(), reply.name());
                return Verdict.LATE;
            }
            var call = locked.get().call();
            boolean may = caller.admin() || caller.project().equals(call.project());
            var verdict = judge(call, resource.isPresent() && locked.get().goesOn(), may, reply);
            note(tx, call, caller, verdict, body);
            switch (verdict) {
                case TAKEN -> taken(tx, call, resource.orElseThrow(), reply, body);
                case PROGRESS -> progress(tx, call, resource.orElseThrow(), reply);
                case LATE, TWICE, WRONG, NOT_YOURS ->
                    LOG.info("a reply of {} to {} is {}", caller.user(), call.name(), verdict.word());
            }
            return verdict;
        });
    }

    /// What was said to the calls of a process, oldest first.
    public List<Judged> of(Tx tx, UUID process) {
        return tx.sql()
                .select(
                        HANDLER_REPLY.WHO,
                        HANDLER_CALL.NAME,
                        HANDLER_REPLY.VERDICT,
                        HANDLER_REPLY.AT,
                        HANDLER_REPLY.BODY)
                .from(HANDLER_REPLY)
                .join(HANDLER_CALL)
                .on(HANDLER_CALL.ID.eq(HANDLER_REPLY.CALL))
                .where(HANDLER_CALL.PROCESS.eq(process))
                .orderBy(HANDLER_REPLY.SEQ)
                .limit(KEPT_PER_CALL)
                .fetch(row -> new Judged(
                        process,
                        row.value1(),
                        Call.handlerOf(row.value2()),
                        row.value3(),
                        row.value4(),
                        row.value5().data()));
    }

    /// Selects the resource that a call is about.
    private static Condition subject(String replyTo) {
        return RESOURCE.ID.eq(
                DSL.select(HANDLER_CALL.RESOURCE).from(HANDLER_CALL).where(HANDLER_CALL.REPLY_TO.eq(replyTo)));
    }

    private record Locked(Call call, boolean goesOn) {}

    private static Optional<Locked> lock(Tx tx, String replyTo) {
        var goesOn = DSL.exists(DSL.selectOne()
                        .from(PROCESS)
                        .where(PROCESS.ID.eq(HANDLER_CALL.PROCESS).and(PROCESS.RESULT.isNull())))
                .as("goes_on");
        return tx.sql()
                .select(HANDLER_CALL.fields())
                .select(goesOn)
                .from(HANDLER_CALL)
                .where(HANDLER_CALL.REPLY_TO.eq(replyTo))
                .forUpdate()
                .of(HANDLER_CALL)
                .fetchOptional(row -> new Locked(Calls.read(row.into(HANDLER_CALL)), row.get(goesOn)));
    }

    /// Of what has no effect, and of what is long, only the head is kept.
    private static ObjectNode kept(Verdict verdict, ObjectNode body) {
        boolean counts = verdict == Verdict.TAKEN || verdict == Verdict.PROGRESS;
        return counts && Json.text(body).length() <= LONGEST_KEPT
                ? body
                : body.deepCopy().without("data");
    }

    /// Of one call at most a thousand are kept.
    private void note(Tx tx, Call call, Caller caller, Verdict verdict, ObjectNode body) {
        tx.sql()
                .execute(
                        """
                        insert into handler_reply (call, at, who, verdict, body)
                        select ?::uuid, ?::timestamptz, ?::text, ?::text, ?::jsonb
                         where (select count(*) from (select from handler_reply where call = ? limit ?) kept) < ?""",
                        call.id(),
                        platform.now(),
                        caller.user(),
                        verdict.word(),
                        Json.text(kept(verdict, body)),
                        call.id(),
                        KEPT_PER_CALL,
                        KEPT_PER_CALL);
    }

    private void taken(Tx tx, Call call, Resource resource, Reply reply, ObjectNode body) {
        boolean failed = reply.kind() == Reply.Kind.ERROR;
        tx.sql()
                .update(HANDLER_CALL)
                .set(HANDLER_CALL.STATE, (failed ? State.FAILED : State.ANSWERED).word())
                .set(HANDLER_CALL.REPLY, Json.jsonb(body))
                .where(HANDLER_CALL.ID.eq(call.id()))
                .execute();
        tx.sql()
                .deleteFrom(HANDLER_TAKEN)
                .where(HANDLER_TAKEN.CALL.eq(call.id()))
                .execute();
        if (failed) {
            failed(tx, call, resource, reply.message().orElse("handler " + Call.handlerOf(call.name()) + " failed"));
        }
        engine.processes().wake(tx, call.process());
        tx.afterCommit(engine.changed()::raise);
    }

    /// The process that is to follow an error overtakes; without one the message is shown while it is tried again.
    private void failed(Tx tx, Call call, Resource resource, String message) {
        boolean overtaken = call.onError()
                .filter(process -> follows(tx, process, resource, call))
                .isPresent();
        var now = engine.resources().find(tx, resource.id()).orElseThrow();
        show(
                tx,
                call,
                overtaken
                        ? now.withTrouble(Optional.of(Resource.Trouble.ERROR), Optional.of(message))
                        : now.withTrouble(now.trouble(), Optional.of(message)),
                message);
    }

    private boolean follows(Tx tx, String process, Resource resource, Call call) {
        if (engine.definitions().find(process).isEmpty()) {
            LOG.warn("handler {} wants {} after errors, which there is not", call.name(), process);
            return false;
        }
        var request = Processes.Request.now(process, resource.id(), who(call));
        return switch (engine.processes().schedule(tx, request)) {
            case Answer.Yes<UUID> _ -> true;
            case Answer.No<UUID>(var why) -> {
                LOG.warn("{} cannot follow an error of {}: {}", process, call.name(), why.message());
                yield false;
            }
        };
    }

    private void progress(Tx tx, Call call, Resource resource, Reply reply) {
        tx.sql()
                .update(HANDLER_CALL)
                .set(HANDLER_CALL.DEADLINE, call.extended(platform.now()))
                .where(HANDLER_CALL.ID.eq(call.id()))
                .execute();
        var percent =
                reply.progress().isPresent() ? Optional.of(reply.progress().getAsInt()) : resource.progress();
        show(
                tx,
                call,
                resource.withProgress(reply.message().or(resource::message), percent),
                reply.message().orElse("still at work"));
        tx.afterCommit(engine.changed()::raise);
    }

    private void show(Tx tx, Call call, Resource changed, String why) {
        var shown = engine.resources().update(tx, changed.state(), changed, who(call), why);
        engine.journal().progress(tx, shown, who(call), why);
    }

    private static String who(Call call) {
        return "handler " + Call.handlerOf(call.name());
    }
}
