package holdfast.platform;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Which addresses may be called that users name. What only this machine and its cloud can reach is closed, unless an
/// operator opens it: this machine itself, its own link with the metadata of clouds, and everything that is not the
/// address of one machine, in whatever notation. Private networks are open.
public final class CallbackPolicy {
    /// Addresses of version 4 that version 6 carries in its last bytes: translated (RFC 6052), and of old.
    private static final List<Block> CARRIERS = blocks("64:ff9b::/96", "::/96");

    private static final List<Block> CLOSED = blocks(
            "0.0.0.0/8",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "224.0.0.0/4",
            "255.255.255.255/32",
            "::/128",
            "::1/128",
            "fe80::/10",
            "ff00::/8",
            "fd00:ec2::254/128");

    private final List<Block> open;

    private CallbackPolicy(List<Block> open) {
        this.open = open;
    }

    /// @param open blocks such as `127.0.0.0/8`, or single addresses, that are open as well
    /// @throws IllegalArgumentException that names the one that is none
    public static CallbackPolicy opening(Collection<String> open) {
        return new CallbackPolicy(open.stream().map(Block::of).toList());
    }

    /// With other blocks open as well.
    public CallbackPolicy and(String... more) {
        return new CallbackPolicy(
                Stream.concat(open.stream(), blocks(more).stream()).toList());
    }

    /// Whether an address that is written as a number is open. Of names nothing is known before they are looked up.
    public boolean mayBeNamed(URI url) {
        return literal(url).map(this::isOpen).orElse(true);
    }

    private static Optional<InetAddress> literal(URI url) {
        try {
            return Optional.of(InetAddress.ofLiteral(url.getHost().replaceAll("[\\[\\]]", "")));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// Whether a host may be called: all its addresses must be open, because any of them may be taken. Asks the
    /// name service, whose answer the JDK keeps for half a minute; so a call that follows goes to what was looked
    /// at.
    ///
    /// @throws UnknownHostException if there is no host of that name
    public boolean allows(URI url) throws UnknownHostException {
        return Arrays.stream(InetAddress.getAllByName(url.getHost())).allMatch(this::isOpen);
    }

    boolean isOpen(InetAddress address) {
        var bytes = address.getAddress();
        var forms = Stream.concat(Stream.of(bytes), carried(bytes).stream()).toList();
        return isIn(open, forms) || !isIn(CLOSED, forms);
    }

    private static boolean isIn(List<Block> blocks, List<byte[]> forms) {
        return blocks.stream().anyMatch(block -> forms.stream().anyMatch(block::contains));
    }

    private static Optional<byte[]> carried(byte[] bytes) {
        return CARRIERS.stream().anyMatch(block -> block.contains(bytes))
                ? Optional.of(Arrays.copyOfRange(bytes, 12, 16))
                : Optional.empty();
    }

    private static List<Block> blocks(String... blocks) {
        return Arrays.stream(blocks).map(Block::of).toList();
    }

    /// All addresses that begin with the same bits.
    private record Block(byte[] network, int bits) {
        static Block of(String text) {
            var parts = text.split("/", 2);
            try {
                var network = InetAddress.ofLiteral(parts[0]).getAddress();
                int bits = parts.length == 1 ? 8 * network.length : Integer.parseInt(parts[1]);
                if (bits >= 0 && bits <= 8 * network.length) {
                    return new Block(network, bits);
                }
            } catch (IllegalArgumentException _) {
                // told below
            }
            throw new IllegalArgumentException(text);
        }

        boolean contains(byte[] address) {
            if (address.length != network.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> bit % 8;
                if (((address[bit / 8] ^ network[bit / 8]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
