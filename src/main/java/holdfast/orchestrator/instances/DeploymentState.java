package holdfast.orchestrator.instances;

import java.util.Locale;
import java.util.Optional;

/// The states of a deployment (aeolus.md 3.2).
public enum DeploymentState {
    NEW,
    PENDING,
    RUNNING,
    /// Some of its instances run and some do not.
    INCOMPLETE,
    SHUTTING_DOWN,
    STOPPED,
    /// It cannot be made, anywhere.
    FAILED,
    /// One of its instances could not be made; the others are being taken away again.
    ROLLBACK_IN_PROGRESS,
    /// Nothing of it is left where it was tried; it is to be made elsewhere.
    ROLLBACK_COMPLETE,
    ROLLBACK_FAILED;

    /// As it is stored, and written in the configuration interface.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<DeploymentState> named(String word) {
        for (var state : values()) {
            if (state.word().equals(word)) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }

    /// Whether it can be stopped.
    public boolean active() {
        return switch (this) {
            case NEW, PENDING, RUNNING, INCOMPLETE, ROLLBACK_IN_PROGRESS, ROLLBACK_COMPLETE -> true;
            case SHUTTING_DOWN, STOPPED, FAILED, ROLLBACK_FAILED -> false;
        };
    }

    /// Whether it is still looked for an account that makes all of it.
    public boolean seeking() {
        return switch (this) {
            case NEW, PENDING, ROLLBACK_IN_PROGRESS, ROLLBACK_COMPLETE -> true;
            case RUNNING, INCOMPLETE, SHUTTING_DOWN, STOPPED, FAILED, ROLLBACK_FAILED -> false;
        };
    }
}
