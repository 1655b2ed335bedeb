package holdfast.drivers.openstack;

import static holdfast.drivers.openstack.TinyCloud.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.Cloud.Look;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Tokens and versions.
@Timeout(300)
class SessionTest {
    private final TinyCloud cloud = new TinyCloud();
    private final FaultyProxy proxy = new FaultyProxy(cloud);

    @AutoClose
    private final Wire wire = new Wire(proxy);

    @AutoClose
    private final OpenStack driver = driver(TinyCloud.PASSWORD);

    private OpenStack driver(String password) {
        return new OpenStack(
                TestCloud.OWNER, TestCloud.account(wire.url().resolve("/0"), "demo", password), Limits.STANDARD, cloud);
    }

    @Test
    void a_token_is_renewed_before_its_end_and_once_after_401() {
        look();
        cloud.advance(Duration.ofMinutes(54));
        look();
        assertThat(proxy.count(TOKENS)).isEqualTo(1);
        cloud.advance(Duration.ofMinutes(2));
        look();
        assertThat(proxy.count(TOKENS)).isEqualTo(2);
        cloud.forgetTokens();
        look();
        assertThat(proxy.count(TOKENS)).isEqualTo(3);
        cloud.takeNoToken();
        assertThat(driver.servers()).isInstanceOf(Look.Denied.class);
        assertThat(proxy.count(TOKENS)).isEqualTo(4);
    }

    @Test
    void wrong_credentials_are_tried_once_a_minute_or_when_somebody_wants_it() {
        try (var wrong = driver("wrong")) {
            for (int n = 0; n < 3; n++) {
                assertThat(wrong.servers())
                        .isInstanceOfSatisfying(
                                Look.Denied.class,
                                denied -> assertThat(denied.why())
                                        .isEqualTo("the identity service refuses user demo for project demo: no"));
            }
            assertThat(proxy.count(TOKENS)).isEqualTo(1);
            cloud.advance(Duration.ofMinutes(1));
            wrong.servers();
            wrong.servers();
            assertThat(proxy.count(TOKENS)).isEqualTo(2);
            wrong.forgive();
            wrong.servers();
            assertThat(proxy.count(TOKENS)).isEqualTo(3);
        }
    }

    @Test
    void an_answer_that_makes_no_sense_is_not_a_refusal() {
        proxy.instead("GET /3/v2.1/servers", 404, Map.of());
        assertThat(driver.servers()).isInstanceOf(Look.Away.class);
        look();
    }

    @Test
    void a_cloud_that_is_away_is_not_one_that_refuses() {
        proxy.instead(TOKENS, 503, Map.of()).cutBefore(TOKENS);
        assertThat(driver.servers()).isInstanceOf(Look.Away.class);
        assertThat(driver.servers()).isInstanceOf(Look.Away.class);
        look();
        try (var nobody = new OpenStack(
                TestCloud.OWNER,
                TestCloud.account(URI.create("http://127.0.0.1:1"), "demo", "x"),
                Limits.STANDARD,
                cloud)) {
            assertThat(nobody.servers())
                    .isEqualTo(new Look.Away<>("no token: nothing listens there", Optional.empty()));
        }
    }

    @Test
    void many_callers_ask_for_one_token() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var looks = IntStream.range(0, 16)
                    .<Callable<Look<?>>>mapToObj(_ -> driver::servers)
                    .toList();
            for (var look : threads.invokeAll(looks)) assertThat(look.get()).isInstanceOf(Look.Seen.class);
        }
        assertThat(proxy.count(TOKENS)).isEqualTo(1);
    }

    @Test
    void a_cloud_that_is_too_old_is_refused_with_the_numbers() {
        cloud.speak("2.38");
        assertThat(driver.servers())
                .isEqualTo(new Look.Away<>(
                        "compute: we speak versions 2.53 to 2.93, it speaks 2.1 to 2.38", Optional.empty()));
    }

    @Test
    void the_newest_version_that_both_speak_is_asked_for() {
        cloud.speak("2.60");
        look();
        assertThat(proxy.versions()).containsOnly("compute 2.60");
    }

    @Test
    void nobody_sees_the_password() {
        var account = TestCloud.account(wire.url(), "demo", "hidden");
        assertThat(account.toString()).contains("demo").doesNotContain("hidden");
    }

    private void look() {
        assertThat(driver.servers()).isInstanceOf(Look.Seen.class);
    }
}
