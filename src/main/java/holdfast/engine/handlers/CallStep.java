package holdfast.engine.handlers;

import holdfast.core.Refusal;
import holdfast.engine.Hooks.Hook;
import holdfast.engine.Outcome;
import holdfast.engine.Step;
import holdfast.engine.handlers.Call.State;
import holdfast.engine.handlers.Handler.Group;
import holdfast.engine.handlers.Waiting.Course;
import holdfast.platform.Database;
import holdfast.platform.Tx;
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
record CallStep(
        Handlers handlers, Database database, Calls calls, Waiting waiting, Merging merging, Hook hook, String name) {
    /// The handler said that it failed.
    static final class HandlerFailedException extends Exception {
        private static final long serialVersionUID = 1L;

        HandlerFailedException(String message) {
            super(message);
        }
    }

    Outcome run(Step.Context context) throws HandlerFailedException, TimeoutException {
        return switch (database.inTransaction(tx -> look(tx, context))) {
            case Course.Waits(var outcome) -> outcome;
            case Course.Silent(var call, var what) -> silent(call, what);
            case Course.Answered(var call, var reply) when call.state() == State.FAILED -> fail(call, reply);
            case Course.Answered(var call, var _) ->
                handlers.areChecked() ? compare(context, call) : take(context, call, Outcome.Change.NONE);
        };
    }

    private Course look(Tx tx, Step.Context context) {
        var last = calls.latest(tx, context.process(), name);
        return last.filter(call -> call.state().isUnderWay())
                .map(call -> waiting.look(
                        tx,
                        call,
                        who(),
                        handlers.find(call.handler()).map(Handler::retries).orElse(1)))
                .orElseGet(() -> new Course.Waits(call(tx, context, last)));
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

    private Outcome silent(Call call, String what) throws TimeoutException {
        if (handlers.find(call.handler()).map(Handler::required).orElse(true)) {
            throw new TimeoutException(what);
        }
        return note(what + "; it is not required");
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

    private Outcome fail(Call call, Reply reply) throws HandlerFailedException {
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
