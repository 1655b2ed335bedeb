package holdfast.cli;

import holdfast.platform.Json;
import java.util.Optional;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How many instances there may be.
final class QuotaOptions {
    private static final String RUNNING = "maximum_running_instances";
    private static final String TOTAL = "maximum_total_instances";

    @Option(names = "--max-running", paramLabel = "N", description = "So many run at most; or unlimited.")
    private Optional<String> running = Optional.empty();

    @Option(
            names = "--max-total",
            paramLabel = "N",
            description = "So many are there at most, stopped ones too; or unlimited.")
    private Optional<String> total = Optional.empty();

    boolean said() {
        return running.isPresent() || total.isPresent();
    }

    /// @param before what stays if it is not said
    void putInto(ObjectNode body, JsonNode before) {
        if (!said()) return;
        var quota = Json.object() // what is empty has no limit
                .put(RUNNING, running.orElse(Nodes.text(before, "quota", RUNNING)))
                .put(TOTAL, total.orElse(Nodes.text(before, "quota", TOTAL)));
        body.set("quota", quota);
    }
}
