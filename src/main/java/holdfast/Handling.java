package holdfast;

import holdfast.engine.handlers.Agents;
import holdfast.engine.handlers.Calls;
import holdfast.engine.handlers.Handlers;
import holdfast.engine.handlers.Merging;
import holdfast.engine.handlers.Replies;
import holdfast.engine.handlers.SimulatedAgents;
import holdfast.engine.handlers.Subscriptions;
import holdfast.engine.handlers.View;
import holdfast.engine.handlers.Webhooks;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.WebhookClient;

/// The handlers that take part in processes from outside, wired.
final class Handling {
    private final Ground ground;
    private final Replies replies;
    private final Subscriptions subscriptions;
    private final Handlers handlers;

    /// Before the engine starts.
    ///
    /// @param view what handlers are told of resources
    Handling(Ground ground, View view) {
        var platform = ground.platform();
        var database = ground.database();
        var engine = ground.engine();
        this.ground = ground;
        this.replies = new Replies(platform, database, engine);
        this.subscriptions = new Subscriptions(platform, database, engine, Subscriptions.Options.standard());
        var calls = new Calls(platform, engine.processes(), view);
        new Agents(platform, database, engine, view, calls).define();
        this.handlers = new Handlers(platform, database, engine, calls, new Merging(engine.types()));
        handlers.attach(engine);
    }

    Replies replies() {
        return replies;
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    /// @param callbacks which addresses may be called; those of this host may be in any case: handlers are
    ///     registered by administrators, and often run beside the server
    void start(Started started, CallbackPolicy callbacks) {
        subscriptions.start();
        started.add(subscriptions::stop);
        var client = started.add(new WebhookClient(callbacks.and("127.0.0.0/8", "::1")));
        var webhooks = new Webhooks(ground.platform(), handlers, subscriptions, replies, ground.secrets(), client);
        webhooks.start();
        started.add(webhooks::stop);
        var simulated = new SimulatedAgents(ground.database(), ground.engine(), subscriptions, replies);
        simulated.start();
        started.add(simulated::stop);
    }
}
