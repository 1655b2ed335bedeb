package holdfast.drivers.openstack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Passes on what is said to a port, until the line is cut.
final class Relay implements AutoCloseable {
    private final ServerSocket door;
    private final int port;
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    /// @param port of this machine to which it leads
    Relay(int port) throws IOException {
        this.port = port;
        this.door = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                var caller = door.accept();
                var called = new Socket(InetAddress.getLoopbackAddress(), port);
                open.addAll(List.of(caller, called));
                Thread.ofVirtual().start(() -> pass(caller, called));
                Thread.ofVirtual().start(() -> pass(called, caller));
            }
        } catch (IOException _) {
            cut(); // closed
        }
    }

    private static void pass(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException _) {
            // cut
        }
    }

    /// Ends what is going on; who calls again is passed on again.
    void cut() {
        open.forEach(socket -> {
            try {
                socket.close();
            } catch (IOException _) {
                // is closed
            }
        });
        open.clear();
    }

    @Override
    public void close() throws IOException {
        door.close();
        cut();
    }
}
