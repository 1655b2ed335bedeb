package holdfast.orchestrator.instances;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Copies;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.SliceId;
import holdfast.core.SliverId;
import holdfast.core.Wanted;
import holdfast.engine.Actor;
import holdfast.engine.Engine;
import holdfast.engine.Journal;
import holdfast.engine.Notice;
import holdfast.engine.Notices;
import holdfast.engine.Outcome;
import holdfast.engine.Post;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.orchestrator.instances.InstanceCourse.News;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Failures;
import holdfast.pools.clouds.ImageMapper;
import holdfast.pools.clouds.Quotas;
import holdfast.pools.clouds.Quotas.Kind;
import holdfast.pools.clouds.Quotas.Owner;
import holdfast.protocol.LeaseInfo;
import holdfast.protocol.Match;
import holdfast.protocol.Message;
import holdfast.protocol.Message.UpdateLease;
import holdfast.protocol.SliceInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// The life of instances (aeolus.md 3.1, 4.2, 4.4): each is placed at an account by who chooses accounts, made there by
/// the authority of clouds, and placed again elsewhere if that fails. What users ask for is written down at once as a
/// task; what becomes of it is heard by messages.
public final class Instances implements Actor {
    public static final String NAME = "instances";
    public static final String TYPE = "cloudInstance";
    private static final String PLACE = "cloudInstance.place";
    private static final String WAITED = "waited";
    /// So many accounts are tried for one launch (aeolus.md 6.5, step 5).
    private static final int MOST_ATTEMPTS = 10;
    /// How long to wait while nobody can tell what an image is elsewhere (aeolus.md 4.6).
    private static final List<Duration> PAUSES =
            List.of(Duration.ofSeconds(2), Duration.ofSeconds(8), Duration.ofSeconds(32));

    private final String placing;
    private final String clouds;
    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final Journal journal;
    private final Notices notices;
    private final Post post;
    private final Quotas quotas;
    private final Failures failures = new Failures();
    private final Images images;
    private final InstanceTasks tasks;
    private final Attempts attempts;

    /// Knows what images are at the accounts of a pool.
    public interface Images {
        /// What an image is at each account where it can be used now. May ask somebody outside.
        ///
        /// @throws ImageMapper.UnavailableException if nobody can tell now
        Map<UUID, String> at(UUID pool, String image, Optional<String> build);
    }

    /// @param placing the address of who chooses accounts
    /// @param clouds the address of the authority that makes instances
    public Instances(String placing, String clouds, Platform platform, Engine engine, Quotas quotas, Images images) {
        this.placing = placing;
        this.clouds = clouds;
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.journal = engine.journal();
        this.notices = engine.notices();
        this.post = engine.post();
        this.quotas = quotas;
        this.images = images;
        this.tasks = new InstanceTasks(platform);
        this.attempts = new Attempts(platform);
        engine.definitions().add(ProcessDefinition.timer(PLACE, this::ask));
    }

    @Override
    public String name() {
        return NAME;
    }

    InstanceTasks tasks() {
        return tasks;
    }

    // --------------------------------------------------------------------------------------------------------------
    // what users ask for

    /// Accepts an instance: when the transaction ends, it is to be placed.
    ///
    /// @param owners all whose quota it counts in but the account, which is not known yet
    /// @return it; NOT_YOURS without room in a quota, CLASH if its pool has one of that name; then roll `tx` back
    public Answer<Resource> create(
            Tx tx, Caller caller, UUID pool, String name, Instance.Order order, List<Owner> owners) {
        var id = platform.newId();
        var full = quotas.reserve(tx, List.of(id), owners);
        if (!full.isEmpty()) {
            return Answer.no(QuotaRefusals.of(full));
        }
        var content = new Instance(
                pool,
                caller.user(),
                order,
                Optional.empty(),
                Instance.Attempt.NONE,
                Instance.Power.FIRST,
                Instance.Sight.NONE,
                Instance.Times.from(platform.now()),
                Optional.empty());
        var fresh = resources.fresh(
                id, TYPE, NAME, Optional.empty(), name, InstanceState.NEW.word(), caller.project(), content);
        if (!resources.insert(tx, fresh, caller.user(), "created")) {
            return Answer.no(Refusal.clash("the pool has an instance " + name + "; take another name"));
        }
        tasks.begin(tx, id, pool, Action.CREATE, caller.user(), 0, TaskView.State.QUEUED);
        return Answer.yes(place(tx, resources.lock(tx, id).orElseThrow()));
    }

    /// Starts, stops, reboots or destroys one; what runs may be destroyed as well, which stops it first.
    ///
    /// @param owners all whose quota it counts in, for a start
    /// @return as it is now; NOT_THERE, or CLASH if it cannot be done now
    public Answer<Resource> act(Tx tx, UUID id, Action action, String who, List<Owner> owners) {
        var found = lock(tx, id);
        if (found.isEmpty()) {
            return Answer.no(Refusal.notThere("there is no instance " + id));
        }
        var now = found.get();
        var open = tasks.open(tx, id);
        var content = now.as(Instance.class);
        var placed = content.attempt().sliver().isPresent();
        boolean possible =
                InstanceCourse.actions(state(now), placed, open.isPresent()).contains(action)
                        || action == Action.DESTROY && open.isEmpty();
        if (!possible) {
            var why = open.map(task -> "its " + task.action().word() + " is not done yet")
                    .orElseGet(() -> "it is " + now.state());
            return Answer.no(Refusal.clash(action.word() + " is not possible for " + now.name() + ": " + why));
        }
        if (action == Action.START) {
            var full = quotas.restart(tx, id, owners);
            if (!full.isEmpty()) {
                return Answer.no(QuotaRefusals.of(full));
            }
        }
        return Answer.yes(asked(tx, now, action, who));
    }

    private Resource asked(Tx tx, Resource now, Action action, String who) {
        var before = now.as(Instance.class);
        var content = before.with(before.power().asked(action)).troubled(Optional.empty());
        tasks.begin(tx, now.id(), content.pool(), action, who, content.power().revision(), TaskView.State.RUNNING);
        var after = write(tx, now, content, action.word() + "_queued", who);
        var sliver = content.attempt().sliver();
        if (action != Action.DESTROY) {
            var amend = new Message.Amend(
                    sliver.orElseThrow(),
                    content.power().revision(),
                    Interval.since(now.created()),
                    wanted(after, content.attempt().match().orElseThrow()));
            post.send(tx, NAME, clouds, amend);
        } else if (sliver.isPresent()) {
            post.send(tx, NAME, clouds, new Message.Close(sliver.get()));
        } else {
            return destroyed(tx, after);
        }
        return after;
    }

    /// Changes what is the user's own of it.
    Resource edit(Tx tx, Resource locked, String name, Instance.Order order, String who) {
        var content = locked.as(Instance.class).with(order);
        return resources.update(tx, locked.state(), locked.renamed(name).withData(content), who, "edited");
    }

    /// Takes one for stopped, since nobody can reach its provider (aeolus.md 3.1).
    void giveUp(Tx tx, UUID id, String who) {
        lock(tx, id).ifPresent(one -> {
            tasks.open(tx, id)
                    .ifPresent(task -> tasks.ended(
                            tx,
                            task.id(),
                            TaskView.State.CANCELED,
                            Optional.of("its provider was given up by " + who)));
            to(tx, one, one.as(Instance.class), new News.GivenUp(), "forced_stop");
        });
    }

    Optional<Resource> lock(Tx tx, UUID id) {
        return resources
                .lock(tx, id)
                .filter(one -> one.type().equals(TYPE) && one.removed().isEmpty());
    }

    // --------------------------------------------------------------------------------------------------------------
    // what is heard

    @Override
    public void on(Tx tx, String sender, Message message) {
        if (!(message instanceof Message.ToInstances own)) {
            throw new IllegalArgumentException(
                    "instances do not take " + message.getClass().getSimpleName() + " from " + sender);
        }
        switch (own) {
            case Message.Placed placed -> placed(tx, placed);
            case UpdateLease update -> at(tx, update.sliver()).ifPresent(one -> heard(tx, one, update));
            case Message.Amended amended -> at(tx, amended.sliver()).ifPresent(one -> amended(tx, one, amended));
        }
    }

    /// The instance that is at a sliver now.
    private Optional<Resource> at(Tx tx, SliverId sliver) {
        return attempts.instance(tx, sliver)
                .flatMap(id -> lock(tx, id))
                .filter(one -> one.as(Instance.class).attempt().sliver().equals(Optional.of(sliver)));
    }

    private Resource place(Tx tx, Resource now) {
        var before = now.as(Instance.class);
        var after = write(tx, now, before.with(before.attempt().next()), "to be placed", NAME);
        processes.schedule(tx, Request.now(PLACE, now.id(), NAME)).orThrow();
        return after;
    }

    /// Finds out what its image is at each account, and asks for one of them.
    private Outcome ask(Step.Context context) {
        var content = context.resource().as(Instance.class);
        var round = content.attempt().round();
        var order = content.order();
        try {
            var known = images.at(content.pool(), order.image(), order.build());
            return Outcome.done(
                    tx -> waiting(tx, context.resource().id(), round).ifPresent(now -> ask(tx, now, known)));
        } catch (ImageMapper.UnavailableException e) {
            int waited = context.arguments().path(WAITED).asInt(0);
            return Outcome.done(tx -> waiting(tx, context.resource().id(), round)
                    .ifPresent(now -> {
                        if (waited < PAUSES.size()) {
                            var again = Request.at(platform.now().plus(PAUSES.get(waited)), PLACE, now.id(), NAME);
                            processes
                                    .schedule(tx, again.with(Json.object().put(WAITED, waited + 1)))
                                    .orThrow();
                        } else {
                            nowhere(tx, now, "image_mapper_unavailable: " + e.getMessage());
                        }
                    }));
        }
    }

    private void ask(Tx tx, Resource now, Map<UUID, String> known) {
        var content = now.as(Instance.class);
        var order = content.order();
        var sought = new Message.Place.Sought(now.id(), now.name(), order.narrowed(), known);
        post.send(
                tx,
                NAME,
                placing,
                new Message.Place(
                        now.id(),
                        content.attempt().round(),
                        content.pool(),
                        order.realm().map(Instance.Realm::id),
                        order.driver(),
                        order.tied(),
                        List.of(sought),
                        attempts.tried(tx, now.id()),
                        order.seed()));
    }

    /// One that has still to be placed in that round.
    private Optional<Resource> waiting(Tx tx, UUID id, int round) {
        return lock(tx, id).filter(one -> {
            var attempt = one.as(Instance.class).attempt();
            return attempt.round() == round
                    && attempt.sliver().isEmpty()
                    && state(one).active();
        });
    }

    private void placed(Tx tx, Message.Placed placed) {
        var found = waiting(tx, placed.launch(), placed.round());
        if (found.isEmpty()) {
            return; // old news
        }
        var now = found.get();
        if (placed.refusal().isPresent()) {
            nowhere(tx, now, placed.refusal().get().message());
            return;
        }
        var match = placed.matches().getFirst();
        var content = now.as(Instance.class);
        var sliver = new SliverId(Copies.id(NAME + "/" + placed.round(), now.id()));
        attempts.begin(tx, sliver, now.id(), placed.round(), match);
        var after = write(tx, now, content.with(content.attempt().at(sliver, match)), "placed", NAME);
        tasks.started(tx, now.id());
        post.send(
                tx,
                NAME,
                clouds,
                new Message.Provide(
                        sliver,
                        new SliceInfo(new SliceId(now.id()), now.name(), now.project(), content.owner(), List.of()),
                        match.account(),
                        Interval.since(now.created()),
                        wanted(after, match)));
    }

    private void nowhere(Tx tx, Resource now, String why) {
        var content = now.as(Instance.class).troubled(Optional.of(why));
        to(tx, now, content, new News.Nowhere(), "instance_launch_failed: " + why);
        ended(tx, now.id(), Action.CREATE, Optional.of(why));
    }

    private void heard(Tx tx, Resource now, UpdateLease update) {
        var content = now.as(Instance.class);
        var why = update.refusal().map(Refusal::message);
        switch (update.state()) {
            case PREPARED -> {}
            case ACTIVE -> told(tx, now, update.lease().map(LeaseInfo::facts).orElse(Map.of()));
            case FAILED -> failed(tx, now, why.orElse("the provider did not say why"));
            case LOST -> {
                to(tx, now, content, new News.Gone(), "vanished");
                tasks.open(tx, now.id())
                        .filter(task -> task.action() != Action.DESTROY)
                        .ifPresent(task -> tasks.ended(tx, task.id(), TaskView.State.FAILED, why));
            }
            case CLOSED ->
                tasks.open(tx, now.id())
                        .filter(task -> task.action() == Action.DESTROY)
                        .ifPresent(_ -> destroyed(tx, now));
            case CLOSE_FAILED -> {
                write(tx, now, content.troubled(why), "destroy_failed", NAME);
                ended(tx, now.id(), Action.DESTROY, why);
            }
        }
    }

    /// It is made, or something of it is otherwise than before.
    private void told(Tx tx, Resource now, Map<String, String> facts) {
        var before = now.as(Instance.class);
        var content = before.with(before.sight().with(Sightings.of(facts)));
        var open = tasks.open(tx, now.id());
        if (open.filter(task -> task.action() == Action.CREATE).isPresent()) {
            var after = to(tx, now, content, new News.Done(true), "made");
            ended(tx, now.id(), Action.CREATE, Optional.empty());
            if (content.order().stopped()) {
                asked(tx, after, Action.STOP, content.owner());
            }
        } else {
            to(tx, now, content, new News.Seen(Sightings.state(facts)), "seen");
        }
    }

    private void failed(Tx tx, Resource now, String why) {
        var content = now.as(Instance.class);
        attempts.failed(tx, content.attempt().sliver().orElseThrow(), why);
        var match = content.attempt().match().orElseThrow();
        failures.note(tx, match.account(), now.id(), platform.now(), why);
        quotas.leave(tx, now.id(), Set.of(Kind.ACCOUNT));
        if (attempts.tried(tx, now.id()).size() >= MOST_ATTEMPTS) {
            nowhere(tx, now, "too many launch retries; the last account said: " + why);
        } else {
            place(tx, now);
        }
    }

    private void amended(Tx tx, Resource now, Message.Amended amended) {
        var open = tasks.open(tx, now.id()).filter(task -> task.revision() == amended.revision());
        if (open.isEmpty()) {
            return; // told again
        }
        var content = now.as(Instance.class);
        var why = amended.refusal().map(Refusal::message);
        if (why.isEmpty()) {
            to(
                    tx,
                    now,
                    content,
                    new News.Done(content.power().on()),
                    open.get().action().word() + "_done");
        } else {
            var as = content.with(content.power().refused(open.get().action())).troubled(why);
            count(tx, now.id(), state(now));
            write(tx, now, as, open.get().action().word() + "_failed", NAME);
        }
        ended(tx, now.id(), open.get().action(), why);
    }

    // --------------------------------------------------------------------------------------------------------------
    // writing

    /// The next state with what follows from it.
    private Resource to(Tx tx, Resource now, Instance content, News news, String why) {
        var from = state(now);
        var next = InstanceCourse.after(from, news);
        if (next == from) {
            return content.equals(now.as(Instance.class)) ? now : write(tx, now, content, why, NAME);
        }
        var moved = content.with(content.times().moved(from, next, platform.now()));
        var after = resources.update(
                tx, now.state(), now.withData(moved).withState(next.word(), moved.trouble()), NAME, why);
        count(tx, now.id(), next);
        tell(tx, after, next.word());
        return after;
    }

    private void count(Tx tx, UUID id, InstanceState state) {
        InstanceCourse.phase(state).ifPresentOrElse(phase -> quotas.phase(tx, id, phase), () -> quotas.leave(tx, id));
    }

    private Resource destroyed(Tx tx, Resource now) {
        quotas.leave(tx, now.id());
        processes.cancelTimers(tx, now.id());
        ended(tx, now.id(), Action.DESTROY, Optional.empty());
        var gone = resources.update(tx, now.state(), now.removedAt(platform.now()), NAME, "destroyed");
        tell(tx, gone, "destroyed");
        return gone;
    }

    private void ended(Tx tx, UUID instance, Action action, Optional<String> why) {
        var state = why.isEmpty() ? TaskView.State.FINISHED : TaskView.State.FAILED;
        tasks.open(tx, instance)
                .filter(task -> task.action() == action)
                .ifPresent(task -> tasks.ended(tx, task.id(), state, why));
    }

    private Resource write(Tx tx, Resource now, Instance content, String why, String who) {
        var changed = now.withData(content).withState(now.state(), content.trouble());
        var after = resources.update(tx, now.state(), changed, who, why);
        journal.changed(tx, after, who, why);
        return after;
    }

    private void tell(Tx tx, Resource resource, String event) {
        var content = resource.as(Instance.class);
        var data = Json.object()
                .put("state", resource.state())
                .put("name", resource.name())
                .put("owner", content.owner())
                .put("pool", content.pool().toString());
        content.attempt()
                .match()
                .ifPresent(match -> data.put("account", match.account().toString()));
        content.trouble().ifPresent(why -> data.put("reason", why));
        notices.tell(
                tx,
                new Notice(
                        platform.newId(),
                        "instance." + event,
                        platform.now(),
                        Notice.Thing.of(resource),
                        resource.project(),
                        Optional.empty(),
                        Optional.empty(),
                        data));
    }

    static InstanceState state(Resource resource) {
        return InstanceState.named(resource.state()).orElseThrow();
    }

    private static Wanted wanted(Resource resource, Match match) {
        var content = resource.as(Instance.class);
        return new Wanted.Instance(
                resource.name().replace('/', '-'),
                match.profile(),
                match.sizes(),
                match.image(),
                match.realm(),
                content.order().key(),
                content.order().userData(),
                Map.of(),
                content.power().on(),
                content.power().reboots());
    }
}
