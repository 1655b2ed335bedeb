package holdfast.engine.handlers;

import holdfast.db.tables.records.HandlerCallRecord;
import holdfast.engine.Outcome;
import holdfast.engine.Step;
import holdfast.engine.handlers.Call.State;
import holdfast.platform.Database;
import holdfast.platform.Tx;
import java.time.Duration;

/// Asks an agent something within a step: an agent is a handler outside to whom events are addressed by its id. As with
/// [CallStep], what is next follows from the row of the call alone.
record AgentCall(Database database, Calls calls) {
    /// How far it is.
    sealed interface Course {
        /// There is no answer yet; this is how the step waits for it.
        record Waits(Outcome outcome) implements Course {}

        record Answered(Call call, Reply reply) implements Course {}

        record Silent(String what) implements Course {}
    }

    /// @param agent who is asked, how often and how patiently
    /// @param event its name, with the agent
    Course ask(Step.Context context, String step, Handler agent, String event) {
        return database.<Course>inTransaction(tx -> {
            var last = calls.latest(tx, context.process(), step);
            return last.filter(call -> call.state().isUnderWay())
                    .map(call -> call.state() == State.OPEN
                            ? wait(tx, call, agent)
                            : new Course.Answered(call, Reply.stored(call)))
                    .orElseGet(() -> open(calls.prepare(tx, agent, event, step, context, last), agent));
        });
    }

    private Course open(HandlerCallRecord call, Handler agent) {
        return new Course.Waits(
                new Outcome.Later(agent.timeout(), "waiting for agent " + agent.name(), tx -> calls.open(tx, call)));
    }

    private Course wait(Tx look, Call call, Handler agent) {
        var now = calls.now();
        if (now.isBefore(call.deadline())) {
            return new Course.Waits(new Outcome.Later(
                    Duration.between(now, call.deadline()),
                    "waiting for agent " + agent.name(),
                    tx -> calls.recheck(tx, call)));
        }
        if (call.sends() < agent.retries() && now.isBefore(call.giveUp())) {
            return new Course.Waits(new Outcome.Later(
                    call.patience(),
                    "waiting for agent " + agent.name() + ", asked " + (call.sends() + 1) + " times",
                    tx -> calls.sendAgain(tx, call, call.extended(now))));
        }
        if (!calls.move(look, call.id(), State.OPEN, State.SILENT)) {
            return new Course.Waits(new Outcome.Later(Duration.ofMillis(10), "waiting for agent " + agent.name()));
        }
        return new Course.Silent("agent " + agent.name() + " did not answer within "
                + call.patience().toMillis() + " ms, asked " + call.sends() + (call.sends() == 1 ? " time" : " times"));
    }

    /// After an answer that is an error, the next try asks anew.
    void forget(Call call) {
        database.inTransaction(tx -> calls.move(tx, call.id(), State.FAILED, State.VOID));
    }
}
