package holdfast.orchestrator.instances;

import java.util.Locale;
import java.util.Optional;

/// The states of an instance (aeolus.md 3.1).
public enum InstanceState {
    NEW,
    PENDING,
    RUNNING,
    SHUTTING_DOWN,
    STOPPED,
    CREATE_FAILED,
    ERROR,
    VANISHED;

    /// As it is stored, and written in the configuration interface.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<InstanceState> named(String word) {
        for (var state : values()) {
            if (state.word().equals(word)) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }

    /// Whether it will not be used again.
    public boolean failed() {
        return switch (this) {
            case CREATE_FAILED, ERROR, VANISHED -> true;
            case NEW, PENDING, RUNNING, SHUTTING_DOWN, STOPPED -> false;
        };
    }

    /// Whether it counts as running in quotas (aeolus.md 2.2).
    public boolean active() {
        return switch (this) {
            case NEW, PENDING, RUNNING, SHUTTING_DOWN -> true;
            case STOPPED, CREATE_FAILED, ERROR, VANISHED -> false;
        };
    }
}
