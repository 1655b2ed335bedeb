package holdfast.bench;

import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;

/// Clients who ask again and again for a time, each as soon as it has its answer.
///
/// @param perSecond answers per second, all clients together
/// @param yes how many were yes
/// @param nanos how long each answer took
record Crowd(double perSecond, long yes, long[] nanos) {
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
        record Heard(long yes, long[] nanos) {}
        long began = System.nanoTime();
        var jobs = new ArrayList<Callable<Heard>>();
        for (int i = 0; i < clients; i++) {
            var random = new SplittableRandom(i);
            jobs.add(() -> {
                var question = client.come();
                var times = LongStream.builder();
                long yes = 0;
                do {
                    long sent = System.nanoTime();
                    yes += question.ask(random) ? 1 : 0;
                    times.add(System.nanoTime() - sent);
                } while (System.nanoTime() - began < nanos);
                return new Heard(yes, times.build().toArray());
            });
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long yes = 0;
            var all = LongStream.builder();
            for (var one : threads.invokeAll(jobs)) {
                yes += one.get().yes;
                for (long time : one.get().nanos) {
                    all.add(time);
                }
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            var times = all.build().toArray();
            return new Crowd(times.length / seconds, yes, times);
        }
    }
}
