package holdfast.drivers.deltacloud;

import java.util.Locale;

/// What the state of an instance means (aeolus.md 3.1). Words that nobody knows are no reason to do anything.
enum Power {
    PENDING,
    RUNNING,
    STOPPING,
    STOPPED,
    ERROR,
    GONE,
    UNKNOWN;

    static Power of(String state) {
        return switch (state.toUpperCase(Locale.ROOT)) {
            case "PENDING" -> PENDING;
            case "RUNNING" -> RUNNING;
            case "STOPPING", "SHUTTING_DOWN", "SHUTTING-DOWN" -> STOPPING;
            case "STOPPED", "TERMINATED" -> STOPPED;
            case "ERROR" -> ERROR;
            case "FINISH", "FINISHED" -> GONE;
            default -> UNKNOWN;
        };
    }
}
