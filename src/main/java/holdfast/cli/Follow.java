package holdfast.cli;

import holdfast.platform.HttpCaller;
import holdfast.platform.HttpCaller.NoAnswerException;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Follows a slice by the server's events, over broken connections and restarts of the server.
final class Follow {
    private static final Duration PAUSE = Duration.ofMillis(500);
    /// A server that is away longer than this is given up.
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Client client;
    private final Platform platform;
    private final Consumer<String> note;

    /// @param note told when the server is away
    Follow(Client client, Platform platform, Consumer<String> note) {
        this.client = client;
        this.platform = platform;
        this.note = note;
    }

    /// Shows each change until `end` is true of the slice, or it is dead.
    ///
    /// @return the slice as it was then
    SliceView until(String slice, Predicate<SliceView> end, Consumer<SliceView> show) {
        Optional<Instant> awaySince = Optional.empty();
        while (true) {
            var events = client.events(Client.path("slices", slice, "events"));
            if (events.isPresent()) {
                try (var stream = events.get()) {
                    var last = read(stream, end, show);
                    if (last.isPresent() && (end.test(last.get()) || last.get().dead())) return last.get();
                    if (last.isPresent()) awaySince = Optional.empty();
                }
            }
            var now = platform.now();
            if (awaySince.isEmpty()) note.accept("the server is away; trying again");
            awaySince = awaySince.or(() -> Optional.of(now));
            if (awaySince.get().plus(PATIENCE).isBefore(now))
                throw client.unreachable("it has been away for two minutes");
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /// The last slice that came before the stream ended.
    private static Optional<SliceView> read(
            HttpCaller.Events stream, Predicate<SliceView> end, Consumer<SliceView> show) {
        var last = Optional.<SliceView>empty();
        try {
            for (var event = stream.next(); event.isPresent(); event = stream.next()) {
                if (!event.get().name().equals("slice")) continue;
                var slice = new SliceView(Json.tree(event.get().data()));
                last = Optional.of(slice);
                show.accept(slice);
                if (end.test(slice) || slice.dead()) return last;
            }
        } catch (NoAnswerException _) {
            // broken off: the caller asks again
        }
        return last;
    }
}
