package holdfast.drivers.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.platform.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// The other side of a QMP socket: serves one client at a time, as QEMU does, and answers what the test says.
final class FakeQemu implements AutoCloseable {
    static final String GREETING = "{\"QMP\": {\"version\": {\"qemu\": {\"major\": 7}}, \"capabilities\": []}}";
    private final ServerSocketChannel server;
    private final Thread serving;

    /// @param greeting lines sent to each client first
    /// @param answers lines sent for a command, `ID` in them replaced by its id; a line `HANG UP` closes the
    ///     connection
    FakeQemu(Path socket, List<String> greeting, Function<JsonNode, List<String>> answers) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        serving = Thread.ofVirtual().start(() -> serve(greeting, answers));
    }

    private void serve(List<String> greeting, Function<JsonNode, List<String>> answers) {
        while (true) {
            try (var client = server.accept()) {
                for (var line : greeting) send(client, line);
                var reader = new BufferedReader(Channels.newReader(client, UTF_8));
                for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                    var command = Json.tree(line);
                    var lines = command.path("execute").asString().equals("qmp_capabilities")
                            ? List.of("{\"return\": {}, \"id\": ID}")
                            : answers.apply(command);
                    if (lines.contains("HANG UP")) break;
                    for (var answer : lines)
                        send(client, answer.replace("ID", command.path("id").toString()));
                }
            } catch (IOException _) {
                if (!server.isOpen()) return;
            }
        }
    }

    private static void send(SocketChannel client, String line) throws IOException {
        var bytes = ByteBuffer.wrap((line + "\r\n").getBytes(UTF_8));
        while (bytes.hasRemaining()) client.write(bytes);
    }

    /// From then on nobody listens: only who waits for a client really lets go of the socket.
    @Override
    public void close() throws IOException {
        server.close();
        serving.interrupt();
        try {
            serving.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
