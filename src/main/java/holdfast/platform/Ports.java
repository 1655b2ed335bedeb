package holdfast.platform;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/// TCP ports of this host.
public final class Ports {
    private static final int FIRST = 20_000;

    /// From here up Linux takes ports for outgoing connections at any time; a listener that wants to come back to
    /// its port stays below.
    private static final int LIMIT = 32_768;

    private Ports() {}

    /// Whether somebody could begin to listen on this port of 127.0.0.1 at this moment.
    public static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// A port on 127.0.0.1 that nobody listens on at this moment. Somebody else may take it before the caller does.
    ///
    /// @throws CannotStartException when a hundred ports tried at random are all taken
    public static int free() {
        for (int tries = 0; tries < 100; tries++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LIMIT);
            try (var socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return port;
            } catch (IOException _) {
                // taken: try another
            }
        }
        throw new CannotStartException(
                "No free TCP port was found between " + FIRST + " and " + LIMIT + " on 127.0.0.1.");
    }
}
