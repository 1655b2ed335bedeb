package holdfast.platform;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Interrupts threads that wait too long for the other side of a connection; what they wait on is closed by that. The
/// web server has no
/// time-outs of its own.
final class Watchdog implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final Map<Thread, Watch> watches = new ConcurrentHashMap<>();
    private final Thread loop = Thread.ofVirtual().name("watchdog").unstarted(this::look);
    private volatile boolean stopped;

    private static final class Watch {
        final long deadline;
        boolean over;
        boolean fired;

        Watch(long deadline) {
            this.deadline = deadline;
        }
    }

    void start() {
        loop.start();
    }

    /// From now on this thread is interrupted after `limit`, unless [#end] or another call comes before.
    void begin(Duration limit) {
        end();
        watches.put(Thread.currentThread(), new Watch(System.nanoTime() + limit.toNanos()));
    }

    /// This thread waits no longer. If it was interrupted, it no longer is.
    void end() {
        var watch = watches.remove(Thread.currentThread());
        if (watch == null) {
            return;
        }
        synchronized (watch) {
            watch.over = true;
            if (watch.fired) {
                Thread.interrupted();
            }
        }
    }

    private void look() {
        while (!stopped) {
            long now = System.nanoTime();
            watches.forEach((thread, watch) -> {
                if (watch.deadline - now < 0) {
                    fire(thread, watch);
                }
            });
            try {
                Thread.sleep(LOOK_EVERY);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void fire(Thread thread, Watch watch) {
        synchronized (watch) {
            if (!watch.over && !watch.fired) {
                watch.fired = true;
                thread.interrupt();
            }
        }
        if (!thread.isAlive()) {
            watches.remove(thread, watch);
        }
    }

    @Override
    public void close() {
        stopped = true;
        loop.interrupt();
    }
}
