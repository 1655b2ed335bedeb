package holdfast.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A server as it is shipped, in a process of its own, on a data directory of its own.
final class RunningServer implements AutoCloseable {
    private static final Pattern URL = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");

    private final Path data;
    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    final String url;
    final String token;

    RunningServer() throws IOException {
        data = Files.createTempDirectory("holdfast-browser");
        var site = Path.of("..", "examples", "fabric", "renc-site-ad.graphml");
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-jar",
                        System.getProperty("holdfast.jar"),
                        "up",
                        "--port",
                        "0",
                        "--site",
                        site + "=simulated",
                        "--data",
                        data.toString())
                .redirectError(data.resolve("log").toFile())
                .start();
        url = announced();
        token = Files.readString(data.resolve("token")).strip();
    }

    private String announced() throws IOException {
        var reader = process.inputReader();
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
            var found = URL.matcher(line);
            if (found.find()) {
                return found.group();
            }
        }
        throw new IllegalStateException("the server does not start: " + Files.readString(data.resolve("log")));
    }

    /// What the server answers to a program that is the administrator.
    String ask(String method, String target, String body) {
        var name = Base64.getEncoder().encodeToString(("admin:" + token).getBytes());
        var request = HttpRequest.newBuilder(URI.create(url + target))
                .header("Authorization", "Basic " + name)
                .method(method, BodyPublishers.ofString(body))
                .build();
        try {
            return client.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (var files = Files.walk(data)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
