package holdfast.cli;

import holdfast.cli.Terminal.Style;

/// How states look.
final class States {
    private States() {}

    static Style style(String state) {
        return switch (state) {
            case "StableOK", "AllocatedOK", "ModifyOK", "active", "delegated", "done", "ok", "Active", "up" ->
                Style.GOOD;
            case "StableError",
                    "AllocatedError",
                    "ModifyError",
                    "failed",
                    "close_failed",
                    "degraded",
                    "down",
                    "error" -> Style.BAD;
            case "Dead", "closed", "reclaimed", "removed", "cancelled" -> Style.FAINT;
            case "Nascent",
                    "Configuring",
                    "Modifying",
                    "Closing",
                    "ticketing",
                    "ticketed",
                    "redeeming",
                    "closing",
                    "creating",
                    "connecting",
                    "requested",
                    "claiming",
                    "running",
                    "waiting",
                    "scheduled",
                    "undoing" -> Style.BUSY;
            default -> Style.PLAIN;
        };
    }
}
