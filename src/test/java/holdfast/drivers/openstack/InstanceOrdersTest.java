package holdfast.drivers.openstack;

import static holdfast.drivers.openstack.TinyCloud.KEYS;
import static holdfast.drivers.openstack.TinyCloud.SERVERS;
import static holdfast.drivers.openstack.TinyCloud.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.Cloud;
import holdfast.authority.Cloud.Order;
import holdfast.authority.Cloud.Order.Instance.Way;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.authority.Driver.Spec;
import holdfast.core.Wanted;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Instances of pools can be made elsewhere, so nobody waits for long where nothing was begun.
@Timeout(300)
class InstanceOrdersTest {
    private static final Key VM = new Key("5f0c1d4e-0001-4c1e-9d5a-000000000001", "server");
    private static final Key KEY = new Key(VM.lease(), "key");
    private static final Wanted.Instance WEB = new Wanted.Instance(
            "web",
            "0",
            Map.of(),
            "image",
            Optional.empty(),
            Optional.of("mine"),
            Optional.of("Iw=="),
            Map.of("firewalls1", "web", "firewalls2", "ssh"),
            true,
            0);
    private static final Order.Instance MAKE = new Order.Instance(WEB, Way.MAKE);
    private static final Order.Server RESERVED = new Order.Server(
            new Wanted.Server("node1", "0", "image", List.of(), Optional.empty(), Optional.empty(), Map.of()), true);

    private final TinyCloud cloud = new TinyCloud();
    private final FaultyProxy proxy = new FaultyProxy(cloud);

    @AutoClose
    private final Wire wire = new Wire(proxy);

    @AutoClose
    private final OpenStack driver = driver(wire.url().resolve("/0"), TinyCloud.PASSWORD);

    private OpenStack driver(URI at, String password) {
        return new OpenStack(TestCloud.OWNER, TestCloud.account(at, "demo", password), Limits.STANDARD, cloud);
    }

    private void away(String line) {
        for (int n = 0; n < Limits.TRIES; n++) proxy.instead(line, 503, Map.of());
    }

    private static void later(OpenStack driver, Spec spec) {
        assertThat(driver.ensure(VM, spec)).isInstanceOf(Result.Later.class);
    }

    @Test
    void what_was_not_begun_is_given_up_after_a_quarter_of_a_minute_and_reservations_wait() {
        try (var nobody = driver(URI.create("http://127.0.0.1:1"), TinyCloud.PASSWORD)) {
            later(nobody, MAKE);
            cloud.advance(Duration.ofSeconds(14));
            later(nobody, MAKE);
            cloud.advance(Duration.ofSeconds(1));
            assertThat(nobody.ensure(VM, MAKE)).isEqualTo(new Result.Failed("no token: nothing listens there"));
            assertThat(nobody.remove(VM)).isEqualTo(new Result.Done(Map.of()));
            later(nobody, RESERVED);
            cloud.advance(Duration.ofMinutes(10));
            later(nobody, RESERVED);
            assertThat(nobody.remove(VM)).isInstanceOf(Result.Later.class);
        }
    }

    @Test
    void who_is_not_let_in_gives_up_at_once_and_a_reservation_waits_until_that_is_mended() {
        try (var wrong = driver(wire.url().resolve("/0"), "wrong")) {
            assertThat(wrong.ensure(KEY, new Order.Opener("web", false)))
                    .isEqualTo(new Result.Failed("the identity service refuses user demo for project demo: no"));
            assertThat(wrong.remove(KEY)).isEqualTo(new Result.Done(Map.of()));
            assertThat(wrong.ensure(VM, MAKE)).isInstanceOf(Result.Failed.class);
            assertThat(wrong.ensure(VM, RESERVED))
                    .isInstanceOfSatisfying(
                            Result.Later.class,
                            later -> assertThat(later.again()).contains(Duration.ofMinutes(1)));
        }
        assertThat(proxy.count(TOKENS)).isEqualTo(1);
    }

    @Test
    void what_was_begun_is_waited_for_however_long_the_cloud_is_away() {
        later(driver, MAKE);
        for (int n = 0; n < 3; n++) {
            away("GET /3/v2.1/servers");
            later(driver, MAKE);
            cloud.advance(Duration.ofMinutes(1));
        }
        assertThat(driver.ensure(VM, MAKE)).isInstanceOf(Result.Done.class);
        assertThat(proxy.count(SERVERS)).isEqualTo(1);
    }

    @Test
    void an_order_without_an_answer_is_looked_for_and_never_given_up_before() {
        cloud.showServersLate(true);
        proxy.cutAfter(SERVERS);
        later(driver, MAKE);
        cloud.advance(Duration.ofSeconds(80));
        later(driver, MAKE);
        cloud.showServersLate(false);
        assertThat(driver.ensure(VM, MAKE)).isInstanceOf(Result.Done.class);
        assertThat(cloud.servers()).isEqualTo(1);
    }

    @Test
    void a_quota_or_a_conflict_fails_an_instance_so_that_it_is_made_elsewhere() {
        proxy.instead(SERVERS, 403, Map.of());
        assertThat(driver.ensure(VM, MAKE)).isInstanceOf(Result.Failed.class);
        assertThat(driver.remove(VM)).isEqualTo(new Result.Done(Map.of()));
        assertThat(cloud.servers()).isZero();
    }

    @Test
    void an_instance_gets_a_key_that_nova_makes_and_the_firewalls_that_it_asks_for() {
        assertThat(driver.ensure(KEY, new Order.Opener("web", false)))
                .isEqualTo(new Result.Done(
                        Map.of("name", "holdfast-" + TestCloud.OWNER + "-" + KEY.lease(), "pem", "pem")));
        assertThat(proxy.versions()).contains("compute 2.91"); // newer ones make none
        assertThat(driver.list()).containsExactly(KEY);
        assertThat(driver.observe(KEY)).isInstanceOf(Observed.Present.class);
        later(driver, MAKE);
        assertThat(cloud.ordered())
                .contains("\"key_name\":\"mine\"", "\"user_data\":\"Iw==\"")
                .contains("\"security_groups\":[{\"name\":\"web\"},{\"name\":\"ssh\"}]");
        assertThat(driver.remove(KEY)).isEqualTo(new Result.Done(Map.of()));
        assertThat(driver.observe(KEY)).isInstanceOf(Observed.Absent.class);
        assertThat(cloud.keys()).isEmpty();
        assertThat(proxy.count(KEYS)).isEqualTo(1);
    }

    @Test
    void a_key_that_was_brought_along_is_made_of_its_public_half() {
        assertThat(driver.ensure(KEY, new Order.Opener("web", true, Optional.of("ssh-ed25519 AAAA me"))))
                .isEqualTo(new Result.Done(Map.of("name", "holdfast-" + TestCloud.OWNER + "-" + KEY.lease())));
        assertThat(cloud.ordered()).contains("\"public_key\":\"ssh-ed25519 AAAA me\"");
        assertThat(driver.remove(KEY)).isEqualTo(new Result.Done(Map.of()));
        assertThat(cloud.keys()).isEmpty();
    }

    @Test
    void a_key_of_which_nobody_was_told_is_made_anew() {
        proxy.cutAfter(KEYS);
        assertThat(driver.ensure(KEY, new Order.Opener("web", false))).isInstanceOf(Result.Later.class);
        assertThat(driver.ensure(KEY, new Order.Opener("web", false))).isInstanceOf(Result.Done.class);
        assertThat(cloud.keys()).hasSize(1);
        assertThat(proxy.count("DELETE /3/v2.1/os-keypairs")).isEqualTo(2);
    }

    @Test
    void whoever_asks_is_told_whether_a_keystone_is_there() {
        assertThat(driver.greet()).isEqualTo(new Cloud.Look.Seen<>("OpenStack, Keystone v3.14"));
        proxy.instead("GET /0/v3", 200, Map.of());
        assertThat(driver.greet()).isInstanceOf(Cloud.Look.Away.class);
        assertThat(proxy.count(TOKENS)).isZero();
    }
}
