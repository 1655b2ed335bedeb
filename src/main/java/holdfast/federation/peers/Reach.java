package holdfast.federation.peers;

import holdfast.core.Refusal;
import holdfast.federation.trust.Fingerprint;
import holdfast.platform.CallbackPolicy;
import holdfast.protocol.rear.NodeIdentity;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which peers this node may call.
///
/// @param self this node, which is no peer of itself
/// @param policy which addresses may be called
record Reach(NodeIdentity self, CallbackPolicy policy) {
    private static final Pattern ADDRESS =
            Pattern.compile("([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\\[[0-9a-f:.]{2,45}]):([1-9]\\d{0,4})");
    private static final int LAST_PORT = 65_535;

    /// Why an address is none that may be called; empty if it may.
    Optional<Refusal> wrong(String address) {
        var parts = ADDRESS.matcher(address);
        if (!parts.matches() || Integer.parseInt(parts.group(3)) > LAST_PORT) {
            return Optional.of(Refusal.malformed(
                    "address",
                    "address is no host:port of a gateway, such as rear.alps.example:30000; write it without http://"));
        }
        if (address.equals(self.address().toLowerCase(Locale.ROOT))) {
            return Optional.of(Refusal.malformed(
                    "address", "address is " + address + ", which is that of this node: name another one"));
        }
        try {
            return policy.allows(URI.create("http://" + address))
                    ? Optional.empty()
                    : Optional.of(Refusal.malformed(
                            "address",
                            "address is " + address + ", which only this machine or its network can reach: name one"
                                    + " that others reach, or open it under callbacks.allow in the settings"
                                    + " file"));
        } catch (UnknownHostException _) {
            return Optional.of(Refusal.malformed(
                    "address", "address is " + address + ": there is no host of that name; correct it"));
        }
    }

    /// What is wrong with what is said of a key.
    static Optional<Refusal> wrong(Peers.Wish wish) {
        if (wish.fingerprint().filter(text -> !Fingerprint.valid(text)).isPresent()) {
            return Optional.of(Refusal.malformed(
                    "fingerprint",
                    "fingerprint is no thumbprint of a key: 43 letters, digits, - and _, as the other node shows it when"
                            + " it starts"));
        }
        return wish.domain().isPresent() && wish.fingerprint().isEmpty()
                ? Optional.of(Refusal.malformed(
                        "domain", "domain is said of a key: give its fingerprint, too, or leave the domain out"))
                : Optional.empty();
    }
}
