package holdfast.orchestrator.instances;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.engine.Actor;
import holdfast.engine.Engine;
import holdfast.engine.Post;
import holdfast.engine.Post.Envelope;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.orchestrator.instances.InstanceCourse.News;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Failures;
import holdfast.pools.clouds.ImageMapper;
import holdfast.pools.clouds.Quotas;
import holdfast.pools.clouds.Quotas.Owner;
import holdfast.protocol.LeaseInfo;
import holdfast.protocol.Message;
import holdfast.protocol.Message.UpdateLease;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The life of instances (aeolus.md 3.1, 4.2, 4.4): each is placed at an account by who chooses accounts, made there by
/// the authority of clouds, and placed again elsewhere if that fails. What users ask for is written down at once as a
/// task; what becomes of it is heard by messages.
public final class Instances implements Actor {
    public static final String NAME = "instances";
    public static final String TYPE = "cloudInstance";
    private static final String UNSAID = "the provider did not say why";

    private final String clouds;
    private final Platform platform;
    private final Resources resources;
    private final Post post;
    private final Quotas quotas;
    private final InstanceRecords records;
    private final InstanceTasks tasks;
    private final Attempts attempts;
    private final Launching launching;
    private final Parts parts;

    /// Knows what images are at the accounts of a pool.
    public interface Images {
        /// What an image is at each account where it can be used now. May ask somebody outside.
        ///
        /// @throws ImageMapper.UnavailableException if nobody can tell now
        Map<UUID, String> at(UUID pool, String image, Optional<String> build);
    }

    /// Hears of each instance that begins to run, or is stopped, and of each deployment whose instances do.
    public interface Ear {
        /// In the transaction of that change, which must not fail for it.
        ///
        /// @param times how often that was noted, at least 1
        void moved(Tx tx, UUID id, int times);
    }

    /// @param placing the address of who chooses accounts
    /// @param clouds the address of the authority that makes instances
    public Instances(String placing, String clouds, Platform platform, Engine engine, Quotas quotas, Images images) {
        this.clouds = clouds;
        this.platform = platform;
        this.resources = engine.resources();
        this.post = engine.post();
        this.quotas = quotas;
        this.records = new InstanceRecords(platform, engine, quotas);
        this.tasks = records.tasks();
        engine.forgetting(InstanceTasks::prune);
        engine.forgetting(Attempts::prune);
        engine.forgetting(new Failures()::prune);
        this.attempts = new Attempts(platform);
        this.launching = new Launching(placing, clouds, platform, engine, quotas, images, records, attempts);
        this.parts = new Parts(this, clouds, engine, quotas, records, attempts, launching);
    }

    @Override
    public String name() {
        return NAME;
    }

    /// Has somebody told; to be called once, before anything happens.
    public void tell(Ear listener) {
        records.tell(listener);
    }

    InstanceTasks tasks() {
        return tasks;
    }

    Parts parts() {
        return parts;
    }

    Inquiry inquiry() {
        return launching.inquiry();
    }

    // --------------------------------------------------------------------------------------------------------------
    // what users ask for

    /// Accepts instances that are alike but for their names: when the transaction ends, each is to be placed.
    ///
    /// @param known what its image is at each account where it can be used now; empty while nobody can tell
    /// @param owners all whose quota they count in but the account, which is not known yet
    /// @return all of them; NOT_YOURS without room for all in a quota, CLASH if their pool has one of such a name;
    ///     then
    ///     roll `tx` back
    public Answer<List<Resource>> create(
            Tx tx,
            Caller caller,
            UUID pool,
            List<String> names,
            Instance.Order order,
            Optional<Map<UUID, String>> known,
            List<Owner> owners) {
        var made = new ArrayList<Resource>();
        for (var name : names) {
            switch (insert(tx, platform.newId(), caller, pool, name, order, Optional.empty())) {
                case Answer.Yes<Resource>(var one) -> made.add(one);
                case Answer.No<Resource>(var why) -> {
                    return Answer.no(why);
                }
            }
        }
        made.forEach(one -> launching.begin(tx, one, known));
        var ids = made.stream().map(Resource::id).toList();
        var full = quotas.reserve(tx, ids, owners); // last, since others wait for these locks
        return full.isEmpty() ? Answer.yes(made) : Answer.no(QuotaRefusals.of(full, ids.size()));
    }

    /// Writes one down that counts already; it is placed by whoever asks for it.
    Answer<Resource> insert(
            Tx tx, UUID id, Caller caller, UUID pool, String name, Instance.Order order, Optional<UUID> deployment) {
        var content = new Instance(
                pool,
                caller.user(),
                order,
                deployment,
                deployment.isPresent() ? Instance.Attempt.NONE : Instance.Attempt.NONE.next(),
                Instance.Power.FIRST,
                Instance.Sight.NONE,
                Instance.Times.from(platform.now()),
                Optional.empty());
        var fresh = resources.fresh(
                id, TYPE, NAME, Optional.of(pool), name, InstanceState.NEW.word(), caller.project(), content);
        var made = resources.add(tx, fresh, caller.user(), "created");
        if (made.isEmpty()) {
            return Answer.no(Refusal.clash("the pool has an instance " + name + "; take another name"));
        }
        tasks.begin(tx, id, pool, Action.CREATE, caller.user(), 0, TaskView.State.QUEUED);
        return Answer.yes(made.get());
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
        var hindrance = hindrance(tx, now, action);
        if (hindrance.isPresent()) {
            return Answer.no(
                    Refusal.clash(action.word() + " is not possible for " + now.name() + ": " + hindrance.get()));
        }
        if (action == Action.START) {
            var full = quotas.restart(tx, id, owners);
            if (!full.isEmpty()) {
                return Answer.no(QuotaRefusals.of(full, 1));
            }
        }
        return Answer.yes(asked(tx, now, action, who));
    }

    /// Why something cannot be asked of one now (aeolus.md 3.3, 3.5).
    private Optional<String> hindrance(Tx tx, Resource now, Action action) {
        var open = tasks.open(tx, now.id());
        if (open.isPresent()) {
            return Optional.of("its " + open.get().action().word() + " is not done yet");
        }
        var placed = now.as(Instance.class).attempt().sliver().isPresent();
        var possible = InstanceCourse.actions(InstanceRecords.state(now), placed, false);
        if (!possible.contains(action) && action != Action.DESTROY) {
            return Optional.of("it is " + now.state());
        }
        var lately = platform.now().minus(InstanceCourse.BETWEEN_REBOOTS);
        return action == Action.REBOOT && tasks.wasAsked(tx, now.id(), Action.REBOOT, lately)
                ? Optional.of(
                        "it was rebooted less than " + InstanceCourse.BETWEEN_REBOOTS.toMinutes() + " minutes ago")
                : Optional.empty();
    }

    private Resource asked(Tx tx, Resource now, Action action, String who) {
        var before = now.as(Instance.class);
        var content = before.with(before.power().asked(action)).troubled(Optional.empty());
        tasks.begin(tx, now.id(), content.pool(), action, who, content.power().revision(), TaskView.State.RUNNING);
        var after = records.write(tx, now, content, action.word() + "_queued", who);
        var sliver = content.attempt().sliver();
        if (action != Action.DESTROY) {
            amend(tx, after);
        } else if (sliver.isPresent()) {
            post.send(tx, NAME, clouds, new Message.Close(sliver.get()));
        } else {
            return records.destroyed(tx, after);
        }
        return after;
    }

    /// Asks its authority for what is wanted of it now.
    private void amend(Tx tx, Resource placed) {
        var content = placed.as(Instance.class);
        var amend = new Message.Amend(
                content.attempt().sliver().orElseThrow(),
                content.power().revision(),
                Interval.since(placed.created()),
                Launching.wanted(placed, content.attempt().match().orElseThrow()));
        post.send(tx, NAME, clouds, amend);
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
                            id,
                            task.action(),
                            TaskView.State.CANCELED,
                            Optional.of("its provider was given up by " + who)));
            var before = one.as(Instance.class);
            var content = before.with(before.power().asked(Action.STOP));
            var told = records.write(tx, one, content, "forced_stop", who);
            amend(tx, told); // nothing runs on there if the provider is back some day
            records.to(tx, told, content, new News.GivenUp(), "its provider was given up");
        });
    }

    Optional<Resource> lock(Tx tx, UUID id) {
        return records.lock(tx, id);
    }

    // --------------------------------------------------------------------------------------------------------------
    // what is heard

    /// An instance is locked after its lease, and never the other way round: of a lease that is there already its
    /// authority hears by mail.
    @Override
    public boolean takesAtOnce(Message message) {
        return true;
    }

    @Override
    public void on(Tx tx, String sender, Message message) {
        onAll(tx, List.of(new Envelope(message.subject(), sender, NAME, message)));
    }

    /// All are locked together, in the order of their ids; one that was changed by what was heard of it is looked
    /// up once more for what comes next.
    @Override
    public void onAll(Tx tx, List<Envelope> some) {
        var bySubject = new HashMap<UUID, Resource>();
        var subjects = some.stream().map(one -> one.message().subject()).toList();
        for (var one : records.lockAll(tx, Attempts.ofAny(subjects))) {
            bySubject.put(one.id(), one);
            one.as(Instance.class).attempt().sliver().ifPresent(sliver -> bySubject.put(sliver.value(), one));
        }
        var changed = new HashSet<UUID>();
        for (var envelope : some) {
            var message = own(envelope);
            Optional.ofNullable(bySubject.get(message.subject()))
                    .flatMap(one -> changed.add(one.id()) ? Optional.of(one) : lock(tx, one.id()))
                    .ifPresent(one -> on(tx, one, message));
        }
    }

    private void on(Tx tx, Resource now, Message.ToInstances message) {
        switch (message) {
            case Message.Placed placed -> launching.placed(tx, now, placed);
            case UpdateLease update when isAt(now, update.sliver()) -> heard(tx, now, update);
            case Message.Amended amended when isAt(now, amended.sliver()) -> amended(tx, now, amended);
            case UpdateLease _, Message.Amended _ -> {} // of an attempt before
        }
    }

    private static boolean isAt(Resource instance, SliverId sliver) {
        return instance.as(Instance.class).attempt().sliver().equals(Optional.of(sliver));
    }

    private static Message.ToInstances own(Envelope envelope) {
        if (envelope.message() instanceof Message.ToInstances own) {
            return own;
        }
        throw new IllegalArgumentException("instances do not take "
                + envelope.message().getClass().getSimpleName() + " from " + envelope.sender());
    }

    private void heard(Tx tx, Resource now, UpdateLease update) {
        var content = now.as(Instance.class);
        var why = update.refusal().map(Refusal::message);
        switch (update.state()) {
            case PREPARED -> {}
            case ACTIVE -> told(tx, now, update.lease().map(LeaseInfo::facts).orElse(Map.of()));
            case FAILED -> unmade(tx, now, why.orElse(UNSAID));
            case LOST -> {
                records.to(tx, now, content, new News.Gone(), "vanished");
                tasks.open(tx, now.id())
                        .filter(task -> task.action() != Action.DESTROY)
                        .ifPresent(task -> tasks.ended(tx, now.id(), task.action(), TaskView.State.FAILED, why));
            }
            case CLOSED ->
                tasks.open(tx, now.id())
                        .filter(task -> task.action() == Action.DESTROY)
                        .ifPresentOrElse(_ -> records.destroyed(tx, now), () -> parts.left(tx, now));
            case CLOSE_FAILED -> {
                var said = why.or(() -> Optional.of(UNSAID));
                var after = records.write(tx, now, content.troubled(said), "destroy_failed", NAME);
                records.ended(tx, now.id(), Action.DESTROY, said);
                records.changed(tx, after);
            }
        }
    }

    /// Told again of one that was given up and is to be destroyed: nothing of it is left.
    private void unmade(Tx tx, Resource now, String why) {
        tasks.open(tx, now.id())
                .ifPresentOrElse(
                        task -> {
                            switch (task.action()) {
                                case CREATE -> launching.failed(tx, now, why);
                                case DESTROY -> records.destroyed(tx, now);
                                case START, STOP, REBOOT -> {}
                            }
                        },
                        () -> parts.left(tx, now));
    }

    /// It is made, or something of it is otherwise than before.
    private void told(Tx tx, Resource now, Map<String, String> facts) {
        var before = now.as(Instance.class);
        var content = before.with(before.sight().with(Sightings.of(facts)));
        if (tasks.ended(tx, now.id(), Action.CREATE, TaskView.State.FINISHED, Optional.empty())) {
            var after = records.to(tx, now, content, new News.Done(true), "made");
            if (content.order().stopped()) {
                asked(tx, after, Action.STOP, content.owner());
            }
        } else {
            records.to(tx, now, content, new News.Seen(Sightings.state(facts)), "seen");
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
            records.to(
                    tx,
                    now,
                    content,
                    new News.Done(content.power().on()),
                    open.get().action().word() + "_done");
        } else {
            var as = content.with(content.power().refused(open.get().action())).troubled(why);
            records.count(tx, now.id(), InstanceRecords.state(now));
            records.write(tx, now, as, open.get().action().word() + "_failed", NAME);
        }
        records.ended(tx, now.id(), open.get().action(), why);
        records.changed(tx, now);
    }
}
