package holdfast.bench;

import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/// Clients who ask again and again for a time, each as soon as it has its answer.
///
/// @param perSecond answers per second, all clients together
/// @param yes how many were yes
/// @param nanos how long each answer took
record Crowd(double perSecond, long yes, long[] nanos) {
    private static final AtomicLong RUNS = new AtomicLong();

    /// What one client asks.
    interface Question {
        /// @param random of this client alone
        /// @return whether the answer was yes
        boolean ask(SplittableRandom random) throws Exception;
    }

    /// Makes the question of a client, with a connection of its own if it needs one.
    interface Client {
        Question come() throws Exception;
    }

    static Crowd ask(int clients, long nanos, Question question) throws Exception {
        return ask(clients, nanos, () -> question);
    }

    static Crowd ask(int clients, long nanos, Client client) throws Exception {
        long began = System.nanoTime();
        return gather(clients, random -> {
            var question = client.come();
            var heard = new Heard();
            do {
                heard.ask(question, random, System.nanoTime());
            } while (System.nanoTime() - began < nanos);
            return heard;
        });
    }

    /// So many questions a second, whether or not those before have their answers; the time of each counts from when
    /// it was due. More clients than these are not there to ask.
    static Crowd paced(int clients, double perSecond, long nanos, Question question) throws Exception {
        long began = System.nanoTime();
        var next = new AtomicLong();
        return gather(clients, random -> {
            var heard = new Heard();
            while (true) {
                long due = began + (long) (next.getAndIncrement() / perSecond * 1e9);
                if (due - began >= nanos) {
                    return heard;
                }
                LockSupport.parkNanos(due - System.nanoTime());
                heard.ask(question, random, due);
            }
        });
    }

    /// What one client has heard.
    private static final class Heard {
        final LongStream.Builder nanos = LongStream.builder();
        long yes;

        void ask(Question question, SplittableRandom random, long since) throws Exception {
            yes += question.ask(random) ? 1 : 0;
            nanos.add(System.nanoTime() - since);
        }
    }

    private interface Asking {
        Heard go(SplittableRandom random) throws Exception;
    }

    private static Crowd gather(int clients, Asking asking) throws Exception {
        long began = System.nanoTime();
        var jobs = new ArrayList<Callable<Heard>>();
        for (int i = 0; i < clients; i++) {
            var random = new SplittableRandom(RUNS.getAndIncrement()); // or all would ask for the same again
            jobs.add(() -> asking.go(random));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long yes = 0;
            var all = LongStream.builder();
            for (var one : threads.invokeAll(jobs)) {
                yes += one.get().yes;
                one.get().nanos.build().forEach(all::add);
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            var times = all.build().toArray();
            return new Crowd(times.length / seconds, yes, times);
        }
    }
}
