package holdfast.orchestrator.instances;

import holdfast.engine.Engine;
import holdfast.engine.Journal;
import holdfast.engine.Notice;
import holdfast.engine.Notices;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.orchestrator.instances.Deployment.Uptime;
import holdfast.orchestrator.instances.DeploymentCourse.News;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// The records of deployments: takes them from state to state, with the events of aeolus.md 2.8 in journal and notices.
final class DeploymentRecords {
    /// Events that records of usage are made of.
    private static final Set<String> COUNTED = Set.of("first_running", "all_running", "some_stopped", "all_stopped");

    private final Platform platform;
    private final Resources resources;
    private final Journal journal;
    private final Notices notices;
    private volatile Instances.Ear ear = (_, _, _) -> {};

    DeploymentRecords(Platform platform, Engine engine) {
        this.platform = platform;
        this.resources = engine.resources();
        this.journal = engine.journal();
        this.notices = engine.notices();
    }

    void tell(Instances.Ear listener) {
        ear = listener;
    }

    /// Also one that is gone.
    Optional<Resource> known(Tx tx, UUID id) {
        return resources.lock(tx, id).filter(one -> one.type().equals(Deploying.TYPE));
    }

    Optional<Resource> lock(Tx tx, UUID id) {
        return known(tx, id).filter(one -> one.removed().isEmpty());
    }

    /// @return false if its pool has one of that name
    boolean insert(Tx tx, Resource fresh, String who) {
        return resources.insert(tx, fresh, who, "created");
    }

    static DeploymentState state(Resource resource) {
        return DeploymentState.named(resource.state()).orElseThrow();
    }

    /// The next state with what follows from it.
    ///
    /// @param trouble why it goes there, if it is a bad one
    Resource to(Tx tx, Resource now, News news, Optional<String> trouble, String who) {
        var content = now.as(Deployment.class);
        var from = state(now);
        var next = DeploymentCourse.after(from, content.order().partial(), news);
        var uptime = uptime(content.uptime(), next, news, platform.now());
        var events = events(from, next, content.uptime(), uptime);
        if (from == next && uptime.equals(content.uptime())) {
            return now;
        }
        var said = next == DeploymentState.RUNNING
                ? Optional.<String>empty()
                : trouble.filter(_ -> from != next).or(content::trouble);
        var after = resources.update(
                tx,
                now.state(),
                now.withData(content.with(uptime).troubled(said)).withState(next.word(), said),
                who,
                trouble.filter(_ -> from != next).orElse("its instances changed"));
        events.forEach(event -> journal.changed(tx, after, who, event));
        events.forEach(event -> tell(tx, after, event));
        int counted = (int) events.stream().filter(COUNTED::contains).count();
        if (counted > 0) {
            ear.moved(tx, now.id(), counted);
        }
        if (from != next) {
            tell(tx, after, next.word());
        }
        return after;
    }

    private static Uptime uptime(Uptime before, DeploymentState next, News news, Instant now) {
        var some = news instanceof News.Parts parts && parts.any(InstanceState.RUNNING::equals)
                ? before.began(now)
                : before;
        return switch (next) {
            case RUNNING -> some.whole(now);
            case STOPPED, FAILED, ROLLBACK_FAILED -> some.first().isPresent() ? some.ended(now) : some;
            case NEW, PENDING, INCOMPLETE, SHUTTING_DOWN, ROLLBACK_IN_PROGRESS, ROLLBACK_COMPLETE -> some;
        };
    }

    private static List<String> events(DeploymentState from, DeploymentState next, Uptime before, Uptime after) {
        var events = new ArrayList<String>();
        if (before.first().isEmpty() && after.first().isPresent()) {
            events.add("first_running");
        }
        if (before.all().isEmpty() && after.all().isPresent()) {
            events.add("all_running");
        }
        if (from != next) {
            switch (next) {
                case PENDING -> events.add("deployment_launch_match");
                case ROLLBACK_IN_PROGRESS, FAILED -> events.add("deployment_launch_failed");
                case INCOMPLETE -> {
                    if (from == DeploymentState.RUNNING) {
                        events.add("some_stopped");
                    }
                }
                case STOPPED -> events.add("all_stopped");
                case NEW, RUNNING, SHUTTING_DOWN, ROLLBACK_COMPLETE, ROLLBACK_FAILED -> {}
            }
        }
        return events;
    }

    /// Another content in the same state.
    Resource write(Tx tx, Resource now, Deployment content, String event, String who) {
        return resources.change(tx, now.withData(content), who, event);
    }

    /// The same, which others are told of.
    Resource note(Tx tx, Resource now, Deployment content, String event, String who) {
        var after = write(tx, now, content, event, who);
        tell(tx, after, event);
        return after;
    }

    /// Nothing of it is left.
    void gone(Tx tx, Resource now) {
        var gone = resources.update(tx, now.state(), now.removedAt(platform.now()), Deploying.NAME, "destroyed");
        tell(tx, gone, "destroyed");
    }

    private void tell(Tx tx, Resource one, String event) {
        var content = one.as(Deployment.class);
        var data = Json.object()
                .put("state", one.state())
                .put("name", one.name())
                .put("owner", content.owner())
                .put("pool", content.pool().toString());
        content.trouble().ifPresent(why -> data.put("reason", why));
        notices.tell(
                tx,
                new Notice(
                        platform.newId(),
                        "deployment." + event,
                        platform.now(),
                        Notice.Thing.of(one),
                        one.project(),
                        Optional.empty(),
                        Optional.empty(),
                        data));
    }
}
