package holdfast.federation.wire;

import holdfast.federation.trust.NodeTls;
import holdfast.platform.WebClient;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Speaks TLS with nodes, each of which may show one key only.
final class PinnedClient implements AutoCloseable {
    private final NodeTls tls;
    private final Duration connect;
    private final long largest;

    /// By address, which TLS asks for when it connects. A connection that is kept, or begun again from what is
    /// remembered of one, is not asked for: so whoever gets another pin gets another client.
    private final Map<String, String> pins = new ConcurrentHashMap<>();

    private WebClient client;

    PinnedClient(NodeTls tls, Duration connect, long largest) {
        this.tls = tls;
        this.connect = connect;
        this.largest = largest;
        this.client = fresh();
    }

    private WebClient fresh() {
        return new WebClient(
                connect, largest, tls.calling((address, shown) -> shown.equals(pins.get(normal(address)))));
    }

    /// The client for a node that may show that key alone.
    synchronized WebClient to(URI url, String fingerprint) {
        var before = pins.put(normal(url.getHost() + ":" + url.getPort()), fingerprint);
        if (before != null && !before.equals(fingerprint)) {
            client.retire();
            client = fresh();
        }
        return client;
    }

    /// One spelling for each address.
    private static String normal(String address) {
        int colon = address.lastIndexOf(':');
        var host = address.substring(0, colon).replaceAll("[\\[\\]]", "").toLowerCase(Locale.ROOT);
        try {
            return InetAddress.ofLiteral(host).getHostAddress() + address.substring(colon);
        } catch (IllegalArgumentException _) {
            return host + address.substring(colon);
        }
    }

    @Override
    public synchronized void close() {
        client.close();
    }
}
