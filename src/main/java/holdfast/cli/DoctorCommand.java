package holdfast.cli;

import holdfast.platform.Commands;
import holdfast.platform.Json;
import holdfast.platform.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `doctor`.
@Command(
        name = "doctor",
        description =
                "Looks whether this machine has what Holdfast needs, and says what each missing thing would be for.",
        footer = {
            "",
            "Exit status 69 means that something is missing; all of it is needed only for real virtual machines.",
            ""
        })
final class DoctorCommand implements Callable<Integer> {
    @Option(names = "--data", paramLabel = "DIR", description = UpCommand.DATA)
    private Optional<Path> data = Optional.empty();

    @Option(names = "--install", description = "Install what is missing where this user may (root on Debian).")
    private boolean install;

    @Mixin
    private final OutputOptions output = new OutputOptions();

    private final Wiring wiring;

    /// @param wayOut empty if it is fine
    private record Finding(String what, boolean fine, String words, String wayOut) {}

    DoctorCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() {
        var terminal = wiring.terminal();
        var directory = data.orElseGet(wiring::dataDirectory);
        var findings = List.of(java(), directory(directory), port(), programs(), substrate(directory));
        var json = Json.mapper().createArrayNode();
        findings.forEach(finding -> json.add(Json.toTree(finding)));
        output.write(terminal, json, () -> {
            var table = Table.of("CHECK", "IS", "~FOUND");
            for (var finding : findings)
                table.row(finding.what, Table.state(finding.fine ? "ok" : "error"), finding.words);
            var text = new StringBuilder(table.text(terminal));
            for (var finding : findings)
                if (!finding.wayOut.isEmpty()) text.append("\n%s:\n  %s\n".formatted(finding.what, finding.wayOut));
            return text.toString();
        });
        return findings.stream().allMatch(Finding::fine) ? ExitCode.OK : ExitCode.MISSING;
    }

    private static Finding java() {
        return new Finding(
                "Java", true, Runtime.version().toString(), ""); // the launcher has looked: an old one cannot run this
    }

    private static Finding directory(Path directory) {
        var existing = directory.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) existing = existing.getParent();
        boolean fine = Files.isDirectory(existing) && Files.isWritable(existing);
        var free = existing.toFile().getUsableSpace() >> 20;
        if (fine && free < 500)
            return new Finding(
                    "data directory",
                    false,
                    directory + ", only " + free + " MB free",
                    "free at least 500 MB, or use another with --data");
        return fine
                ? new Finding("data directory", true, directory + ", " + free / 1024 + " GB free", "")
                : new Finding(
                        "data directory",
                        false,
                        existing + " cannot be written",
                        "name another with --data or HOLDFAST_DATA");
    }

    private Finding port() {
        if (Ports.isFree(Wiring.DEFAULT_PORT)) return new Finding("port", true, Wiring.DEFAULT_PORT + " is free", "");
        var holdfast = UpCommand.answering(wiring, Wiring.DEFAULT_PORT);
        return new Finding(
                "port",
                holdfast,
                Wiring.DEFAULT_PORT
                        + (holdfast ? " is served by a Holdfast that runs" : " is taken by another program"),
                holdfast ? "" : "give another one:  holdfast up --port N");
    }

    private static Finding programs() {
        var missing = new ArrayList<String>();
        for (var program : List.of("setsid", "setpriv"))
            if (Commands.find(program).isEmpty()) missing.add(program);
        return missing.isEmpty()
                ? new Finding("embedded PostgreSQL", true, "can run", "")
                : new Finding(
                        "embedded PostgreSQL",
                        false,
                        "needs " + String.join(" and ", missing),
                        "apt-get install util-linux, or use a PostgreSQL of your own:  holdfast up --database jdbc:postgresql://...");
    }

    private Finding substrate(Path directory) {
        var found = wiring.substrate().check(directory.resolve("guest"), install, wiring.terminal()::note);
        return switch (found) {
            case SubstrateCheck.Real(var words) -> new Finding("virtual machines", true, words, "");
            case SubstrateCheck.SimulatedOnly(var missing, var wayOut) ->
                new Finding("virtual machines", false, String.join("; ", missing) + "; only simulated ones", wayOut);
        };
    }
}
