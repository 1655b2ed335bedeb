package holdfast;

import holdfast.platform.CannotStartException;
import holdfast.platform.HttpServer;
import holdfast.protocol.rear.NodeIdentity;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/// Section `federation` of the settings file: how other domains reach this one, and as whom it sells to them.
///
/// @param listen IP address to listen on for other domains; `127.0.0.1` unless said otherwise
/// @param port where; 30000 unless said otherwise, 0 = any that is free
/// @param domain such as `alps.example`
/// @param nodeId the name of this node, unique in its domain
/// @param advertised `host:port` under which others reach it
/// @param auth how callers prove who they are. `none` is the only way so far, and for trials: whoever reaches the port
///     is
///     taken for whom it says it is. It must be said, and is refused unless only this machine reaches the port
record FederationSettings(
        Optional<String> listen,
        Optional<Integer> port,
        Optional<String> domain,
        Optional<String> nodeId,
        Optional<String> advertised,
        Optional<String> auth) {
    private static final int USUAL = 30_000;
    private static final int LAST_PORT = 65_535;
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");
    private static final Pattern ADDRESS = Pattern.compile("[\\w.:\\[\\]-]{1,247}:\\d{1,5}");

    /// Who sells.
    ///
    /// @throws CannotStartException if something is missing or wrong
    NodeIdentity node() {
        var id = needed("nodeId", nodeId, NAME, "lower-case letters, digits, - and .");
        return new NodeIdentity(
                id,
                needed("advertised", advertised, ADDRESS, "host:port"),
                needed("domain", domain, NAME, "lower-case letters, digits, - and ."),
                Optional.of(id));
    }

    /// Where to listen for others.
    ///
    /// @throws CannotStartException if callers prove nothing and others than this machine would reach it
    HttpServer.Options address() {
        var where = listen.orElse("127.0.0.1");
        if (!auth.equals(Optional.of("none"))) {
            throw wrong(
                    "auth",
                    auth.map(said -> "is '" + said + "'").orElse("is missing")
                            + "; write auth: none, which is for trials: whoever reaches the port is taken for whom it says it is");
        }
        if (!isLoopback(where)) {
            throw wrong(
                    "listen",
                    "is '" + where + "', and with auth: none it must be an address that only this machine"
                            + " reaches, such as 127.0.0.1");
        }
        int number = port.orElse(USUAL);
        if (number < 0 || number > LAST_PORT) {
            throw wrong("port", "is " + number + "; it must be from 0 to " + LAST_PORT);
        }
        return HttpServer.Options.standard().withHost(where).withPort(number);
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.ofLiteral(address).isLoopbackAddress();
        } catch (IllegalArgumentException _) {
            throw wrong("listen", "is '" + address + "', which is no IP address, such as 127.0.0.1");
        }
    }

    private static String needed(String name, Optional<String> value, Pattern form, String rule) {
        return value.filter(text -> form.matcher(text).matches())
                .orElseThrow(() ->
                        wrong(name, value.map(text -> "is '" + text + "'").orElse("is missing") + "; write " + rule));
    }

    private static CannotStartException wrong(String name, String what) {
        return new CannotStartException("federation." + name + " in the settings file " + what);
    }
}
