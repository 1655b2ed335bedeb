package holdfast.platform;

import io.helidon.logging.common.spi.LoggingProvider;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// One sink for all logs: the web server writes to `java.util.logging`, everything else to SLF4J.
public final class Logging {
    private Logging() {}

    /// Sends what goes to `java.util.logging` to SLF4J, warnings and worse only: translating what nobody will see
    /// costs time. Call it first in a server, before the web server's classes are loaded.
    public static void bridge() {
        LogManager.getLogManager().reset();
        Logger.getLogger("").setLevel(Level.WARNING);
        SLF4JBridgeHandler.install();
    }

    /// Tells the web server that logging is looked after; found by its name in `META-INF/services`.
    public static final class WebServer implements LoggingProvider {
        @Override
        public void initialization() {}

        @Override
        public void runTime() {}
    }
}
