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

    /// Looks whether a server could listen there, so that the answer is ours.
    ///
    /// @param host address or name of an interface
    /// @param port 0 = any that is free
    /// @param setting by which another port is chosen
    /// @throws CannotStartException that says why not, and what to do
    static void demand(String host, int port, String setting) {
        var where = "Port " + port + " of " + host;
        try (var socket = new ServerSocket()) {
            var address = new InetSocketAddress(host, port);
            if (address.isUnresolved()) {
                throw new CannotStartException(
                        host + " is not known as the name of a machine; use 127.0.0.1, or 0.0.0.0 for all of"
                                + " this machine's addresses.");
            }
            socket.bind(address);
        } catch (IOException e) {
            var said = String.valueOf(e.getMessage());
            if (said.contains("assign")) {
                throw new CannotStartException(
                        host + " is no address of this machine; use 127.0.0.1, or 0.0.0.0 for all of its addresses.",
                        e);
            }
            if (said.contains("ermission")) {
                throw new CannotStartException(
                        where + " may only be taken by root; choose a port above 1023 with " + setting + ".", e);
            }
            if (said.contains("in use")) {
                var holder =
                        PortHolder.find(port).map(process -> " by " + process).orElse("");
                throw new CannotStartException(
                        where + " is taken" + holder + "; stop that, or choose another port with " + setting + ".", e);
            }
            throw new CannotStartException(where + " cannot be listened on: " + said, e);
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
