package holdfast.engine.handlers;

import static holdfast.db.Tables.HANDLER_CALL;
import static holdfast.db.Tables.HANDLER_TAKEN;
import static holdfast.db.Tables.PROCESS;

import holdfast.core.Caller;
import holdfast.db.tables.records.HandlerCallRecord;
import holdfast.engine.Processes;
import holdfast.engine.Step;
import holdfast.engine.handlers.Call.State;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Field;
import org.jooq.impl.DSL;
import tools.jackson.databind.node.ObjectNode;

/// The rows of calls.
public final class Calls {
    static final Field<String> THIS_TRANSACTION = DSL.field("pg_current_xact_id()", String.class);
    static final Field<String> TX = DSL.field("tx", String.class);
    private static final int REMEMBERED = 10;

    private final Platform platform;
    private final Processes processes;
    private final View view;

    public Calls(Platform platform, Processes processes, View view) {
        this.platform = platform;
        this.processes = processes;
        this.view = view;
    }

    Instant now() {
        return platform.now();
    }

    /// The newest call of a step.
    Optional<Call> latest(Tx tx, UUID process, String step) {
        return tx.sql()
                .selectFrom(HANDLER_CALL)
                .where(HANDLER_CALL.PROCESS.eq(process).and(HANDLER_CALL.STEP.eq(step)))
                .orderBy(HANDLER_CALL.SEQ.desc())
                .limit(1)
                .fetchOptional(Calls::read);
    }

    /// The newest call of a step whose answer waits for a second one.
    Optional<Call> aside(Tx tx, UUID process, String step) {
        return tx.sql()
                .selectFrom(HANDLER_CALL)
                .where(HANDLER_CALL
                        .PROCESS
                        .eq(process)
                        .and(HANDLER_CALL.STEP.eq(step))
                        .and(HANDLER_CALL.STATE.eq(State.ASIDE.word())))
                .orderBy(HANDLER_CALL.SEQ.desc())
                .limit(1)
                .fetchOptional(Calls::read);
    }

    /// A new call with the event that it sends, ready to be put up: all that must be looked up is in it.
    ///
    /// @param last the newest call of the step
    HandlerCallRecord prepare(
            Tx tx, Handler handler, String event, String step, Step.Context context, Optional<Call> last) {
        var id = platform.newId();
        var now = platform.now();
        var replyTo = "reply." + Long.toUnsignedString(id.getLeastSignificantBits());
        var earlier = last.isEmpty() ? List.<UUID>of() : earlier(tx, context.process(), step);
        var call = new HandlerCallRecord();
        call.setId(id);
        call.setProcess(context.process());
        call.setResource(context.resource().id());
        call.setStep(step);
        call.setHandler(handler.id());
        call.setName(event);
        call.setQueue(handler.queue().orElse(null));
        call.setReplyTo(replyTo);
        call.setProject(handler.project());
        call.setOnError(handler.called(event).flatMap(Handler.Hooked::onError).orElse(null));
        call.setBody(Json.jsonb(event(tx, id, replyTo, handler, event, step, context, earlier)));
        call.setCreated(now);
        call.setDeadline(now.plus(handler.timeout()));
        call.setGiveUp(now.plus(Handlers.GIVE_UP));
        call.setPatience(handler.timeout().toMillis());
        call.setState(State.OPEN.word());
        return call;
    }

    /// Puts up a new call.
    void open(Tx tx, HandlerCallRecord prepared) {
        tx.sql().insertInto(HANDLER_CALL).set(prepared).execute();
    }

    /// The event (cattle.md 2.5).
    private ObjectNode event(
            Tx tx,
            UUID id,
            String replyTo,
            Handler handler,
            String event,
            String step,
            Step.Context context,
            List<UUID> earlier) {
        var resource = context.resource();
        var node = Json.object().put("id", id.toString()).put("name", event).put("replyTo", replyTo);
        node.put("resourceType", resource.type()).put("resourceId", view.id(resource.type(), resource.number()));
        var data = node.putObject("data");
        context.arguments().properties().forEach(argument -> data.set(argument.getKey(), argument.getValue()));
        data.set("resource", view.show(tx, new Caller(handler.name(), handler.project(), true), resource));
        node.put("time", platform.now().toEpochMilli());
        node.put("timeoutMillis", handler.timeout().toMillis());
        var previous = node.putArray("previousIds");
        var names = node.putArray("previousNames");
        earlier.forEach(one -> {
            previous.add(one.toString());
            names.add(event);
        });
        node.put("publisher", "holdfast");
        var process = tx.sql()
                .select(PROCESS.NAME)
                .from(PROCESS)
                .where(PROCESS.ID.eq(context.process()))
                .fetchOptional(PROCESS.NAME)
                .orElse("");
        node.putObject("context")
                .put("processId", context.process().toString())
                .put("processName", process)
                .put("topProcessName", process)
                .put("logicName", step)
                .put("resourceId", view.id(resource.type(), resource.number()))
                .put("resourceType", resource.type());
        return node;
    }

    private static List<UUID> earlier(Tx tx, UUID process, String step) {
        return tx.sql()
                .select(HANDLER_CALL.ID)
                .from(HANDLER_CALL)
                .where(HANDLER_CALL.PROCESS.eq(process).and(HANDLER_CALL.STEP.eq(step)))
                .orderBy(HANDLER_CALL.SEQ.desc())
                .limit(REMEMBERED)
                .fetch(HANDLER_CALL.ID);
    }

    /// Sends it again, with the same id. If it was answered meanwhile the process goes on at once.
    void sendAgain(Tx tx, Call call, Instant deadline) {
        int rows = tx.sql()
                .update(HANDLER_CALL)
                .set(HANDLER_CALL.SENDS, HANDLER_CALL.SENDS.plus(1))
                .set(HANDLER_CALL.OFFERS, HANDLER_CALL.OFFERS.plus(1))
                .set(TX, THIS_TRANSACTION)
                .set(HANDLER_CALL.DEADLINE, deadline)
                .where(HANDLER_CALL.ID.eq(call.id()).and(HANDLER_CALL.STATE.eq(State.OPEN.word())))
                .execute();
        if (rows == 0) {
            processes.wake(tx, call.process());
        } else {
            tx.sql()
                    .deleteFrom(HANDLER_TAKEN)
                    .where(HANDLER_TAKEN.CALL.eq(call.id()))
                    .execute();
        }
    }

    /// Lets the process go on at once if the call was answered or its deadline moved since it was read.
    void recheck(Tx tx, Call call) {
        boolean asItWas = tx.sql()
                .fetchExists(
                        HANDLER_CALL,
                        HANDLER_CALL
                                .ID
                                .eq(call.id())
                                .and(HANDLER_CALL.STATE.eq(State.OPEN.word()))
                                .and(HANDLER_CALL.DEADLINE.eq(call.deadline())));
        if (!asItWas) {
            processes.wake(tx, call.process());
        }
    }

    /// @return whether it was in state `from`; if not, nothing is changed
    boolean move(Tx tx, UUID id, State from, State to) {
        return tx.sql()
                        .update(HANDLER_CALL)
                        .set(HANDLER_CALL.STATE, to.word())
                        .where(HANDLER_CALL.ID.eq(id).and(HANDLER_CALL.STATE.eq(from.word())))
                        .execute()
                == 1;
    }

    /// The answer is part of the resource now.
    void merged(Tx tx, Call call, boolean stops) {
        tx.sql()
                .update(HANDLER_CALL)
                .set(HANDLER_CALL.STATE, State.MERGED.word())
                .set(HANDLER_CALL.STOPS, stops)
                .where(HANDLER_CALL.ID.eq(call.id()))
                .execute();
    }

    /// Nobody needs to answer what a step has asked.
    void forget(Tx tx, UUID process, String step) {
        tx.sql()
                .update(HANDLER_CALL)
                .set(HANDLER_CALL.STATE, State.VOID.word())
                .where(HANDLER_CALL
                        .PROCESS
                        .eq(process)
                        .and(HANDLER_CALL.STEP.eq(step))
                        .and(HANDLER_CALL.STATE.in(
                                State.OPEN.word(), State.ANSWERED.word(), State.ASIDE.word(), State.FAILED.word())))
                .execute();
    }

    /// Whether another step of the process whose name begins so was answered in a way that leaves nothing to do.
    boolean isStopped(Tx tx, UUID process, String group, String step) {
        var newest = DSL.select(DSL.max(HANDLER_CALL.SEQ))
                .from(HANDLER_CALL)
                .where(HANDLER_CALL
                        .PROCESS
                        .eq(process)
                        .and(HANDLER_CALL.STEP.startsWith(group + " "))
                        .and(HANDLER_CALL.STEP.ne(step)))
                .groupBy(HANDLER_CALL.STEP);
        return tx.sql().fetchExists(HANDLER_CALL, HANDLER_CALL.SEQ.in(newest).and(HANDLER_CALL.STOPS));
    }

    static Call read(HandlerCallRecord row) {
        return new Call(
                row.getId(),
                row.getProcess(),
                row.getResource(),
                row.getStep(),
                row.getHandler(),
                row.getName(),
                Optional.ofNullable(row.getQueue()),
                row.getReplyTo(),
                row.getProject(),
                Optional.ofNullable(row.getOnError()),
                (ObjectNode) Json.tree(row.getBody().data()),
                row.getDeadline(),
                row.getGiveUp(),
                Duration.ofMillis(row.getPatience()),
                row.getSends(),
                row.getOffers(),
                State.of(row.getState()),
                Optional.ofNullable(row.getReply()).map(reply -> (ObjectNode) Json.tree(reply.data())));
    }
}
