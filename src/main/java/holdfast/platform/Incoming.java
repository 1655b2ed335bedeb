package holdfast.platform;

import holdfast.platform.HttpRequest.Body;
import holdfast.platform.HttpRequest.Limits;
import io.helidon.http.Headers;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/// The body of one request, while it comes in: bounded in size and time, and in the memory of all together.
final class Incoming {
    private static final int MEGABYTE = 1 << 20;

    private static final Duration DRAIN_TIME = Duration.ofSeconds(2);
    private static final long DRAIN_BYTES = 128 << 20;

    private final Headers headers;
    private final Optional<ServerRequest> wire;
    private final Limits limits;
    private int reserved;
    private Optional<InputStream> stream = Optional.empty();

    /// @param wire empty: there is no body
    Incoming(Headers headers, Optional<ServerRequest> wire, Limits limits) {
        this.headers = headers;
        this.wire = wire;
        this.limits = limits;
    }

    /// As [HttpRequest#body].
    Body body(int most) {
        var told = told();
        if (told.isPresent() && told.getAsLong() > most) {
            return new Body.TooLarge();
        }
        if (!hasBody()) {
            return new Body.Whole(new byte[0]);
        }
        try {
            return read(stream(), most, told); // not closed: that would read the rest first
        } catch (IOException | RuntimeException e) { // the web server has exceptions of its own for a broken connection
            throw new HttpServer.ClientGone(e);
        }
    }

    /// As [HttpRequest#content].
    InputStream content() {
        if (!hasBody()) {
            return InputStream.nullInputStream();
        }
        return new InputStream() {
            @Override
            public int read() {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                limits.watchdog().begin(limits.silence());
                try {
                    return stream().read(bytes, offset, length);
                } catch (IOException | RuntimeException e) {
                    throw new HttpServer.ClientGone(e);
                } finally {
                    limits.watchdog().end();
                }
            }
        };
    }

    private Body read(InputStream in, int most, OptionalLong told) throws IOException {
        long deadline = System.nanoTime() + limits.body().toNanos();
        var all = new byte[(int) Math.min(told.orElse(8_192), MEGABYTE)];
        int count = 0;
        var buffer = new byte[16_384];
        for (int got = next(in, buffer); got >= 0; got = next(in, buffer)) {
            if (count + got > most) {
                return new Body.TooLarge();
            }
            if (System.nanoTime() - deadline > 0) {
                return new Body.TooSlow();
            }
            if (count + got > all.length) {
                int size = (int) Math.min(most, Math.max(told.orElse(0), Math.max(count + got, 2L * all.length)));
                if (!reserve(size / MEGABYTE)) {
                    return new Body.Crowded();
                }
                all = Arrays.copyOf(all, size);
            }
            System.arraycopy(buffer, 0, all, count, got);
            count += got;
        }
        return new Body.Whole(count == all.length ? all : Arrays.copyOf(all, count));
    }

    private InputStream stream() {
        var opened = stream.orElseGet(() -> wire.orElseThrow().content().inputStream());
        stream = Optional.of(opened);
        return opened;
    }

    private int next(InputStream in, byte[] buffer) throws IOException {
        limits.watchdog().begin(limits.silence());
        try {
            return in.read(buffer);
        } finally {
            limits.watchdog().end();
        }
    }

    /// As [HttpRequest#isUnread].
    boolean isUnread() {
        return hasBody() && !wire.orElseThrow().content().consumed();
    }

    private boolean hasBody() {
        return wire.filter(request -> request.content().hasEntity()).isPresent();
    }

    /// As [HttpRequest#drain].
    void drain() {
        long deadline = System.nanoTime() + DRAIN_TIME.toNanos();
        limits.watchdog().begin(DRAIN_TIME);
        try {
            var in = stream();
            var buffer = new byte[16_384];
            long count = 0;
            for (int got = 0;
                    got >= 0 && count < DRAIN_BYTES && System.nanoTime() - deadline < 0;
                    got = in.read(buffer)) {
                count += got;
            }
        } catch (IOException | RuntimeException _) {
            // it has gone, or has been told enough
        } finally {
            limits.watchdog().end();
        }
    }

    /// As [HttpRequest#told].
    OptionalLong told() {
        var length = headers.contentLength();
        return length.isPresent() ? OptionalLong.of(length.getAsLong()) : OptionalLong.empty();
    }

    /// Takes a share of the memory for large bodies, so that all of them together have a bound.
    private boolean reserve(int megabytes) {
        int more = megabytes - reserved;
        if (more > 0 && !limits.megabytes().tryAcquire(more)) {
            return false;
        }
        reserved = Math.max(reserved, megabytes);
        return true;
    }

    /// As [HttpRequest#close].
    void close() {
        limits.megabytes().release(reserved);
        reserved = 0;
    }
}
