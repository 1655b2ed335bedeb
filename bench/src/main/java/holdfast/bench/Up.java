package holdfast.bench;

import holdfast.platform.Ports;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// A server as users start it: `./holdfast up`.
///
/// @param millis from the start of the process until it answered that it is well
record Up(Process process, int port, double millis) implements AutoCloseable {
    static Up start(Path data) throws IOException, InterruptedException {
        int port = Ports.free();
        var log = data.resolveSibling("up.log");
        long began = System.nanoTime();
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("holdfast.home"), "holdfast").toString(),
                        "up",
                        "--data",
                        data.toString(),
                        "--port",
                        String.valueOf(port))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
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
