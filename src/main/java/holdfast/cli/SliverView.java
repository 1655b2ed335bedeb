package holdfast.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// A sliver as the server shows it.
record SliverView(JsonNode json) {
    String id() {
        return Nodes.text(json, "id");
    }

    String name() {
        return Nodes.text(json, "name");
    }

    String state() {
        return Nodes.text(json, "state");
    }

    JsonNode demand() {
        return json.path("demand");
    }

    String site() {
        return Nodes.text(demand(), "site");
    }

    String host() {
        return Nodes.text(json, "host");
    }

    /// What was asked for: `8 cores, 16 GB, 100 GB disk`.
    String size() {
        return "%d cores, %d GB, %d GB disk"
                .formatted(
                        Nodes.number(demand(), "cores"), Nodes.number(demand(), "ram"), Nodes.number(demand(), "disk"));
    }

    /// The devices asked for: `GPU Tesla T4, NVME P4510`.
    String devices() {
        return Nodes.items(demand(), "components").stream()
                .map(component -> (Nodes.text(component, "type") + " " + Nodes.text(component, "model")).strip())
                .collect(Collectors.joining(", "));
    }

    List<JsonNode> units() {
        return Nodes.items(json, "units");
    }

    Map<String, String> facts() {
        return Nodes.texts(json, "facts");
    }

    String fact(String name) {
        return facts().getOrDefault(name, "");
    }

    /// Why it is not what was asked for; empty if it is.
    String error() {
        return Nodes.text(json, "error", "message");
    }

    /// The kind of the refusal, such as `NoRoom`; empty if there is none.
    String errorCode() {
        return Nodes.text(json, "error", "code");
    }

    boolean over() {
        return state().equals("closed") || state().equals("failed");
    }

    /// How far the open process of its lease is: `2/5 create-vm: waiting for the guest to boot`; empty if none is
    /// open.
    String step() {
        var progress = json.path("progress");
        if (!progress.isObject() || Nodes.text(progress, "step").isEmpty()) return "";
        var waitingFor = Nodes.text(progress, "waitingFor");
        return "%d/%d %s%s"
                .formatted(
                        Nodes.number(progress, "stepNumber"),
                        Nodes.number(progress, "steps"),
                        Nodes.text(progress, "step"),
                        waitingFor.isEmpty() ? "" : ": " + waitingFor);
    }

    /// Share of the lease's process that is done, from 0 to 1.
    double share() {
        if (state().equals("active") || over()) return 1;
        long steps = Nodes.number(json, "progress", "steps");
        return steps == 0 ? 0 : Math.clamp((Nodes.number(json, "progress", "stepNumber") - 1) / (double) steps, 0, 1);
    }

    /// Where it stands, in words: `asked`, `ticketed`, `redeeming 2/5 create-vm`, `active`, `failed: why`.
    String phase() {
        var error = error();
        var word = state().equals("ticketing") ? "asked" : state();
        var step = step();
        var place = state().equals("ticketed") && !host().isEmpty() ? " on " + host() : "";
        return word + place + (step.isEmpty() ? "" : " " + step) + (error.isEmpty() ? "" : ": " + error);
    }
}
