package holdfast.cli;

import holdfast.cli.Terminal.Style;

/// How states look.
final class States {
    private States() {}

    static Style style(String state) {
        return switch (state) {
            case "StableOK",
                    "AllocatedOK",
                    "ModifyOK",
                    "Running",
                    "active",
                    "delegated",
                    "done",
                    "ok",
                    "Active",
                    "up",
                    "reserved" -> Style.GOOD;
            case "StableError",
                    "AllocatedError",
                    "ModifyError",
                    "Violated",
                    "Failed",
                    "failed",
                    "close_failed",
                    "degraded",
                    "down",
                    "rejected",
                    "create_failed",
                    "vanished",
                    "rollback_failed",
                    "ERROR",
                    "error" -> Style.BAD;
            case "Dead",
                    "Done",
                    "Released",
                    "closed",
                    "reclaimed",
                    "removed",
                    "cancelled",
                    "ended",
                    "expired",
                    "stopped",
                    "lapsed" -> Style.FAINT;
            case "Nascent",
                    "Configuring",
                    "Modifying",
                    "Closing",
                    "Received",
                    "Decomposed",
                    "MatchingLocal",
                    "Acquiring",
                    "Placing",
                    "ticketing",
                    "acquiring",
                    "ticketed",
                    "redeeming",
                    "closing",
                    "creating",
                    "connecting",
                    "requested",
                    "claiming",
                    "initialized",
                    "held",
                    "starting",
                    "ending",
                    "cancelling",
                    "running",
                    "waiting",
                    "new",
                    "pending",
                    "shutting_down",
                    "rollback_in_progress",
                    "scheduled",
                    "undoing" -> Style.BUSY;
            default -> Style.PLAIN;
        };
    }
}
