package holdfast;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What was started, to be stopped the other way round.
final class Started implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Started.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    /// @param part stopped before all that were added before it
    <P extends AutoCloseable> P add(P part) {
        parts.push(part);
        return part;
    }

    /// Stops all parts. Twice is once.
    @Override
    public synchronized void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.warn("a part of the server did not stop cleanly", e);
            }
        }
    }
}
