package holdfast.platform;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings answers to the clients of a [HttpServer], and knows who is told events at this moment.
final class Sending {
    private static final Logger LOG = LoggerFactory.getLogger(Sending.class);

    private final Watchdog watchdog;
    private final HttpServer.Patience patience;
    private final Set<Speaker> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    Sending(Watchdog watchdog, HttpServer.Patience patience) {
        this.watchdog = watchdog;
        this.patience = patience;
    }

    /// Those who speak now.
    Set<Speaker> streams() {
        return streams;
    }

    boolean isStopping() {
        return stopping;
    }

    /// Ends the streams of events, and waits a while for them; other answers are the last ones of their
    /// connections.
    void stop() {
        stopping = true;
        streams.forEach(speaker -> Thread.ofVirtual().start(speaker::hush)); // none waits for another that writes
        awaitStreams();
    }

    /// They have something to say before their connections are closed.
    private void awaitStreams() {
        long deadline = System.nanoTime() + patience.grace().toNanos();
        try {
            for (var stream : streams) {
                stream.thread().join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return whether the connection must be closed now
    /// @throws HttpServer.ClientGone if nobody takes the answer
    boolean send(HttpRequest request, ServerResponse response, HttpReply reply) {
        return switch (reply) {
            case HttpReply.Content content -> send(request, response, Compressed.of(content, request));
            case HttpReply.Events(var source) -> {
                stream(response, "text/event-stream", out -> {
                    var events = EventWriter.events(out, watchdog, patience.silence());
                    events.heartbeat(); // with it goes the head: the client knows at once that it is heard
                    source.run(events);
                });
                yield false; // its end is written after this; the client closes
            }
            case HttpReply.Lines(var source) -> {
                stream(response, "text/plain", out -> source.run(EventWriter.lines(out, watchdog, patience.silence())));
                yield false;
            }
            case HttpReply.Flow flow -> send(request, response, flow);
            case HttpReply.Written written -> send(request, response, written);
            case HttpReply.Tunnel _ -> throw new IllegalStateException("bytes both ways need a WebSocket");
        };
    }

    private boolean send(HttpRequest request, ServerResponse response, HttpReply.Content content) {
        if (content.body().length > 0) {
            response.header(HeaderNames.CONTENT_TYPE, content.type());
        }
        boolean last = head(request, response, content.status(), content.headers());
        watchdog.begin(patience.body());
        try {
            if (request.method().equals("HEAD")) {
                response.contentLength(content.body().length);
                response.send();
            } else {
                response.send(content.body());
            }
        } finally {
            watchdog.end();
        }
        return last;
    }

    /// As [#send], piece by piece: a client that takes none of it for a while is gone.
    private boolean send(HttpRequest request, ServerResponse response, HttpReply.Flow flow) {
        try (var _ = flow.source()) {
            response.header(HeaderNames.CONTENT_TYPE, flow.type());
            boolean last = head(request, response, 200, flow.headers());
            response.contentLength(flow.length());
            if (request.method().equals("HEAD")) {
                response.send();
                return last;
            }
            try (var out = response.outputStream()) {
                flow.into(out, watchdog, patience.silence());
            }
            return last;
        } catch (IOException e) {
            throw new HttpServer.ClientGone(e);
        }
    }

    /// The same in chunks. One that breaks off has no last chunk.
    private boolean send(HttpRequest request, ServerResponse response, HttpReply.Written written) {
        response.header(HeaderNames.CONTENT_TYPE, written.type());
        boolean last = head(request, response, 200, written.headers());
        if (request.method().equals("HEAD")) {
            response.send();
            return last;
        }
        try {
            var out = response.outputStream();
            written.into(out, watchdog, patience.silence());
            out.close();
            return last;
        } catch (IOException e) {
            throw new HttpServer.ClientGone(e);
        } catch (RuntimeException e) {
            if (e.getCause() instanceof IOException gone) { // as those tell it who write JSON
                throw new HttpServer.ClientGone(gone);
            }
            LOG.warn("{} {}: the answer breaks off", request.method(), request.path(), e);
            throw new CloseConnectionException("the answer breaks off", e);
        }
    }

    /// What stands before the body.
    ///
    /// @return whether it is the last answer on its connection
    private boolean head(HttpRequest request, ServerResponse response, int status, Map<String, String> headers) {
        response.status(Status.create(status));
        response.header(HeaderNames.create("X-Content-Type-Options"), "nosniff");
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        headers.forEach((name, value) -> response.header(HeaderNames.create(name), value));
        boolean last = stopping
                || request.isUnread()
                || request.header("Connection")
                        .filter("close"::equalsIgnoreCase)
                        .isPresent();
        if (last) {
            response.header(HeaderNames.CONNECTION, "close");
        }
        return last;
    }

    private interface Telling {
        void to(OutputStream out) throws InterruptedException;
    }

    private void stream(ServerResponse response, String type, Telling telling) {
        response.status(Status.OK_200);
        response.header(HeaderNames.CONTENT_TYPE, type + "; charset=utf-8");
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        response.header(HeaderNames.create("X-Accel-Buffering"), "no");
        response.header(HeaderNames.CONNECTION, "close");
        var speaker = Speaker.here();
        streams.add(speaker);
        try (var out = response.outputStream()) {
            if (!stopping) {
                telling.to(out);
            }
        } catch (InterruptedException _) {
            LOG.debug("a stream of events ends with the server");
        } catch (IOException e) {
            throw new HttpServer.ClientGone(e);
        } finally {
            streams.remove(speaker);
        }
    }
}
