package holdfast.orchestrator.instances;

import holdfast.engine.Engine;
import holdfast.engine.Notice;
import holdfast.engine.Notices;
import holdfast.engine.Post;
import holdfast.engine.Processes;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.orchestrator.instances.InstanceCourse.News;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Quotas;
import holdfast.protocol.Message;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;

/// The records of instances: takes them from state to state, with what follows from it in quotas, times, tasks, journal
/// and notices.
final class InstanceRecords {
    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final Notices notices;
    private final Post post;
    private final Quotas quotas;
    private final InstanceTasks tasks;
    private volatile Instances.Ear ear = (_, _, _) -> {};

    InstanceRecords(Platform platform, Engine engine, Quotas quotas) {
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.notices = engine.notices();
        this.post = engine.post();
        this.quotas = quotas;
        this.tasks = new InstanceTasks(platform);
    }

    InstanceTasks tasks() {
        return tasks;
    }

    void tell(Instances.Ear listener) {
        ear = listener;
    }

    Optional<Resource> lock(Tx tx, UUID id) {
        return resources.lock(tx, id).filter(InstanceRecords::isThere);
    }

    /// In the order of their ids.
    List<Resource> lockAll(Tx tx, Condition which) {
        return resources.lockAll(tx, which).stream()
                .filter(InstanceRecords::isThere)
                .toList();
    }

    private static boolean isThere(Resource one) {
        return one.type().equals(Instances.TYPE) && one.removed().isEmpty();
    }

    /// The next state with what follows from it.
    Resource to(Tx tx, Resource now, Instance content, News news, String why) {
        var from = state(now);
        var next = InstanceCourse.after(from, news);
        if (next == from) {
            return content.equals(now.as(Instance.class)) ? now : write(tx, now, content, why, Instances.NAME);
        }
        var moved = content.with(content.times().moved(from, next, platform.now()));
        var after = resources.update(
                tx, now.state(), now.withData(moved).withState(next.word(), moved.trouble()), Instances.NAME, why);
        if (!next.failed() || content.deployment().isEmpty()) { // the whole may be tried elsewhere: see Parts#settle
            count(tx, now.id(), next);
        }
        tell(tx, after, next.word());
        if (next == InstanceState.RUNNING || next == InstanceState.STOPPED) {
            ear.moved(tx, now.id(), 1);
        }
        changed(tx, after);
        return after;
    }

    /// Its deployment looks at what became of it.
    void changed(Tx tx, Resource one) {
        one.as(Instance.class)
                .deployment()
                .ifPresent(whole -> post.send(tx, Instances.NAME, Deploying.NAME, new Message.PartChanged(whole)));
    }

    /// What it counts as in that state.
    void count(Tx tx, UUID id, InstanceState state) {
        InstanceCourse.phase(state).ifPresentOrElse(phase -> quotas.phase(tx, id, phase), () -> quotas.leave(tx, id));
    }

    /// Nothing of it is left.
    Resource destroyed(Tx tx, Resource now) {
        quotas.leave(tx, now.id());
        processes.cancelTimers(tx, now.id());
        ended(tx, now.id(), Action.DESTROY, Optional.empty());
        var gone = resources.update(tx, now.state(), now.removedAt(platform.now()), Instances.NAME, "destroyed");
        tell(tx, gone, "destroyed");
        changed(tx, gone);
        return gone;
    }

    /// What was asked for is over, if it is open still.
    ///
    /// @param why it failed; empty if it is done
    void ended(Tx tx, UUID instance, Action action, Optional<String> why) {
        var state = why.isEmpty() ? TaskView.State.FINISHED : TaskView.State.FAILED;
        tasks.ended(tx, instance, action, state, why);
    }

    /// Another content in the same state.
    Resource write(Tx tx, Resource now, Instance content, String why, String who) {
        var changed = now.withData(content).withState(now.state(), content.trouble());
        return resources.change(tx, changed, who, why);
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
}
