package holdfast.orchestrator.instances;

import holdfast.engine.Engine;
import holdfast.engine.Processes;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Optional;

/// What is done for a deployment because of the state that it is in, whenever something of it changes.
final class Tending {
    private final Resources resources;
    private final Processes processes;
    private final Instances instances;
    private final Parts parts;
    private final DeploymentRecords records;
    private final DeploymentTasks tasks;

    Tending(Engine engine, Instances instances, DeploymentRecords records, DeploymentTasks tasks) {
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.instances = instances;
        this.parts = instances.parts();
        this.records = records;
        this.tasks = tasks;
    }

    /// What has still to be done in a state; done twice it is done once.
    void tend(Tx tx, Resource now) {
        var content = now.as(Deployment.class);
        var state = DeploymentRecords.state(now);
        var all = parts.lock(tx, content.parts());
        if (!state.seeking() || content.order().partial()) {
            all.forEach(part -> parts.settle(tx, part));
        }
        if (content.deleting() || isOrphan(tx, content)) {
            destroy(tx, now, false);
        } else if (state == DeploymentState.SHUTTING_DOWN) {
            all.stream()
                    .filter(part -> InstanceRecords.state(part) == InstanceState.RUNNING)
                    .forEach(part -> instances.act(tx, part.id(), Action.STOP, content.owner(), List.of()));
        } else if (state == DeploymentState.ROLLBACK_IN_PROGRESS) {
            all.stream()
                    .filter(part -> InstanceRecords.state(part) == InstanceState.RUNNING)
                    .forEach(part -> parts.takeBack(tx, part)); // it was made meanwhile
        }
    }

    /// Its pool is gone, and all its instances with it.
    private boolean isOrphan(Tx tx, Deployment content) {
        return resources
                .find(tx, content.pool())
                .filter(pool -> pool.removed().isPresent())
                .isPresent();
    }

    /// Destroys what is left of it.
    ///
    /// @param again also what could not be destroyed before
    Optional<Resource> destroy(Tx tx, Resource now, boolean again) {
        var content = now.as(Deployment.class);
        var all = parts.lock(tx, content.parts());
        var lastTasks = parts.lastTasks(tx, all);
        boolean moving = false;
        for (var part : all) {
            var last = Optional.ofNullable(lastTasks.get(part.id()));
            boolean failed = last.filter(
                            task -> task.action() == Action.DESTROY && task.state() == TaskView.State.FAILED)
                    .isPresent();
            boolean busy = last.filter(task -> !task.state().over()).isPresent();
            if (!busy && (again || !failed)) {
                instances
                        .act(tx, part.id(), Action.DESTROY, content.owner(), List.of())
                        .orThrow();
            }
            moving = moving || busy || again || !failed;
        }
        if (parts.look(tx, content.parts()).isEmpty()) {
            processes.cancelTimers(tx, now.id());
            records.gone(tx, now);
            tasks.gone(tx, now);
            return Optional.empty();
        }
        return Optional.of(
                moving ? now : records.note(tx, now, content.deleting(false), "destroy_failed", Deploying.NAME));
    }
}
