package holdfast.cli;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// Waits until a provider was looked at, and tells what came of it.
final class ProviderWait {
    private static final Duration PAUSE = Duration.ofMillis(250);

    @Option(names = "--no-wait", description = "Return as soon as the server has accepted it.")
    private boolean comeBack;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Give up waiting after this. Default: ${DEFAULT-VALUE}.")
    private long seconds = 120;

    /// Writes the provider as it is in the end.
    ///
    /// @param version at which it had not been looked at yet
    /// @return the exit status: OK if it is up
    int until(RemoteCommand command, JsonNode before, long version) {
        var last = comeBack ? before : awaited(command, before, version);
        command.output.write(command.terminal(), last, () -> ProviderView.line(last));
        if (comeBack || state(last).equals("up")) return ExitCode.OK;
        var name = Nodes.text(last, "name");
        throw new CliException(
                ExitCode.FAILED,
                "provider " + name + " is " + state(last) + because(last),
                state(last).equals("down")
                        ? "when that is mended:  holdfast provider refresh " + name
                        : "see how it goes on with:  holdfast provider show " + name);
    }

    private JsonNode awaited(RemoteCommand command, JsonNode before, long version) {
        var client = command.client();
        var path = Client.path(ProviderCommands.COLLECTION, Nodes.text(before, "id"));
        var end = command.wiring.platform().now().plusSeconds(seconds);
        var told = "";
        while (true) {
            var now = client.get(path);
            var said = state(now) + because(now);
            if (!said.equals(told)) command.terminal().note(Nodes.text(now, "name") + "  " + said);
            told = said;
            boolean looked = Nodes.number(now, "version") > version;
            boolean settled = state(now).equals("up") || state(now).equals("down");
            if (looked && settled || command.wiring.platform().now().isAfter(end)) return now;
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static String state(JsonNode provider) {
        return Nodes.text(provider, "state");
    }

    private static String because(JsonNode provider) {
        var why = Nodes.text(provider, "transitioningMessage");
        return why.isEmpty() ? "" : ": " + why;
    }
}
