package holdfast.engine;

import static java.util.Objects.requireNonNull;

import holdfast.platform.DatabaseUnavailableException;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Has those who come while others are served go together: whoever is next serves all who wait, on its own thread.
/// Unlike [GroupCommit] it has no thread, waits for nobody, and who comes alone is served at once.
///
/// @param <T> what is asked
/// @param <R> what is answered
public final class Convoy<T, R> {
    private static final int MOST = 64;

    private final Function<List<T>, List<R>> together;
    private final ConcurrentLinkedQueue<Place<T, R>> queue = new ConcurrentLinkedQueue<>();
    private final ReentrantLock turn = new ReentrantLock(true);

    /// @param together answers up to 64 at once, in their order. If it throws, nothing has happened, and each is
    ///     asked
    ///     again by itself; where the database is away all are told
    public Convoy(Function<List<T>, List<R>> together) {
        this.together = together;
    }

    /// One who waits. Written by who has the turn, read by who waited for it.
    private static final class Place<T, R> {
        final T asked;

        @Nullable
        R answer;

        @Nullable
        RuntimeException fault;

        Place(T asked) {
            this.asked = asked;
        }

        boolean isServed() {
            return answer != null || fault != null;
        }
    }

    /// @throws RuntimeException what is thrown when it is asked alone
    public R ask(T asked) {
        var place = new Place<T, R>(asked);
        queue.add(place);
        turn.lock();
        try {
            while (!place.isServed()) { // twice at most, unless very many wait
                serve(Stream.generate(queue::poll)
                        .limit(MOST)
                        .takeWhile(one -> one != null)
                        .toList());
            }
        } finally {
            turn.unlock();
        }
        if (place.fault != null) {
            throw place.fault;
        }
        return requireNonNull(place.answer);
    }

    /// How many wait behind those who are served now.
    int waiting() {
        return queue.size();
    }

    private void serve(List<Place<T, R>> some) {
        try {
            var answers = together.apply(some.stream().map(one -> one.asked).toList());
            for (int i = 0; i < some.size(); i++) {
                some.get(i).answer = answers.get(i);
            }
        } catch (RuntimeException e) {
            if (some.size() == 1 || e instanceof DatabaseUnavailableException) {
                some.forEach(one -> one.fault = e);
            } else {
                some.forEach(one -> serve(List.of(one)));
            }
        } finally {
            some.stream()
                    .filter(one -> !one.isServed())
                    .forEach(one -> one.fault = new IllegalStateException("it was given up"));
        }
    }
}
