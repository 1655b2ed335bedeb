package holdfast.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class CallbackPolicyTest {
    private static final CallbackPolicy STANDARD = CallbackPolicy.opening(List.of());

    private static boolean isOpen(CallbackPolicy policy, String address) {
        return policy.isOpen(InetAddress.ofLiteral(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "127.0.0.1",
                "127.255.0.1",
                "169.254.169.254",
                "224.0.0.1",
                "239.255.255.255",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::127.0.0.1",
                "64:ff9b::169.254.169.254",
                "fe80::1",
                "febf::1",
                "ff02::1",
                "fd00:ec2::254"
            })
    void what_only_this_machine_can_reach_is_closed(String address) {
        assertThat(isOpen(STANDARD, address)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.2.3.4",
                "10.0.0.1",
                "172.16.5.4",
                "192.168.1.1",
                "169.253.1.1",
                "2001:db8::1",
                "fc00::1",
                "fd00:ec2::253",
                "64:ff9b::10.0.0.1"
            })
    void other_addresses_are_open_those_of_private_networks_too(String address) {
        assertThat(isOpen(STANDARD, address)).isTrue();
    }

    @Test
    void an_operator_opens_what_is_listed_and_nothing_else() {
        var policy = CallbackPolicy.opening(List.of("127.0.0.0/31", "fe80::/16", "169.254.169.254"));
        assertThat(isOpen(policy, "127.0.0.1")).isTrue();
        assertThat(isOpen(policy, "::ffff:127.0.0.1")).isTrue();
        assertThat(isOpen(policy, "127.0.0.2")).isFalse();
        assertThat(isOpen(policy, "fe80::7")).isTrue();
        assertThat(isOpen(policy, "169.254.169.254")).isTrue();
        assertThat(isOpen(policy, "169.254.169.253")).isFalse();
        assertThat(isOpen(STANDARD.and("::1"), "::1")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.0/33", "127.0.0.0/-1", "127.0.0.0/x", "", "/8"})
    void what_is_no_block_is_named(String wrong) {
        assertThatThrownBy(() -> CallbackPolicy.opening(List.of(wrong)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(wrong);
    }

    @Test
    void a_number_is_judged_when_it_is_named_and_a_name_when_it_is_called() throws UnknownHostException {
        assertThat(STANDARD.mayBeNamed(URI.create("http://[::1]:80/x"))).isFalse();
        assertThat(STANDARD.mayBeNamed(URI.create("http://169.254.169.254/"))).isFalse();
        assertThat(STANDARD.mayBeNamed(URI.create("http://localhost/"))).isTrue();
        assertThat(STANDARD.allows(URI.create("http://localhost/"))).isFalse();
        assertThat(STANDARD.allows(URI.create("http://2130706433/"))).isFalse();
    }

    @Test
    void nothing_is_sent_to_what_is_closed() {
        var url = URI.create("http://localhost:1/x");
        try (var client = new WebhookClient(STANDARD)) {
            assertThatThrownBy(() ->
                            client.postSigned(url, "text/plain", "X", "{}", Optional.empty(), Duration.ofSeconds(10)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("its address is closed to callbacks");
        }
        try (var client = new WebhookClient(STANDARD.and("127.0.0.0/8", "::1"))) {
            assertThatThrownBy(() ->
                            client.postSigned(url, "text/plain", "X", "{}", Optional.empty(), Duration.ofSeconds(10)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("it did not answer");
        }
    }
}
