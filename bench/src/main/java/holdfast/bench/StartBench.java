package holdfast.bench;

import holdfast.platform.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/// How long `./holdfast up` takes until it serves, and how much memory it takes while it has nothing to do.
final class StartBench {
    private static final int RUNS = 5;

    private StartBench() {}

    static void run() throws Exception {
        var data = Stage.place();
        try {
            Report.title("start: ./holdfast up, from start of the process to health 200");
            Report.millis("empty data directory", once(data, false));
            var times = new double[RUNS];
            for (int i = 0; i < RUNS; i++) {
                times[i] = once(data, i == RUNS - 1);
                Report.millis("warm data directory, run " + (i + 1), times[i]);
            }
            Arrays.sort(times);
            Report.millis("warm data directory, median", times[RUNS / 2]);
        } finally {
            PrivateFiles.deleteTree(data);
        }
    }

    private static double once(Path data, boolean lookAtMemory) throws Exception {
        try (var up = Up.start(data)) {
            if (lookAtMemory) {
                Thread.sleep(30_000);
                memory(up.process());
            }
            return up.millis();
        }
    }

    /// PSS: pages that several processes share count once in all.
    private static void memory(Process server) throws IOException {
        long java = 0;
        long postgres = 0;
        for (var process : Stream.concat(Stream.of(server.toHandle()), server.descendants()).toList()) {
            var proc = Path.of("/proc", String.valueOf(process.pid()));
            long kib = Files.readAllLines(proc.resolve("smaps_rollup")).stream()
                    .filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .sum();
            if (Files.readString(proc.resolve("comm")).startsWith("postgres")) {
                postgres += kib;
            } else {
                java += kib;
            }
        }
        mib("idle for 30 s, PSS of the Java process", java);
        mib("idle for 30 s, PSS of the PostgreSQL processes", postgres);
        mib("idle for 30 s, PSS together", java + postgres);
    }

    private static void mib(String what, long kib) {
        Report.line(what, String.format(Locale.ROOT, "%.0f MiB", kib / 1024.0));
    }
}
