package holdfast.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.federation.wire.Dialect;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.NodeIdentity;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Nodes that know nothing but how to answer LIST, each at an address of its own on the loopback of this machine:
/// 127.0.1.1, 127.0.1.2 and so on.
final class ManyPeers implements AutoCloseable {
    private final List<ServerSocket> sockets = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentHashMap<Integer, Mood> moods = new ConcurrentHashMap<>();

    /// How one answers; well unless told otherwise.
    enum Mood {
        /// Takes calls and never answers.
        DEAD,
        /// Answers after two seconds.
        SLOW
    }

    /// @param flavors so many are offered by each
    ManyPeers(int count, int flavors) throws IOException {
        for (int i = 0; i < count; i++) {
            var address = InetAddress.ofLiteral("127.0." + (1 + i / 250) + "." + (1 + i % 250));
            var socket = new ServerSocket(0, 50, address);
            sockets.add(socket);
            var owner = new NodeIdentity("peer" + i, address(i), "d" + i + ".example", Optional.empty());
            var offers = new ArrayList<Flavor>();
            for (int n = 0; n < flavors; n++) {
                offers.add(Goods.varied(owner, i * flavors + n));
            }
            int peer = i;
            var body = Dialect.NODE.writer().flavors(offers);
            threads.execute(() -> listen(peer, socket, body));
        }
    }

    String address(int peer) {
        var socket = sockets.get(peer);
        return socket.getInetAddress().getHostAddress() + ":" + socket.getLocalPort();
    }

    void are(int from, int count, Mood mood) {
        for (int i = from; i < from + count; i++) {
            moods.put(i, mood);
        }
    }

    private void listen(int peer, ServerSocket socket, String body) {
        while (!socket.isClosed()) {
            try {
                var call = socket.accept();
                threads.execute(() -> serve(peer, call, body));
            } catch (IOException _) {
                return; // it was closed
            }
        }
    }

    private void serve(int peer, Socket call, String body) {
        try (call;
                var in = new BufferedReader(new InputStreamReader(call.getInputStream(), UTF_8))) {
            for (var first = in.readLine(); first != null; first = in.readLine()) {
                for (var header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
                    // none of them matters
                }
                var mood = Optional.ofNullable(moods.get(peer));
                if (mood.isPresent()) {
                    Thread.sleep(mood.get() == Mood.SLOW ? 2_000 : 60_000);
                }
                boolean list = first.contains("/flavors");
                var content = (list ? body : "").getBytes(UTF_8);
                var head = "HTTP/1.1 " + (list ? "200 OK" : "404 Not Found") + "\r\ncontent-type: application/json\r\ncontent-length: "
                        + content.length + "\r\n\r\n";
                call.getOutputStream().write(head.getBytes(UTF_8));
                call.getOutputStream().write(content);
                call.getOutputStream().flush();
            }
        } catch (IOException _) {
            // the other side is gone
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        for (var socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        threads.shutdownNow();
    }
}
