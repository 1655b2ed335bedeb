package holdfast.orchestrator.instances;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.engine.Engine;
import holdfast.engine.Post;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.orchestrator.instances.InstanceCourse.News;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Quotas;
import holdfast.pools.clouds.Quotas.Kind;
import holdfast.pools.clouds.Quotas.Owner;
import holdfast.pools.clouds.Quotas.Phase;
import holdfast.protocol.Match;
import holdfast.protocol.Message;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// What is done to instances because they are parts of a deployment (aeolus.md 3.2, 4.3).
final class Parts {
    private final Instances instances;
    private final String clouds;
    private final Resources resources;
    private final Post post;
    private final Quotas quotas;
    private final InstanceRecords records;
    private final Attempts attempts;
    private final Launching launching;

    /// @param clouds the address of the authority that makes instances
    Parts(
            Instances instances,
            String clouds,
            Engine engine,
            Quotas quotas,
            InstanceRecords records,
            Attempts attempts,
            Launching launching) {
        this.instances = instances;
        this.clouds = clouds;
        this.resources = engine.resources();
        this.post = engine.post();
        this.quotas = quotas;
        this.records = records;
        this.attempts = attempts;
        this.launching = launching;
    }

    /// A part to be.
    record Draft(UUID id, String name, Instance.Order order) {}

    /// Writes all of them down, which count at all owners at once or not at all.
    ///
    /// @return why not; then roll `tx` back
    Optional<Answer.No<Resource>> create(
            Tx tx, Caller caller, UUID pool, UUID deployment, List<Draft> drafts, List<Owner> owners) {
        var full = quotas.reserve(tx, drafts.stream().map(Draft::id).toList(), owners);
        if (!full.isEmpty()) {
            return Optional.of(new Answer.No<>(QuotaRefusals.of(full, drafts.size())));
        }
        for (var draft : drafts) {
            var made = instances.insert(
                    tx, draft.id(), caller, pool, draft.name(), draft.order(), Optional.of(deployment));
            if (made instanceof Answer.No<Resource> no) {
                return Optional.of(no);
            }
        }
        return Optional.empty();
    }

    /// Those that are there, locked, in the order in which they are named.
    List<Resource> lock(Tx tx, List<UUID> ids) {
        return there(resources.lockAll(tx, ids), ids);
    }

    /// The same, not locked.
    List<Resource> look(Tx tx, List<UUID> ids) {
        return there(resources.list(tx, Resources.withIds(ids), ids.size()), ids);
    }

    private static List<Resource> there(List<Resource> found, List<UUID> ids) {
        return found.stream()
                .filter(one -> one.removed().isEmpty())
                .sorted(Comparator.comparingInt(one -> ids.indexOf(one.id())))
                .toList();
    }

    static boolean isPlaced(Resource part) {
        return part.as(Instance.class).attempt().sliver().isPresent();
    }

    static Instance.Order order(Resource part) {
        return part.as(Instance.class).order();
    }

    Map<UUID, TaskView> lastTasks(Tx tx, List<Resource> parts) {
        return records.tasks().last(tx, parts.stream().map(Resource::id).toList());
    }

    /// All that was tried for any of them.
    List<Match> tried(Tx tx, Collection<UUID> parts) {
        return parts.stream()
                .flatMap(part -> attempts.tried(tx, part).stream())
                .distinct()
                .toList();
    }

    /// Has one made where it is placed.
    void make(Tx tx, Resource part, int round, Match match) {
        launching.make(tx, part, round, match);
    }

    /// One that is at no account will not be made.
    void giveUp(Tx tx, Resource part, String why) {
        if (!isPlaced(part) && InstanceRecords.state(part) == InstanceState.NEW) {
            launching.nowhere(tx, part, why);
        }
    }

    /// Has nothing left of it where it is, since another part could not be made; it keeps its place in the quotas
    /// of pool, family and user. Twice is once.
    void takeBack(Tx tx, Resource part) {
        if (!isPlaced(part)) {
            return;
        }
        var why = "another instance of the deployment could not be made";
        var content = part.as(Instance.class);
        records.tasks()
                .open(tx, part.id())
                .ifPresent(task -> records.ended(tx, part.id(), task.action(), Optional.of(why)));
        records.to(tx, part, content, new News.TakenBack(), why);
        post.send(
                tx,
                Instances.NAME,
                clouds,
                new Message.Close(content.attempt().sliver().orElseThrow()));
    }

    /// Nothing of one is left at its account.
    void left(Tx tx, Resource part) {
        var content = part.as(Instance.class);
        if (content.deployment().isEmpty()) {
            return;
        }
        var after = records.to(tx, part, content.with(content.attempt().left()), new News.Left(), "taken_back");
        quotas.leave(tx, part.id(), Set.of(Kind.ACCOUNT));
        quotas.phase(tx, part.id(), Phase.RESERVED);
        records.changed(tx, after);
    }

    /// It is to be made once more, with all others.
    void again(Tx tx, Resource part) {
        var content = part.as(Instance.class);
        var power = new Instance.Power(true, 0, content.power().revision());
        records.to(tx, part, content.with(power).with(Instance.Sight.NONE), new News.Again(), "to be made elsewhere");
        records.tasks().begin(tx, part.id(), content.pool(), Action.CREATE, content.owner(), 0, TaskView.State.QUEUED);
    }

    /// Nobody will try it elsewhere: it counts as what it is, unless something of it may be at an account still.
    void settle(Tx tx, Resource part) {
        var state = InstanceRecords.state(part);
        if (!isPlaced(part) || state == InstanceState.ERROR || state == InstanceState.VANISHED) {
            records.count(tx, part.id(), state);
        }
    }

    /// What was reserved for them at an account is not needed.
    void leaveAccount(Tx tx, Collection<UUID> ids) {
        ids.forEach(id -> quotas.leave(tx, id, Set.of(Kind.ACCOUNT)));
    }
}
