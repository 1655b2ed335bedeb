package holdfast;

import java.lang.management.ManagementFactory;
import java.time.Duration;

/// How much of a processor something takes: on a machine that has much else to do it takes longer, but no more.
public final class Effort {
    private Effort() {}

    /// Of what is done on this thread, which must not be a virtual one.
    public static Duration of(Runnable work) {
        var threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        work.run();
        return Duration.ofNanos(threads.getCurrentThreadCpuTime() - before);
    }
}
