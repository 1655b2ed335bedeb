package holdfast.engine.handlers;

import holdfast.engine.Outcome;
import holdfast.engine.Step;
import holdfast.engine.handlers.Call.State;
import holdfast.engine.handlers.Waiting.Course;
import holdfast.platform.Database;
import holdfast.platform.Tx;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// Asks an agent something within a step: an agent is a handler outside to whom events are addressed by its id. As with
/// [CallStep], what is next follows from the row of the call alone.
record AgentCall(Database database, Calls calls, Waiting waiting) {
    /// @param agent who is asked, how often and how patiently
    /// @param event its name, with the agent
    Course ask(Step.Context context, String step, Handler agent, String event) {
        return ask(context, step, agent, event, _ -> (ObjectNode) context.arguments());
    }

    /// @param data what the event says beside its resource; looked up only if the agent is asked anew
    Course ask(Step.Context context, String step, Handler agent, String event, Function<Tx, ObjectNode> data) {
        var who = "agent " + agent.name();
        return database.inTransaction(tx -> {
            var last = calls.latest(tx, context.process(), step);
            return last.filter(call -> call.state().isUnderWay())
                    .map(call -> waiting.look(tx, call, who, agent.retries()))
                    .orElseGet(() -> {
                        var asked = new Step.Context(
                                context.resource(),
                                context.process(),
                                data.apply(tx),
                                context.first(),
                                context.epoch());
                        var call = calls.prepare(tx, agent, event, step, asked, last);
                        return new Course.Waits(new Outcome.Later(
                                agent.timeout(), "waiting for " + who, write -> calls.open(write, call)));
                    });
        });
    }

    /// After an answer that is an error, the next try asks anew.
    void forget(Call call) {
        database.inTransaction(tx -> calls.move(tx, call.id(), State.FAILED, State.VOID));
    }
}
