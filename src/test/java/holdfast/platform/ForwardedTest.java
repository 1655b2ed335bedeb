package holdfast.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whose word counts about where a request comes from.
class ForwardedTest {
    private static final Set<InetAddress> TRUSTED =
            Set.of(InetAddress.ofLiteral("10.0.0.1"), InetAddress.ofLiteral("10.0.0.2"), InetAddress.ofLiteral("::1"));

    private static Forwarded from(String peer, String proto, String host, String port, String client) {
        var given = Map.of(
                "X-Forwarded-Proto", proto,
                "X-Forwarded-Host", host,
                "X-Forwarded-Port", port,
                "X-Forwarded-For", client,
                "Host", "inside:8580");
        var headers = new TreeMap<>(given);
        headers.values().removeIf(String::isEmpty);
        return new Forwarded(
                peer,
                TRUSTED,
                name -> Optional.ofNullable(headers.get(name)).stream()
                        .flatMap(String::lines)
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, https, cloud.example, '', https://cloud.example",
        "10.0.0.1, https, cloud.example, 443, https://cloud.example",
        "10.0.0.1, https, cloud.example, 8443, https://cloud.example:8443",
        "10.0.0.1, https, cloud.example:9000, 8443, https://cloud.example:9000",
        "10.0.0.1, https, '[::1]:9000', 8443, 'https://[::1]:9000'",
        "10.0.0.1, HTTPS, 'evil.example, cloud.example', '', https://cloud.example",
        "10.0.0.1, '', '', '', http://inside:8580",
        "10.0.0.1, javascript, 'a b', x, http://inside:8580",
        "192.0.2.7, https, evil.example, 443, http://inside:8580"
    })
    void links_lead_to_where_a_trusted_proxy_says(String peer, String proto, String host, String port, String base) {
        assertThat(from(peer, proto, host, port, "").base(false)).isEqualTo(base);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, '203.0.113.9', 203.0.113.9",
        "10.0.0.1, '203.0.113.9:4711', 203.0.113.9",
        "10.0.0.1, '[2001:db8::1]:4711', 2001:db8::1",
        "10.0.0.1, '2001:db8::1', 2001:db8::1",
        "10.0.0.1, '198.51.100.1, 203.0.113.9, 10.0.0.2', 203.0.113.9",
        "0:0:0:0:0:0:0:1, '203.0.113.9, [::1]:4711', 203.0.113.9",
        "10.0.0.1, '198.51.100.1, unknown, 10.0.0.2', 10.0.0.1",
        "10.0.0.1, '198.51.100.1, no address, 10.0.0.2', 10.0.0.1",
        "10.0.0.1, '198.51.100.1\n203.0.113.9', 203.0.113.9",
        "10.0.0.1, '', 10.0.0.1",
        "192.0.2.7, '203.0.113.9', 192.0.2.7"
    })
    void the_client_is_the_last_whom_nobody_trusts(String peer, String header, String client) {
        assertThat(from(peer, "", "", "", header).client()).isEqualTo(client);
    }
}
