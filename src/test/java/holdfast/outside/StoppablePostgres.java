package holdfast.outside;

import holdfast.platform.EmbeddedPostgres;
import holdfast.platform.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// A PostgreSQL that somebody else runs, at an address that stays while it is stopped and started: clients come through
/// a relay, because each start may be on another port.
final class StoppablePostgres implements AutoCloseable {
    private final Path directory;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private Optional<EmbeddedPostgres> running = Optional.empty();
    private Optional<ServerSocket> door = Optional.empty();

    StoppablePostgres(Path directory) throws IOException {
        this.directory = directory;
        port = Ports.free();
        start();
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/holdfast";
    }

    /// The environment of a server that is to use it.
    Map<String, String> access() {
        var postgres = running.orElseThrow();
        return Map.of("HOLDFAST_DATABASE_USER", postgres.user(), "HOLDFAST_DATABASE_PASSWORD", postgres.password());
    }

    Connection connect() throws SQLException {
        var postgres = running.orElseThrow();
        return DriverManager.getConnection(url(), postgres.user(), postgres.password());
    }

    void start() throws IOException {
        var postgres = EmbeddedPostgres.start(directory, EmbeddedPostgres.Options.forTests());
        running = Optional.of(postgres);
        int inner = java.net
                .URI
                .create(postgres.jdbcUrl().substring("jdbc:".length()))
                .getPort();
        var open = new ServerSocket();
        open.setReuseAddress(true);
        open.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        door = Optional.of(open);
        Thread.ofVirtual().start(() -> relay(open, inner));
    }

    private void relay(ServerSocket open, int inner) {
        while (true) {
            try {
                var client = open.accept();
                var server = new Socket(InetAddress.getLoopbackAddress(), inner);
                sockets.addAll(List.of(client, server));
                Thread.ofVirtual().start(() -> copy(client, server));
                Thread.ofVirtual().start(() -> copy(server, client));
            } catch (IOException _) {
                return; // stopped
            }
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException _) {
            // one side has gone, and so does the other now
        } finally {
            sockets.removeAll(List.of(from, to));
        }
    }

    /// Stops the database; who connects is refused.
    void stop() throws IOException {
        if (door.isPresent()) door.get().close();
        running.ifPresent(EmbeddedPostgres::close);
        running = Optional.empty();
        for (var socket : List.copyOf(sockets)) socket.close();
    }

    /// Suspends all its processes: connections stand, nothing is answered.
    void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String which) throws IOException, InterruptedException {
        var server = ProcessHandle.of(running.orElseThrow().pid()).orElseThrow();
        var words = new ArrayList<>(List.of("kill", which));
        Stream.concat(Stream.of(server), server.descendants())
                .forEach(process -> words.add(String.valueOf(process.pid())));
        new ProcessBuilder(words).inheritIO().start().waitFor();
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
