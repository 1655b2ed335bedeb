package holdfast.platform;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// How many are asked the same: nodes of other domains (fluidos.md 6.6), accounts at clouds (aeolus.md 4.8).
public interface Fanout {
    /// At once, on threads of their own, at most 32.
    Fanout PARALLEL = new Fanout() {
        @Override
        public <T, R> List<Optional<R>> each(List<T> all, Duration limit, Function<T, R> question) {
            return parallel(all, limit, question);
        }
    };

    /// One after the other, as simulations need it; the limit is not watched.
    Fanout IN_TURN = new Fanout() {
        @Override
        public <T, R> List<Optional<R>> each(List<T> all, Duration limit, Function<T, R> question) {
            return all.stream().map(one -> Optional.of(question.apply(one))).toList();
        }
    };

    /// Asks each. Never within a transaction.
    ///
    /// @param limit for all of them together; who has not answered by then is broken off
    /// @return what came of each, in the order of `all`; empty where nothing came in time
    <T, R> List<Optional<R>> each(List<T> all, Duration limit, Function<T, R> question);

    private static <T, R> List<Optional<R>> parallel(List<T> all, Duration limit, Function<T, R> question) {
        var threads = Executors.newFixedThreadPool(32, Thread.ofVirtual().factory());
        try {
            var asked = all.stream()
                    .map(one -> (Callable<R>) () -> question.apply(one))
                    .toList();
            return threads.invokeAll(asked, limit.toMillis(), TimeUnit.MILLISECONDS).stream()
                    .map(Fanout::come)
                    .toList();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return all.stream().map(_ -> Optional.<R>empty()).toList();
        } finally {
            threads.shutdownNow(); // without waiting: who is broken off ends by itself
        }
    }

    private static <R> Optional<R> come(Future<R> asked) {
        try {
            return Optional.of(asked.get());
        } catch (CancellationException | InterruptedException _) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a question failed", e.getCause());
        }
    }
}
