package holdfast.engine.handlers;

import holdfast.core.Refusal;
import holdfast.engine.Hooks.Hook;
import holdfast.engine.Outcome;
import holdfast.engine.Step;
import holdfast.engine.handlers.Call.State;
import holdfast.engine.handlers.Handler.Group;
import holdfast.platform.Database;
import holdfast.platform.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// The step of a process that calls a handler and waits for its answer: what is next follows from the row of the call
/// alone.
///
/// @param name of the step
record CallStep(Handlers handlers, Database database, Calls calls, Merging merging, Hook hook, String name) {
    private static final Duration SOON = Duration.ofMillis(10);

    /// The handler said that it failed.
    static final class HandlerFailedException extends Exception {
        private static final long serialVersionUID = 1L;

        HandlerFailedException(String message) {
            super(message);
        }
    }

    Outcome run(Step.Context context) throws HandlerFailedException, TimeoutException {
        return switch (database.inTransaction(tx -> look(tx, context))) {
            case Now.Ask(var outcome) -> outcome;
            case Now.Asked(var call) ->
                switch (call.state()) {
                    case OPEN -> wait(call);
                    case ANSWERED ->
                        handlers.areChecked() ? compare(context, call) : take(context, call, Outcome.Change.NONE);
                    case FAILED -> fail(call);
                    case ASIDE, MERGED, SILENT, VOID ->
                        throw new IllegalStateException("call " + call.id() + " is over");
                };
        };
    }

    /// What there is to do.
    private sealed interface Now {
        record Ask(Outcome outcome) implements Now {}

        record Asked(Call call) implements Now {}
    }

    private Now look(Tx tx, Step.Context context) {
        var last = calls.latest(tx, context.process(), name);
        return last.filter(call -> call.state().isUnderWay())
                .<Now>map(Now.Asked::new)
                .orElseGet(() -> new Now.Ask(call(tx, context, last)));
    }

    /// Takes nothing back: that is for the handler of another process to do.
    Outcome undo(Step.Context context) {
        return Outcome.done(tx -> calls.forget(tx, context.process(), name));
    }

    private Outcome call(Tx tx, Step.Context context, Optional<Call> last) {
        var handler = handlers.find(hook);
        if (handler.isEmpty()) {
            return note(who() + " is not active any more");
        }
        var logic = Group.LOGIC.word();
        if (name.startsWith(logic + " ") && calls.isStopped(tx, context.process(), logic, name)) {
            return note("another handler has answered before");
        }
        var call = calls.prepare(tx, handler.get(), hook.name(), name, context, last);
        return new Outcome.Later(handler.get().timeout(), "waiting for " + who(), write -> calls.open(write, call));
    }

    private Outcome wait(Call call) throws TimeoutException {
        var now = calls.now();
        if (now.isBefore(call.deadline())) {
            return new Outcome.Later(
                    Duration.between(now, call.deadline()), "waiting for " + who(), tx -> calls.recheck(tx, call));
        }
        var handler = handlers.find(call.handler());
        int retries = handler.map(Handler::retries).orElse(1);
        if (call.sends() < retries && now.isBefore(call.giveUp())) {
            return new Outcome.Later(
                    call.patience(),
                    "waiting for " + who() + ", asked " + (call.sends() + 1) + " times",
                    tx -> calls.sendAgain(tx, call, call.extended(now)));
        }
        if (!database.<Boolean>inTransaction(tx -> calls.move(tx, call.id(), State.OPEN, State.SILENT))) {
            return new Outcome.Later(SOON, "waiting for " + who());
        }
        var silent = who() + " did not answer within " + call.patience().toMillis() + " ms, asked " + call.sends()
                + (call.sends() == 1 ? " time" : " times");
        if (handler.map(Handler::required).orElse(true)) {
            throw new TimeoutException(silent);
        }
        return note(silent + "; it is not required");
    }

    /// A handler is asked twice when handlers are tested: what it answers must not depend on how often (cattle.md
    /// 6.10).
    private Outcome compare(Step.Context context, Call call) throws HandlerFailedException {
        var first = database.inTransaction(tx -> calls.aside(tx, context.process(), name));
        if (first.isEmpty()) {
            return database.inTransaction(tx -> {
                calls.move(tx, call.id(), State.ANSWERED, State.ASIDE);
                return call(tx, context, Optional.of(call));
            });
        }
        var differing =
                differing(Reply.stored(first.get()).data(), Reply.stored(call).data());
        if (differing.isEmpty()) {
            return take(context, call, tx -> calls.move(tx, first.get().id(), State.ASIDE, State.VOID));
        }
        database.inTransaction(tx -> calls.move(tx, first.get().id(), State.ASIDE, State.VOID)
                && calls.move(tx, call.id(), State.ANSWERED, State.VOID));
        throw new HandlerFailedException(
                who() + " was asked twice, and its answers differ in: " + String.join(", ", differing));
    }

    /// The names of the fields, not their values, which may be secrets.
    private static List<String> differing(ObjectNode one, ObjectNode other) {
        return Stream.concat(one.propertyNames().stream(), other.propertyNames().stream())
                .distinct()
                .filter(field -> !Objects.equals(one.get(field), other.get(field)))
                .toList();
    }

    private Outcome take(Step.Context context, Call call, Outcome.Change also) {
        var reply = Reply.stored(call);
        var sorted = merging.sort(context.resource().type(), reply.data());
        boolean stops = !reply.data().isEmpty() && !reply.shouldContinue();
        return new Outcome.Done(Map.of(), sorted::into, sorted.note(), tx -> {
            calls.merged(tx, call, stops);
            also.write(tx);
        });
    }

    private Outcome fail(Call call) throws HandlerFailedException {
        var reply = Reply.stored(call);
        var message = who() + ": " + reply.message().orElse("failed without a message");
        database.inTransaction(tx -> calls.move(tx, call.id(), State.FAILED, State.VOID));
        if (reply.fatal()) {
            return new Outcome.Failed(Refusal.broken(message));
        }
        throw new HandlerFailedException(message);
    }

    private static Outcome note(String text) {
        return new Outcome.Done(Map.of(), Outcome.Merge.NONE, Optional.of(text), Outcome.Change.NONE);
    }

    private String who() {
        return "handler " + hook.who();
    }
}
