package holdfast.orchestrator.instances;

import static holdfast.orchestrator.instances.TaskView.State.CANCELED;
import static holdfast.orchestrator.instances.TaskView.State.FAILED;
import static holdfast.orchestrator.instances.TaskView.State.FINISHED;

import holdfast.engine.Resource;
import holdfast.platform.Tx;
import java.util.Collection;
import java.util.Optional;

/// What was asked of deployments as wholes, and what became of it (aeolus.md 5.4.3). Each of its instances has tasks of
/// its own for that; the whole is over when nothing is left to be done.
final class DeploymentTasks {
    private final InstanceTasks tasks;
    private final Parts parts;

    DeploymentTasks(Parts parts, InstanceTasks tasks) {
        this.parts = parts;
        this.tasks = tasks;
    }

    /// How one ends.
    private record End(TaskView.State state, Optional<String> why) {
        static Optional<End> of(TaskView.State state) {
            return Optional.of(new End(state, Optional.empty()));
        }
    }

    /// Something is asked for, and what was asked for before is given up.
    void begin(Tx tx, Resource whole, Action action, String who) {
        tasks.open(tx, whole.id())
                .ifPresent(before -> tasks.ended(
                        tx,
                        whole.id(),
                        before.action(),
                        CANCELED,
                        Optional.of(action.word() + " was asked for meanwhile")));
        tasks.beginWhole(tx, whole.id(), whole.as(Deployment.class).pool(), action, who);
    }

    /// Looks whether what was asked for is over.
    void settle(Tx tx, Resource now) {
        tasks.open(tx, now.id())
                .ifPresent(open -> end(tx, now, open.action())
                        .ifPresent(end -> tasks.ended(tx, now.id(), open.action(), end.state(), end.why())));
    }

    /// Nothing of it is left.
    void gone(Tx tx, Resource whole) {
        tasks.open(tx, whole.id())
                .ifPresent(open -> tasks.ended(tx, whole.id(), open.action(), FINISHED, Optional.empty()));
    }

    private Optional<End> end(Tx tx, Resource now, Action action) {
        var content = now.as(Deployment.class);
        var state = DeploymentRecords.state(now);
        return switch (action) {
            case CREATE ->
                switch (state) {
                    case RUNNING, INCOMPLETE -> End.of(FINISHED);
                    case FAILED, ROLLBACK_FAILED -> Optional.of(new End(FAILED, content.trouble()));
                    case SHUTTING_DOWN, STOPPED -> End.of(CANCELED);
                    case NEW, PENDING, ROLLBACK_IN_PROGRESS, ROLLBACK_COMPLETE -> Optional.empty();
                };
            case STOP -> state == DeploymentState.SHUTTING_DOWN || state.active() ? Optional.empty() : End.of(FINISHED);
            case START, REBOOT ->
                over(parts.lastTasks(tx, parts.look(tx, content.parts())).values(), action);
            case DESTROY -> content.deleting() ? Optional.empty() : Optional.of(new End(FAILED, content.trouble()));
        };
    }

    /// @param last of each instance
    private static Optional<End> over(Collection<TaskView> last, Action action) {
        var mine = last.stream().filter(task -> task.action() == action).toList();
        if (mine.stream().anyMatch(task -> !task.state().over())) {
            return Optional.empty();
        }
        return mine.stream()
                .filter(task -> task.state() != FINISHED)
                .findFirst()
                .map(task -> new End(FAILED, task.message()))
                .or(() -> End.of(FINISHED));
    }
}
