package holdfast.orchestrator.instances;

import static holdfast.orchestrator.instances.InstanceState.CREATE_FAILED;
import static holdfast.orchestrator.instances.InstanceState.ERROR;
import static holdfast.orchestrator.instances.InstanceState.NEW;
import static holdfast.orchestrator.instances.InstanceState.PENDING;
import static holdfast.orchestrator.instances.InstanceState.RUNNING;
import static holdfast.orchestrator.instances.InstanceState.SHUTTING_DOWN;
import static holdfast.orchestrator.instances.InstanceState.STOPPED;
import static holdfast.orchestrator.instances.InstanceState.VANISHED;

import holdfast.pools.clouds.Quotas.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// Which state an instance is in after what is heard of it, what may be done to it then, and what it counts as
/// (aeolus.md 3.1, 3.5). Pure.
final class InstanceCourse {
    /// One is not rebooted again for so long: clients that hear nothing for a while ask again, which would restart
    /// what has just come up (aeolus.md 3.3).
    static final Duration BETWEEN_REBOOTS = Duration.ofMinutes(2);

    private InstanceCourse() {}

    /// What is heard of an instance.
    sealed interface News {
        /// Its authority has made it, or has done what was asked of it: it runs, or it does not.
        record Done(boolean on) implements News {}

        /// It was seen, some time after it was made, in a state that its provider calls so.
        record Seen(String word) implements News {}

        /// It is there no more, and nobody asked for that.
        record Gone() implements News {}

        /// It will not be made anywhere.
        record Nowhere() implements News {}

        /// Its provider is given up: what ran there counts as stopped.
        record GivenUp() implements News {}

        /// It is taken down, since another part of its deployment could not be made.
        record TakenBack() implements News {}

        /// Nothing of it is left where it was.
        record Left() implements News {}

        /// It is to be made elsewhere, with all others of its deployment.
        record Again() implements News {}
    }

    static InstanceState after(InstanceState now, News news) {
        return switch (news) {
            case News.Done(var on) -> now == CREATE_FAILED ? now : on ? RUNNING : STOPPED;
            case News.Seen(var word) -> seen(now, word);
            case News.Gone _ -> now == CREATE_FAILED ? now : VANISHED;
            case News.Nowhere _ ->
                switch (now) {
                    case NEW, PENDING -> CREATE_FAILED;
                    case RUNNING, SHUTTING_DOWN, STOPPED, CREATE_FAILED, ERROR, VANISHED -> now;
                };
            case News.GivenUp _ -> now.active() ? STOPPED : now;
            case News.TakenBack _ ->
                switch (now) {
                    case NEW, CREATE_FAILED, ERROR, VANISHED -> CREATE_FAILED;
                    case PENDING, RUNNING, SHUTTING_DOWN -> SHUTTING_DOWN;
                    case STOPPED -> STOPPED;
                };
            case News.Left _ -> now == SHUTTING_DOWN ? STOPPED : now;
            case News.Again _ -> now == CREATE_FAILED || now == STOPPED ? NEW : now;
        };
    }

    /// A word that nobody knows leaves all as it is.
    private static InstanceState seen(InstanceState now, String word) {
        return switch (word) {
            case "PENDING", "BUILD", "REBOOT", "HARD_REBOOT" -> PENDING;
            case "RUNNING", "ACTIVE" -> RUNNING;
            case "STOPPED", "TERMINATED", "SHUTOFF" -> STOPPED;
            case "STOPPING", "SHUTTING_DOWN", "SHUTTING-DOWN" -> SHUTTING_DOWN;
            case "ERROR" -> ERROR;
            default -> now;
        };
    }

    /// @param placed whether it is at an account, so that it can be started there
    /// @param busy whether something that was asked for is still being done
    static Set<Action> actions(InstanceState state, boolean placed, boolean busy) {
        if (busy) {
            return Set.of();
        }
        return switch (state) {
            case NEW, PENDING, SHUTTING_DOWN -> Set.of();
            case RUNNING -> EnumSet.of(Action.REBOOT, Action.STOP);
            case STOPPED -> placed ? EnumSet.of(Action.START, Action.DESTROY) : EnumSet.of(Action.DESTROY);
            case CREATE_FAILED, ERROR, VANISHED -> EnumSet.of(Action.DESTROY);
        };
    }

    /// Whether the last task of one was a reboot after which it is left alone still.
    static boolean isRebootedLately(TaskView last, Instant now) {
        return last.action() == Action.REBOOT
                && last.state() != TaskView.State.FAILED
                && last.created().isAfter(now.minus(BETWEEN_REBOOTS));
    }

    /// @return empty if it does not count
    static Optional<Phase> phase(InstanceState state) {
        return switch (state) {
            case NEW -> Optional.of(Phase.RESERVED);
            case PENDING, RUNNING, SHUTTING_DOWN -> Optional.of(Phase.RUNNING);
            case STOPPED -> Optional.of(Phase.STOPPED);
            case CREATE_FAILED, ERROR, VANISHED -> Optional.empty();
        };
    }
}
