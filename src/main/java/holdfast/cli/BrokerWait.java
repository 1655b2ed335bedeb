package holdfast.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// Waits until an instance or a deployment is what was asked for.
final class BrokerWait {
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Set<String> FAILED = Set.of("create_failed", "error", "vanished", "failed", "rollback_failed");

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Give up waiting after this. Default: ${DEFAULT-VALUE}.")
    private long seconds = 300;

    @Option(names = "--no-wait", description = "Return as soon as the server has accepted it.")
    private boolean comeBack;

    /// @param busy the states that it passes through
    /// @return how it is at the end; empty if it is gone
    /// @throws CliException if it fails, or does not get there in time
    Optional<JsonNode> until(RemoteCommand command, String collection, JsonNode first, Set<String> busy) {
        return until(command, collection, first, busy::contains);
    }

    /// The same until nothing is left of it, whatever its state.
    Optional<JsonNode> untilGone(RemoteCommand command, String collection, JsonNode first) {
        return until(command, collection, first, _ -> true);
    }

    private Optional<JsonNode> until(RemoteCommand command, String collection, JsonNode first, Predicate<String> busy) {
        var broker = new Broker(command.client());
        var end = command.wiring.platform().now().plusSeconds(seconds);
        var told = "";
        Optional<JsonNode> now = Optional.of(first);
        while (true) {
            var state = now.map(one -> Nodes.text(one, "state")).orElse("gone");
            if (comeBack) return now;
            if (!state.equals(told)) command.terminal().note(Nodes.text(first, "name") + "  " + state);
            told = state;
            if (now.isEmpty()) return now;
            if (!busy.test(state)) {
                if (FAILED.contains(state)) throw failed(now.get(), state);
                return now;
            }
            if (command.wiring.platform().now().isAfter(end))
                throw new CliException(
                        ExitCode.FAILED,
                        Nodes.text(first, "name") + " is still " + state,
                        "see how it goes on with:  holdfast " + Broker.called(collection) + " show "
                                + Nodes.text(first, "id"));
            LockSupport.parkNanos(PAUSE.toNanos());
            now = look(broker, collection, Nodes.text(first, "id"));
        }
    }

    private static Optional<JsonNode> look(Broker broker, String collection, String id) {
        try {
            return Optional.of(Broker.inside(broker.client().get(Broker.path(List.of(collection, id), Map.of()))));
        } catch (CliException e) {
            if (e.exitCode() == ExitCode.NOT_THERE) return Optional.empty();
            throw e;
        }
    }

    private static CliException failed(JsonNode one, String state) {
        var why = Nodes.text(one, "last_error");
        return new CliException(
                ExitCode.FAILED, Nodes.text(one, "name") + " is " + state + (why.isEmpty() ? "" : ": " + why));
    }
}
