package holdfast.engine.handlers;

import holdfast.core.Caller;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.platform.Database;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// Answers for agents whose address begins with `sim://`, over the same way by which others answer. Of all servers one
/// answers each call.
public final class SimulatedAgents {
    /// No word of an event's name may hold a colon.
    private static final String QUEUE = ":sim";

    private final Database database;
    private final Engine engine;
    private final Subscriptions subscriptions;
    private final Replies replies;
    private final CallListener listener;

    public SimulatedAgents(Database database, Engine engine, Subscriptions subscriptions, Replies replies) {
        this.database = database;
        this.engine = engine;
        this.subscriptions = subscriptions;
        this.replies = replies;
        this.listener = new CallListener("simulated agents", subscriptions, this::hear);
    }

    public void start() {
        listener.start();
    }

    public void stop() throws InterruptedException {
        listener.interrupt();
        listener.join();
    }

    private void hear(UUID subscriber, Call call) {
        if (!call.name().contains(";agent=")) {
            return;
        }
        database.inTransaction(tx -> engine.resources().find(tx, call.handler()))
                .filter(SimulatedAgents::isSimulated)
                .filter(_ -> subscriptions.claims().take(call, QUEUE, subscriber))
                .flatMap(agent -> Simulator.answer(agent, call.event()))
                .ifPresent(reply ->
                        replies.take(new Caller(call.project(), call.project(), false), addressed(call, reply)));
    }

    private static boolean isSimulated(Resource agent) {
        return agent.type().equals(Agents.TYPE)
                && agent.content().path("uri").asString("").startsWith(Simulator.SCHEME);
    }

    private static ObjectNode addressed(Call call, ObjectNode reply) {
        reply.put("name", call.replyTo());
        reply.putArray("previousIds").add(call.id().toString());
        return reply;
    }
}
