package holdfast.platform;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A group of hosts in a local network, to all of which something may be said at once (IPv4 multicast over UDP). What
/// is said goes no further than the network itself, and is heard by whoever says it, too.
public final class Multicast implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Multicast.class);
    /// No datagram of version 4 is larger.
    private static final int LARGEST = 65_535;

    private final DatagramChannel channel;
    private final InetSocketAddress group;
    private final String network;

    private Multicast(DatagramChannel channel, InetSocketAddress group, String network) {
        this.channel = channel;
        this.group = group;
        this.network = network;
    }

    /// Joins a group. Several may listen to one group and port on one machine.
    ///
    /// @param group such as `239.11.11.1`
    /// @param network name of the network interface, such as `eth0`, or one of its addresses; empty: the first that
    ///     is up and is not this machine alone
    /// @throws CannotStartException if that is not possible, with what to do about it
    public static Multicast join(InetAddress group, int port, Optional<String> network) {
        try {
            var on = on(network);
            var channel = DatagramChannel.open(StandardProtocolFamily.INET);
            try {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, on);
                channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 1);
                channel.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true);
                channel.bind(new InetSocketAddress(group, port)); // what is sent to this host alone is not for us
                channel.join(group, on);
                return new Multicast(channel, new InetSocketAddress(group, port), on.getName());
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException | UnsupportedOperationException e) {
            throw new CannotStartException(
                    "The multicast group " + group.getHostAddress() + ":" + port + " cannot be joined: "
                            + e.getMessage() + "; name another interface, or another port",
                    e);
        }
    }

    private static NetworkInterface on(Optional<String> network) throws SocketException {
        var all = NetworkInterface.networkInterfaces().toList();
        return all.stream()
                .filter(one -> network.map(name -> isCalled(one, name)).orElseGet(() -> isUsual(one)))
                .findFirst()
                .orElseThrow(() -> new SocketException(network.map(name -> "there is no network interface " + name)
                                .orElse("there is no network interface that is up")
                        + "; there are "
                        + all.stream().map(NetworkInterface::getName).toList()));
    }

    private static boolean isCalled(NetworkInterface one, String name) {
        return one.getName().equals(name)
                || one.inetAddresses()
                        .anyMatch(address -> address.getHostAddress().equals(name));
    }

    private static boolean isUsual(NetworkInterface one) {
        try {
            return one.isUp()
                    && !one.isLoopback()
                    && one.supportsMulticast()
                    && one.inetAddresses().anyMatch(address -> address.getAddress().length == 4);
        } catch (SocketException _) {
            return false; // gone since it was listed
        }
    }

    /// Name of the network interface.
    public String network() {
        return network;
    }

    /// Says something to all of them; nobody knows who hears it.
    ///
    /// @throws IOException if the network is away, for example
    public void say(byte[] words) throws IOException {
        channel.send(ByteBuffer.wrap(words), group);
    }

    /// Listens until this is closed. What is larger than `most` bytes is passed over.
    public void listen(int most, Consumer<byte[]> ear) {
        var buffer = ByteBuffer.allocate(LARGEST);
        while (channel.isOpen()) {
            try {
                buffer.clear();
                channel.receive(buffer);
                if (buffer.position() <= most) {
                    ear.accept(Arrays.copyOf(buffer.array(), buffer.position()));
                }
            } catch (IOException | RuntimeException e) {
                if (channel.isOpen()) {
                    LOG.warn("something that came from {} is lost", group, e);
                }
            }
        }
    }

    /// Leaves the group.
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
