package holdfast.orchestrator.instances;

import java.util.Locale;

/// What can be done to an instance (aeolus.md 3.5).
public enum Action {
    CREATE,
    START,
    STOP,
    REBOOT,
    DESTROY;

    /// As it is written on every wire.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
