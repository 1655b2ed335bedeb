package holdfast.engine;

import holdfast.platform.DatabaseUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Stream;

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
    ///     asked again by itself; where the database is away all are told
    public Convoy(Function<List<T>, List<R>> together) {
        this.together = together;
    }

    /// Several convoys side by side, so that they keep more than one processor busy: who has the same `key` goes
    /// with the same.
    public static <T, R> Function<T, R> abreast(int lanes, Function<T, ?> key, Function<List<T>, List<R>> together) {
        var convoys = Stream.generate(() -> new Convoy<>(together)).limit(lanes).toList();
        return asked ->
                convoys.get(Math.floorMod(key.apply(asked).hashCode(), lanes)).ask(asked);
    }

    /// One who waits.
    private static final class Place<T, R> {
        final T asked;
        final CompletableFuture<R> answer = new CompletableFuture<>();

        /// Whether somebody serves it, or has.
        volatile boolean taken;

        Place(T asked) {
            this.asked = asked;
        }
    }

    /// @throws RuntimeException what is thrown when it is asked alone
    public R ask(T asked) {
        var place = new Place<T, R>(asked);
        queue.add(place);
        turn.lock();
        try {
            while (!place.taken) { // more than once only if very many wait
                serve(next());
            }
        } finally {
            turn.unlock();
        }
        try {
            return place.answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException why ? why : e;
        }
    }

    private List<Place<T, R>> next() {
        var some = new ArrayList<Place<T, R>>();
        Place<T, R> one;
        while (some.size() < MOST && (one = queue.poll()) != null) {
            one.taken = true;
            some.add(one);
        }
        return some;
    }

    /// How many wait behind those who are served now.
    int waiting() {
        return queue.size();
    }

    private void serve(List<Place<T, R>> some) {
        try {
            var answers = together.apply(some.stream().map(one -> one.asked).toList());
            for (int i = 0; i < some.size(); i++) {
                some.get(i).answer.complete(answers.get(i));
            }
        } catch (RuntimeException e) {
            if (some.size() == 1 || e instanceof DatabaseUnavailableException why && !why.isCrowded()) {
                some.forEach(one -> one.answer.completeExceptionally(e));
            } else {
                some.forEach(one -> serve(List.of(one)));
            }
        } finally {
            some.forEach(one -> one.answer.completeExceptionally(new IllegalStateException("it was given up")));
        }
    }
}
