package holdfast.calendar;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Many who do something at the same moment.
public final class Race {
    private Race() {}

    public interface Racer<T> {
        T run(int number) throws Exception;
    }

    /// Starts them all at the same moment, each on a virtual thread, and returns what they return.
    public static <T> List<T> together(int racers, Racer<T> racer) {
        var start = new CountDownLatch(racers);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<T>>();
            for (int i = 0; i < racers; i++) {
                int number = i;
                Callable<T> task = () -> {
                    start.countDown();
                    start.await();
                    return racer.run(number);
                };
                running.add(threads.submit(task));
            }
            var results = new ArrayList<T>();
            for (var future : running) {
                results.add(future.get());
            }
            return results;
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
