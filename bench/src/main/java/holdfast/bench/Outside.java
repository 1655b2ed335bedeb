package holdfast.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.platform.Json;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.WebSocket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/// A program outside that takes part in processes: it hears events and publishes an empty reply to each.
final class Outside implements AutoCloseable {
    private final Client client;
    private final Runnable replied;
    private final ExecutorService replies;
    private final CountDownLatch listening;
    private final List<WebSocket> sockets = new ArrayList<>();
    private final List<Thread> streams = new ArrayList<>();
    /// When which call was heard first.
    final Map<String, Instant> heard = new ConcurrentHashMap<>();

    /// How it listens.
    enum Way {
        WEB_SOCKET,
        STREAM
    }

    /// Returns when all instances are heard.
    ///
    /// @param instances of the program, each with a connection of its own; their replies share `atOnce`
    /// @param atOnce replies that are published at the same time
    /// @param replied called after each reply that was taken
    Outside(Client client, Way way, String event, int instances, int atOnce, Runnable replied)
            throws InterruptedException {
        this.client = client;
        this.replied = replied;
        this.replies = Executors.newFixedThreadPool(atOnce, Thread.ofVirtual().factory());
        this.listening = new CountDownLatch(instances);
        var target = "/v1/subscribe?eventNames=" + URLEncoder.encode(event, UTF_8);
        for (int i = 0; i < instances; i++) {
            switch (way) {
                case WEB_SOCKET -> sockets.add(client.webSocket(target, new Ear()));
                case STREAM -> streams.add(Thread.ofVirtual().start(() -> listen(target)));
            }
        }
        if (!listening.await(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("nothing was heard on " + target + " for 30 s");
        }
    }

    private void listen(String target) {
        try (var lines = client.lines(target)) {
            lines.filter(line -> !line.isBlank()).forEach(this::hear);
        } catch (IOException | InterruptedException | RuntimeException e) {
            if (!replies.isShutdown()) {
                System.err.println("the stream ended: " + e);
            }
        }
    }

    private final class Ear implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        @SuppressWarnings("NullAway") // null: it may go on at once
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                hear(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }

    private void hear(String line) {
        var event = Json.tree(line);
        if (event.has("replyTo")) {
            heard.putIfAbsent(event.get("id").stringValue(), Instant.now());
            replies.execute(() -> reply(event));
        } else if (event.path("name").asString("").equals("ping")) {
            listening.countDown();
        }
    }

    private void reply(JsonNode event) {
        var reply = Json.object().put("name", event.get("replyTo").stringValue());
        reply.putArray("previousIds").add(event.get("id").stringValue());
        reply.putObject("data");
        try {
            client.post("/v1/publish", Json.text(reply));
            replied.run();
        } catch (IOException | InterruptedException | RuntimeException e) {
            System.err.println("no reply: " + e);
        }
    }

    @Override
    public void close() {
        replies.shutdownNow();
        sockets.forEach(WebSocket::abort);
        streams.forEach(Thread::interrupt);
    }
}
