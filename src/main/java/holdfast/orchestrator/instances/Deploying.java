package holdfast.orchestrator.instances;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.engine.Actor;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.Post;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.orchestrator.instances.DeploymentCourse.News;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Quotas.Owner;
import holdfast.protocol.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// The life of deployments (aeolus.md 3.2, 4.3): all instances of one are made at one account, side by side. If one of
/// them cannot be made, nothing is left at that account before the next one is tried, unless what can be made is to
/// stay.
public final class Deploying implements Actor {
    public static final String NAME = "deployments";
    public static final String TYPE = "cloudDeployment";

    private static final String TEND = "cloudDeployment.tend";
    private static final String ROUND = "round";
    private static final String STATE = "state";
    private static final String LOOKS = "looks";
    /// How often it is looked whether what was to be stopped or taken back is (aeolus.md 7, rows 6 and 22).
    private static final Duration PERIOD = Duration.ofMinutes(1);
    /// After so many looks nobody waits for what cannot be taken back.
    private static final int MOST_LOOKS = 60;

    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final Post post;
    private final Instances instances;
    private final Parts parts;
    private final DeploymentRecords records;
    private final DeploymentSearch search;
    private final Tending tending;
    private final DeploymentTasks tasks;

    /// @param placing the address of who chooses accounts
    public Deploying(String placing, Platform platform, Database database, Engine engine, Instances instances) {
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.post = engine.post();
        this.instances = instances;
        this.parts = instances.parts();
        this.records = new DeploymentRecords(platform, engine);
        this.search = new DeploymentSearch(placing, database, engine, instances, records, this::nowhere);
        this.tasks = new DeploymentTasks(parts, instances.tasks());
        this.tending = new Tending(engine, instances, records, tasks);
        engine.definitions().add(ProcessDefinition.timer(TEND, this::look));
    }

    @Override
    public String name() {
        return NAME;
    }

    /// Has somebody told; to be called once, before anything happens.
    public void tell(Instances.Ear listener) {
        records.tell(listener);
    }

    // --------------------------------------------------------------------------------------------------------------
    // what users ask for

    /// Accepts a deployment: when the transaction ends, it is to be placed.
    ///
    /// @param drafts its instances, whose names begin with its own
    /// @param owners all whose quota they count in but the account, which is not known yet
    /// @return it; NOT_YOURS without room in a quota, CLASH if its pool has one of that name; then roll `tx` back
    Answer<Resource> create(
            Tx tx,
            Caller caller,
            UUID pool,
            String name,
            Deployment.Order order,
            List<Parts.Draft> drafts,
            List<Owner> owners) {
        var id = platform.newId();
        var ids = drafts.stream().map(Parts.Draft::id).toList();
        var content =
                new Deployment(pool, caller.user(), order, ids, 1, false, Deployment.Uptime.NONE, Optional.empty());
        var fresh = resources.fresh(
                id, TYPE, NAME, Optional.empty(), name, DeploymentState.NEW.word(), caller.project(), content);
        if (!records.insert(tx, fresh, caller.user())) {
            return Answer.no(Refusal.clash("the pool has a deployment " + name + "; take another name"));
        }
        var refused = parts.create(tx, caller, pool, id, drafts, owners);
        if (refused.isPresent()) {
            return refused.get();
        }
        search.begin(tx, id);
        var made = records.lock(tx, id).orElseThrow();
        tasks.begin(tx, made, Action.CREATE, caller.user());
        return Answer.yes(made);
    }

    /// @return CLASH if it is over or being stopped already
    Answer<Resource> stop(Tx tx, Resource locked, String who) {
        if (!DeploymentRecords.state(locked).active()) {
            return Answer.no(Refusal.clash("stop is not possible for " + locked.name() + ": it is " + locked.state()));
        }
        tasks.begin(tx, locked, Action.STOP, who);
        return Answer.yes(advance(tx, locked, new News.Stop(), Optional.empty(), who));
    }

    /// @param owners all whose quota an instance counts in, or why it cannot be started
    /// @return CLASH if nothing of it can be started, NOT_YOURS for want of quota; then roll `tx` back
    Answer<Resource> start(Tx tx, Resource locked, String who, Function<Resource, Answer<List<Owner>>> owners) {
        return each(tx, locked, InstanceState.STOPPED, Action.START, who, owners);
    }

    /// @return CLASH if nothing of it runs, if something else is being done to what does, or while all of it is
    ///     still
    ///     being made; then roll `tx` back
    Answer<Resource> reboot(Tx tx, Resource locked, String who) {
        return DeploymentRecords.state(locked).seeking()
                ? Answer.no(Refusal.clash(locked.name() + " is still being made; wait, or stop it"))
                : each(tx, locked, InstanceState.RUNNING, Action.REBOOT, who, _ -> Answer.yes(List.of()));
    }

    /// Does the same to each of its instances that is in a state.
    private Answer<Resource> each(
            Tx tx,
            Resource locked,
            InstanceState state,
            Action action,
            String who,
            Function<Resource, Answer<List<Owner>>> owners) {
        var some = parts.lock(tx, locked.as(Deployment.class).parts()).stream()
                .filter(part -> InstanceRecords.state(part) == state && Parts.isPlaced(part))
                .toList();
        if (some.isEmpty()) {
            return Answer.no(Refusal.clash(
                    action.word() + " is not possible for " + locked.name() + ": nothing of it is " + state.word()));
        }
        for (var part : some) {
            var asked = owners.apply(part).flatMap(all -> instances.act(tx, part.id(), action, who, all));
            if (asked instanceof Answer.No<Resource> no) {
                return no;
            }
        }
        tasks.begin(tx, locked, action, who);
        return Answer.yes(locked);
    }

    /// Destroys all of it; what is running is stopped.
    ///
    /// @return as it is now; empty if it is gone
    Optional<Resource> delete(Tx tx, Resource locked, String who) {
        var content = locked.as(Deployment.class);
        tasks.begin(tx, locked, Action.DESTROY, who);
        var marked = records.write(tx, locked, content.deleting(true), "delete_queued", who);
        var after = DeploymentRecords.state(marked).active()
                ? advance(tx, marked, new News.Stop(), Optional.empty(), who)
                : marked;
        return tending.destroy(tx, after, true);
    }

    /// Changes what is the user's own of it.
    Resource edit(Tx tx, Resource locked, Deployment.Order order, String who) {
        return resources.update(
                tx, locked.state(), locked.withData(locked.as(Deployment.class).with(order)), who, "edited");
    }

    Optional<Resource> lock(Tx tx, UUID id) {
        return records.lock(tx, id);
    }

    // --------------------------------------------------------------------------------------------------------------
    // placing

    /// An account is found, or none. What was reserved there for one that is sought no more is free again.
    private void placed(Tx tx, Message.Placed placed) {
        var found = records.known(tx, placed.launch());
        if (found.isEmpty()) {
            return;
        }
        var now = found.get();
        var content = now.as(Deployment.class);
        var all = parts.lock(tx, content.parts());
        if (!DeploymentSearch.isSeeking(now, placed.round())) {
            var placedThere =
                    all.stream().filter(Parts::isPlaced).map(Resource::id).toList();
            parts.leaveAccount(
                    tx,
                    content.parts().stream()
                            .filter(part -> !placedThere.contains(part))
                            .toList());
        } else if (placed.refusal().isPresent()) {
            nowhere(tx, now, Launching.nowhereElse(placed.refusal().get(), content.trouble()));
        } else {
            advance(tx, now, new News.Placed(), Optional.empty(), NAME);
            for (int n = 0; n < all.size(); n++) {
                parts.make(tx, all.get(n), placed.round(), placed.matches().get(n));
            }
        }
    }

    private void nowhere(Tx tx, Resource now, String why) {
        advance(tx, now, new News.Nowhere(), Optional.of(why), NAME);
    }

    // --------------------------------------------------------------------------------------------------------------
    // what is heard

    @Override
    public void on(Tx tx, String sender, Message message) {
        if (!(message instanceof Message.ToDeployments own)) {
            throw new IllegalArgumentException(
                    "deployments do not take " + message.getClass().getSimpleName() + " from " + sender);
        }
        switch (own) {
            case Message.Placed placed -> placed(tx, placed);
            case Message.PartChanged(var id) -> records.lock(tx, id).ifPresent(now -> review(tx, now));
        }
    }

    private void review(Tx tx, Resource now) {
        var all = parts.lock(tx, now.as(Deployment.class).parts());
        var states = all.stream().map(InstanceRecords::state).toList();
        var news = new News.Parts(states, all.stream().anyMatch(Parts::isPlaced));
        tending.tend(tx, advance(tx, now, news, trouble(all), NAME));
        records.lock(tx, now.id()).ifPresent(after -> tasks.settle(tx, after));
    }

    /// Why the first of them failed that did.
    private static Optional<String> trouble(List<Resource> all) {
        return all.stream()
                .filter(part -> InstanceRecords.state(part).failed())
                .findFirst()
                .map(part ->
                        part.name() + ": " + part.as(Instance.class).trouble().orElseGet(part::state));
    }

    /// The next state, and what follows from being there.
    private Resource advance(Tx tx, Resource now, News news, Optional<String> why, String who) {
        var after = records.to(tx, now, news, why, who);
        if (after.state().equals(now.state())) {
            return after;
        }
        post.send(tx, NAME, NAME, new Message.PartChanged(now.id())); // looked at once more as what it is now
        var all = parts.lock(tx, after.as(Deployment.class).parts());
        switch (DeploymentRecords.state(after)) {
            case ROLLBACK_IN_PROGRESS -> {
                all.forEach(part -> parts.takeBack(tx, part));
                lookLater(tx, after, 1);
            }
            case SHUTTING_DOWN -> {
                all.forEach(part -> parts.giveUp(tx, part, "stopped before it was made"));
                lookLater(tx, after, 1);
            }
            case FAILED -> all.forEach(part -> parts.giveUp(tx, part, why.orElse("no account will do")));
            case ROLLBACK_COMPLETE -> {
                return elsewhere(tx, after, all);
            }
            case NEW, PENDING, RUNNING, INCOMPLETE, STOPPED, ROLLBACK_FAILED -> {}
        }
        return after;
    }

    private Resource elsewhere(Tx tx, Resource now, List<Resource> all) {
        var content = now.as(Deployment.class);
        if (content.round() >= Launching.MOST_ATTEMPTS) {
            var why = "too many launch retries; the last account said: "
                    + content.trouble().orElse("nothing");
            return advance(tx, now, new News.Nowhere(), Optional.of(why), NAME);
        }
        all.forEach(part -> parts.again(tx, part));
        search.begin(tx, now.id());
        return records.write(tx, now, content.nextRound(), "relaunch", NAME);
    }

    // --------------------------------------------------------------------------------------------------------------
    // what takes its time

    private void lookLater(Tx tx, Resource now, int looks) {
        var arguments = Json.object()
                .put(STATE, now.state())
                .put(ROUND, now.as(Deployment.class).round())
                .put(LOOKS, looks);
        processes
                .schedule(
                        tx,
                        Request.at(platform.now().plus(PERIOD), TEND, now.id(), NAME)
                                .with(arguments))
                .orThrow();
    }

    /// Asks again for what is not stopped or taken back yet.
    private Outcome look(Step.Context context) {
        var id = context.resource().id();
        int looks = context.arguments().path(LOOKS).asInt(0);
        return Outcome.done(tx -> records.lock(tx, id)
                .filter(now ->
                        now.state().equals(context.arguments().path(STATE).asString(""))
                                && now.as(Deployment.class).round()
                                        == context.arguments().path(ROUND).asInt(0))
                .ifPresent(now -> look(tx, now, looks)));
    }

    private void look(Tx tx, Resource now, int looks) {
        if (DeploymentRecords.state(now) == DeploymentState.ROLLBACK_IN_PROGRESS) {
            if (looks >= MOST_LOOKS) {
                advance(tx, now, new News.Overdue(), Optional.of("it could not be taken back within an hour"), NAME);
                return;
            }
            parts.lock(tx, now.as(Deployment.class).parts()).forEach(part -> parts.takeBack(tx, part));
        } else {
            tending.tend(tx, now);
        }
        records.lock(tx, now.id()).ifPresent(left -> lookLater(tx, left, looks + 1));
    }
}
