package holdfast.drivers.openstack;

import static holdfast.drivers.openstack.TinyCloud.SERVERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import holdfast.authority.Cloud.Order;
import holdfast.authority.Cloud.Order.Instance.Way;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Result;
import holdfast.core.CloudServer;
import holdfast.core.Wanted;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Nothing is made twice, whatever the network does.
@Timeout(300)
class OrdersTest {
    private static final Key VM = new Key("5f0c1d4e-0001-4c1e-9d5a-000000000001", "vm");
    private static final Order.Server ORDER = new Order.Server(
            new Wanted.Server("node1", "0", "image", List.of(), Optional.empty(), Optional.empty(), Map.of()), true);

    private final TinyCloud cloud = new TinyCloud();
    private final FaultyProxy proxy = new FaultyProxy(cloud);

    @AutoClose
    private final Wire wire = new Wire(proxy);

    @AutoClose
    private final OpenStack driver = new OpenStack(
            TestCloud.OWNER,
            TestCloud.account(wire.url().resolve("/0"), "demo", TinyCloud.PASSWORD),
            Limits.STANDARD,
            cloud);

    @Test
    void an_answer_that_was_lost_is_found_by_the_mark_however_late_it_is_seen() {
        cloud.showServersLate(true);
        proxy.cutAfter(SERVERS);
        later();
        cloud.advance(Duration.ofSeconds(89));
        later();
        cloud.showServersLate(false);
        assertThat(driver.ensure(VM, ORDER)).isInstanceOf(Result.Done.class);
        assertThat(proxy.count(SERVERS)).isEqualTo(1);
        assertThat(cloud.servers()).isEqualTo(1);
    }

    @Test
    void an_order_that_was_lost_is_repeated_when_it_can_no_longer_come_true() {
        proxy.cutBefore(SERVERS);
        later();
        cloud.advance(Duration.ofSeconds(89));
        later();
        assertThat(proxy.count(SERVERS)).isEqualTo(1);
        cloud.advance(Duration.ofSeconds(2));
        later();
        assertThat(driver.ensure(VM, ORDER)).isInstanceOf(Result.Done.class);
        assertThat(proxy.count(SERVERS)).isEqualTo(2);
        assertThat(cloud.servers()).isEqualTo(1);
    }

    @Test
    void an_instance_is_on_networks_of_the_clouds_choice_and_no_switch_makes_one() {
        var wanted = new Wanted.Instance(
                "web",
                "0",
                Map.of(),
                "image",
                Optional.empty(),
                Optional.of("mine"),
                Optional.of("Iw=="),
                Map.of(),
                true,
                0);
        assertThat(driver.ensure(VM, new Order.Instance(wanted, Way.SWITCH)))
                .isEqualTo(new Result.Failed("the instance is gone at the provider"));
        assertThat(driver.ensure(VM, new Order.Instance(wanted, Way.MAKE))).isInstanceOf(Result.Later.class);
        assertThat(driver.ensure(VM, new Order.Instance(wanted, Way.MAKE))).isInstanceOf(Result.Done.class);
        assertThat(cloud.servers()).isEqualTo(1);
    }

    @Test
    void one_that_is_restarted_is_there_again_when_nova_says_so_and_is_restarted_once_for_each_order() {
        var wanted = new Wanted.Instance(
                "web",
                "0",
                Map.of(),
                "image",
                Optional.empty(),
                Optional.of("mine"),
                Optional.empty(),
                Map.of(),
                true,
                1);
        var order = new Order.Instance(wanted, Way.REBOOT);
        driver.ensure(VM, new Order.Instance(wanted, Way.MAKE));
        for (int n = 1; n <= 2; n++) {
            assertThat(driver.ensure(VM, order)).isInstanceOf(Result.Later.class);
            assertThat(driver.ensure(VM, order)).isEqualTo(new Result.Later("waiting for the server web: REBOOT"));
            cloud.restarted();
            assertThat(driver.ensure(VM, order)).isInstanceOf(Result.Done.class);
            assertThat(proxy.count("POST /3/v2.1/servers/id-1/action")).isEqualTo(n);
        }
        driver.ensure(VM, order);
        cloud.restarted();
        assertThat(driver.ensure(VM, new Order.Instance(wanted, Way.SWITCH))).isInstanceOf(Result.Done.class);
        assertThat(driver.ensure(VM, order)).as("the one before was given up").isInstanceOf(Result.Later.class);
        assertThat(proxy.count("POST /3/v2.1/servers/id-1/action")).isEqualTo(4);
    }

    @Test
    void of_two_with_one_mark_the_younger_is_removed() {
        later();
        cloud.repeatLastOrder();
        assertThat(driver.ensure(VM, ORDER))
                .isInstanceOfSatisfying(
                        Result.Done.class, done -> assertThat(done.facts()).containsEntry("id", "id-1"));
        assertThat(cloud.servers()).isEqualTo(1);
    }

    @Test
    void what_may_still_appear_is_not_removed_before_it_has() {
        cloud.showServersLate(true);
        proxy.cutAfter(SERVERS);
        later();
        assertThat(driver.remove(VM)).isInstanceOf(Result.Later.class);
        cloud.showServersLate(false);
        assertThat(driver.remove(VM)).isInstanceOf(Result.Later.class);
        assertThat(driver.remove(VM)).isInstanceOf(Result.Done.class);
        assertThat(cloud.servers()).isZero();
    }

    @Test
    void after_a_restart_what_comes_true_too_late_is_listed_and_can_be_removed() {
        cloud.showServersLate(true);
        proxy.cutAfter(SERVERS);
        later();
        var account = TestCloud.account(wire.url().resolve("/0"), "demo", TinyCloud.PASSWORD);
        try (var restarted = new OpenStack(TestCloud.OWNER, account, Limits.STANDARD, cloud)) {
            assertThat(restarted.remove(VM)).isInstanceOf(Result.Done.class);
            cloud.showServersLate(false);
            assertThat(restarted.list()).containsExactly(VM);
            assertThat(restarted.remove(VM)).isInstanceOf(Result.Later.class);
            assertThat(restarted.remove(VM)).isInstanceOf(Result.Done.class);
            assertThat(cloud.servers()).isZero();
        }
    }

    @Test
    void a_limit_of_rate_is_obeyed_as_long_as_it_says() {
        proxy.instead(SERVERS, 429, Map.of("Retry-After", "7"));
        assertThat(driver.ensure(VM, ORDER))
                .isInstanceOfSatisfying(
                        Result.Later.class, later -> assertThat(later.again()).contains(Duration.ofSeconds(7)));
        later();
        assertThat(driver.ensure(VM, ORDER)).isInstanceOf(Result.Done.class);
        assertThat(proxy.count(SERVERS)).isEqualTo(2);
    }

    @Test
    void a_look_that_fails_for_a_moment_is_repeated_and_an_order_is_not() {
        proxy.instead("GET /3/v2.1/servers", 503, Map.of()).cutBefore("GET /3/v2.1/servers");
        later();
        assertThat(proxy.count("GET /3/v2.1/servers")).isGreaterThanOrEqualTo(3);
        assertThat(proxy.count(SERVERS)).isEqualTo(1);
    }

    @Test
    void an_order_that_a_gateway_lost_is_in_doubt_and_one_that_nobody_took_is_not() {
        proxy.instead(SERVERS, 503, Map.of()).instead(SERVERS, 504, Map.of());
        later();
        later();
        assertThat(proxy.count(SERVERS)).isEqualTo(2);
        later();
        assertThat(proxy.count(SERVERS)).isEqualTo(2);
    }

    @Test
    void many_callers_at_once_make_one() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = IntStream.range(0, 16)
                    .<Callable<Result>>mapToObj(_ -> () -> driver.ensure(VM, ORDER))
                    .toList();
            for (var call : threads.invokeAll(calls)) assertThat(call.get()).isNotInstanceOf(Result.Failed.class);
        }
        assertThat(driver.ensure(VM, ORDER)).isInstanceOf(Result.Done.class);
        assertThat(proxy.count(SERVERS)).isEqualTo(1);
    }

    @Test
    void a_gateway_that_knows_no_such_page_does_not_make_things_gone() {
        later();
        proxy.instead("DELETE /3/v2.1/servers", 404, Map.of());
        assertThat(driver.remove(VM)).isInstanceOf(Result.Failed.class);
        assertThat(cloud.servers()).isEqualTo(1);
    }

    @Test
    void a_list_of_any_length_is_read_to_its_end() {
        cloud.showAtOnce(2);
        later();
        for (int n = 0; n < 4; n++) cloud.repeatLastOrder();
        assertThat(TestCloud.seen(driver.servers()))
                .extracting(CloudServer::id)
                .containsExactly("id-1", "id-2", "id-3", "id-4", "id-5");
    }

    @Test
    void a_mark_in_a_project_of_others_is_none() {
        later();
        cloud.pretend("hidden");
        assertThat(driver.list()).containsExactly(VM);
        assertThat(TestCloud.seen(driver.servers()))
                .extracting(CloudServer::name, server -> server.mark().isPresent())
                .containsExactly(tuple("node1", true), tuple("hidden", false));
    }

    private void later() {
        assertThat(driver.ensure(VM, ORDER)).isInstanceOf(Result.Later.class);
    }
}
