package holdfast.cli;

import holdfast.platform.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `version`.
@Command(name = "version", description = "Shows the version of this program and of the Java that runs it.")
final class VersionCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    private final Wiring wiring;

    VersionCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() {
        var java = Runtime.version().toString();
        if (output.table()) {
            wiring.terminal().print("holdfast " + wiring.version() + " on Java " + java);
        } else {
            output.write(
                    wiring.terminal(),
                    Json.object().put("version", wiring.version()).put("java", java),
                    () -> "");
        }
        return ExitCode.OK;
    }
}
