package holdfast.bench;

import holdfast.platform.Ports;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A server as users start it: `./holdfast up`.
///
/// @param millis from the start of the process until it answered that it is well
record Up(Process process, int port, double millis) implements AutoCloseable {
    static Up start(Path data) throws IOException, InterruptedException {
        return start(data, Map.of());
    }

    /// @param environment variables for the server
    /// @param options of `up`
    static Up start(Path data, Map<String, String> environment, String... options) throws IOException, InterruptedException {
        int port = Ports.free();
        var log = data.resolveSibling("up.log");
        long began = System.nanoTime();
        var words = new ArrayList<>(List.of(
                        Path.of(System.getProperty("holdfast.home"), "holdfast").toString(),
                        "up",
                        "--data",
                        data.toString(),
                        "--port",
                        String.valueOf(port)));
        words.addAll(List.of(options));
        var command = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        command.environment().putAll(environment);
        var process = command.start();
        while (!healthy(port)) {
            if (!process.isAlive()) {
                throw new IllegalStateException("the server ended: " + Files.readString(log));
            }
            Thread.sleep(5);
        }
        return new Up(process, port, (System.nanoTime() - began) / 1e6);
    }

    private static boolean healthy(int port) {
        try {
            var connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/v1/health")
                    .toURL()
                    .openConnection();
            connection.setConnectTimeout(200);
            connection.setReadTimeout(2000);
            return connection.getResponseCode() == 200;
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
