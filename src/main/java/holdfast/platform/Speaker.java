package holdfast.platform;

/// A thread that tells a client what happens, until it is told to come to an end.
///
/// @param turn held by the thread while it writes. An interrupt in the middle of that closes a connection, and the last
///     word would be lost
record Speaker(Thread thread, Object turn) {
    static Speaker here() {
        return new Speaker(Thread.currentThread(), new Object());
    }

    /// Interrupts it while it waits, not while it writes.
    void hush() {
        synchronized (turn) {
            thread.interrupt();
        }
    }
}
