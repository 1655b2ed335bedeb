package holdfast;

import java.util.concurrent.CountDownLatch;

/// Waiting for another thread where nothing may be thrown that has to be declared.
public final class Latches {
    private Latches() {}

    public static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
