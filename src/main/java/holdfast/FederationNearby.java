package holdfast;

import static java.util.stream.Collectors.joining;

import holdfast.federation.peers.Neighbours.Policy;
import holdfast.platform.Multicast;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/// How nodes in the local network find each other without anybody naming them (fluidos.md 5.7).
///
/// @param group of IPv4 multicast; `239.11.11.1` unless said otherwise
/// @param port UDP; 4000 unless said otherwise
/// @param network name or address of the network interface, such as `eth0`; the first that is up unless said otherwise
/// @param use which of those that are found are dealt with: `none`, `signed` (as usual) or `all`
record FederationNearby(
        Optional<String> group, Optional<Integer> port, Optional<String> network, Optional<String> use) {
    private static final String GROUP = "239.11.11.1";
    private static final int PORT = 4_000;
    private static final int LAST_PORT = 65_535;

    /// @throws holdfast.platform.CannotStartException if the network does not allow it
    Multicast join() {
        check();
        return Multicast.join(address(), port.orElse(PORT), network);
    }

    /// @throws holdfast.platform.CannotStartException if something is wrong
    void check() {
        address();
        policy();
        int number = port.orElse(PORT);
        if (number < 1 || number > LAST_PORT) {
            throw FederationSettings.wrong("nearby.port", "is " + number + "; it must be from 1 to " + LAST_PORT);
        }
    }

    private InetAddress address() {
        var text = group.orElse(GROUP);
        try {
            if (InetAddress.ofLiteral(text) instanceof Inet4Address address && address.isMulticastAddress()) {
                return address;
            }
        } catch (IllegalArgumentException _) {
            // told below
        }
        throw FederationSettings.wrong(
                "nearby.group", "is '" + text + "'; write an address of IPv4 multicast, such as " + GROUP);
    }

    Policy policy() {
        return policy("nearby.use", use);
    }

    static Policy policy(String field, Optional<String> use) {
        var word = use.orElse(Policy.SIGNED.word());
        return Arrays.stream(Policy.values())
                .filter(one -> one.word().equals(word))
                .findFirst()
                .orElseThrow(() -> FederationSettings.wrong(
                        field,
                        "is '" + word + "'; there are: "
                                + Arrays.stream(Policy.values())
                                        .map(Policy::word)
                                        .collect(joining(", "))));
    }
}
