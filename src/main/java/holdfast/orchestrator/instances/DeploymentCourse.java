package holdfast.orchestrator.instances;

import static holdfast.orchestrator.instances.DeploymentState.FAILED;
import static holdfast.orchestrator.instances.DeploymentState.INCOMPLETE;
import static holdfast.orchestrator.instances.DeploymentState.PENDING;
import static holdfast.orchestrator.instances.DeploymentState.ROLLBACK_COMPLETE;
import static holdfast.orchestrator.instances.DeploymentState.ROLLBACK_FAILED;
import static holdfast.orchestrator.instances.DeploymentState.ROLLBACK_IN_PROGRESS;
import static holdfast.orchestrator.instances.DeploymentState.RUNNING;
import static holdfast.orchestrator.instances.DeploymentState.SHUTTING_DOWN;
import static holdfast.orchestrator.instances.DeploymentState.STOPPED;

import java.util.List;
import java.util.function.Predicate;

/// Which state a deployment is in after what is heard of it (aeolus.md 3.2). Pure.
final class DeploymentCourse {
    private DeploymentCourse() {}

    /// What is heard of a deployment.
    sealed interface News {
        /// An account is found for all of it.
        record Placed() implements News {}

        /// No account is left to try.
        record Nowhere() implements News {}

        /// Somebody wants all of it stopped.
        record Stop() implements News {}

        /// It has been taken back for longer than anybody waits.
        record Overdue() implements News {}

        /// How its instances are.
        ///
        /// @param placed whether something of them is, or may be, at an account
        record Parts(List<InstanceState> states, boolean placed) implements News {
            public Parts {
                states = List.copyOf(states);
            }

            boolean any(Predicate<InstanceState> is) {
                return states.stream().anyMatch(is);
            }

            /// Nothing of it runs, or will by itself.
            boolean over() {
                return !any(InstanceState::active);
            }

            boolean whole() {
                return !states.isEmpty() && states.stream().allMatch(InstanceState.RUNNING::equals);
            }
        }
    }

    /// @param partial those that can be made stay if others cannot
    static DeploymentState after(DeploymentState now, boolean partial, News news) {
        return switch (news) {
            case News.Placed _ -> now == DeploymentState.NEW || now == ROLLBACK_COMPLETE ? PENDING : now;
            case News.Nowhere _ -> now == DeploymentState.NEW || now == ROLLBACK_COMPLETE ? FAILED : now;
            case News.Stop _ -> now.active() ? SHUTTING_DOWN : now;
            case News.Overdue _ -> now == ROLLBACK_IN_PROGRESS ? ROLLBACK_FAILED : now;
            case News.Parts parts ->
                switch (now) {
                    case NEW, FAILED, ROLLBACK_COMPLETE, ROLLBACK_FAILED -> now;
                    case PENDING -> made(partial, parts);
                    case RUNNING, INCOMPLETE -> lived(now, parts);
                    case STOPPED -> parts.any(InstanceState.RUNNING::equals) ? lived(INCOMPLETE, parts) : STOPPED;
                    case SHUTTING_DOWN -> parts.over() ? STOPPED : SHUTTING_DOWN;
                    case ROLLBACK_IN_PROGRESS -> takenBack(parts);
                };
        };
    }

    private static DeploymentState made(boolean partial, News.Parts parts) {
        if (!partial && parts.any(InstanceState::failed)) {
            return ROLLBACK_IN_PROGRESS;
        }
        if (parts.whole()) {
            return RUNNING;
        }
        if (parts.over()) {
            return parts.any(InstanceState.STOPPED::equals) ? STOPPED : FAILED;
        }
        boolean underWay = parts.any(state -> state.active() && state != InstanceState.RUNNING);
        return underWay ? PENDING : INCOMPLETE;
    }

    private static DeploymentState lived(DeploymentState now, News.Parts parts) {
        if (parts.over()) {
            return STOPPED;
        }
        if (parts.whole()) {
            return RUNNING;
        }
        return parts.any(state -> !state.active()) ? INCOMPLETE : now;
    }

    private static DeploymentState takenBack(News.Parts parts) {
        if (parts.any(state -> state == InstanceState.ERROR || state == InstanceState.VANISHED)) {
            return ROLLBACK_FAILED;
        }
        return parts.over() && !parts.placed() ? ROLLBACK_COMPLETE : ROLLBACK_IN_PROGRESS;
    }
}
