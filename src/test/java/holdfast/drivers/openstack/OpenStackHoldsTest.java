package holdfast.drivers.openstack;

import static holdfast.drivers.openstack.Service.COMPUTE;
import static holdfast.drivers.openstack.Service.NETWORK;
import static holdfast.drivers.openstack.Service.PLACEMENT;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.Cloud;
import holdfast.authority.Cloud.Order;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Result;
import holdfast.core.CloudSupply;
import holdfast.core.Ipv4;
import holdfast.core.Wanted;
import holdfast.drivers.CloudContractTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// What the driver holds at an OpenStack, as an administrator of it.
abstract class OpenStackHoldsTest extends CloudContractTest {
    private static final UUID ITEM = UUID.fromString("5f0c1d4e-0003-4c1e-9d5a-00000000000a");
    private static final Key HELD = new Key("5f0c1d4e-0003-4c1e-9d5a-000000000001", "held");
    private static final Key OTHER = new Key("5f0c1d4e-0003-4c1e-9d5a-000000000002", "held");
    private static final Key LENT = new Key("5f0c1d4e-0003-4c1e-9d5a-000000000003", "server");

    abstract TestCloud open(String story, String user);

    @Override
    protected Rig open(String story) {
        return new OpenStackRig(open(story, "admin"));
    }

    private record OpenStackRig(TestCloud test, Site site) implements Rig {
        OpenStackRig(TestCloud test) {
            this(test, siteOf(test));
        }

        @Override
        public Cloud cloud() {
            return test.driver;
        }

        @Override
        public Cloud stranger() {
            return test.stranger;
        }

        @Override
        public void letTimePass() {
            test.letTimePass();
        }

        @Override
        public void close() {
            test.close();
        }
    }

    private static CloudContractTest.Site siteOf(TestCloud test) {
        var supply = test.supply();
        return new CloudContractTest.Site(
                test.project(),
                "zone-b",
                "node-002",
                "node-004",
                "0",
                supply.images().stream()
                        .filter(image -> image.name().equals("lab-image"))
                        .findFirst()
                        .orElseThrow()
                        .id(),
                List.of(network(supply, "common")),
                network(supply, "outside"),
                "203.0.113.99");
    }

    private static String network(CloudSupply supply, String name) {
        return supply.networks().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow()
                .id();
    }

    @Test
    void what_is_held_is_made_and_taken_away_by_one_who_forgets_everything_after_every_call() {
        try (var cloud = open("hold-lost-answers", "admin")) {
            var before = cloud.ask(OpenStackHoldsTest::traces);
            var supply = cloud.supply();
            var hosts = new Wanted.Hosts(ITEM, cloud.project(), List.of("node-002", "node-004"));
            withEveryAnswerLost(cloud, driver -> driver.ensure(HELD, new Order.Held(hosts, true)));
            assertThat(cloud.supply()).isEqualTo(supply); // though nothing is left of zone-b
            withEveryAnswerLost(cloud, driver -> driver.remove(HELD));
            assertThat(cloud.ask(OpenStackHoldsTest::traces)).isEqualTo(before);

            var size = new CloudSupply.Flavor("0", "m1.nano", 1, 128, 1, Map.of());
            // a project that the cloud does not know stands for that of our account
            var slots =
                    new Wanted.Slots(ITEM, "physics", size, Map.of("node-004", 1, "node-005", 2), Optional.of(false));
            withEveryAnswerLost(cloud, driver -> driver.ensure(HELD, new Order.Held(slots, true)));
            assertThat(cloud.ask(OpenStackHoldsTest::traces)).isNotEqualTo(before);
            withEveryAnswerLost(cloud, driver -> driver.remove(HELD));
            assertThat(cloud.driver.list()).isEmpty();
            assertThat(cloud.ask(OpenStackHoldsTest::traces)).isEqualTo(before);
        }
    }

    /// Whatever a hold can leave behind, and which host is where.
    private static List<String> traces(Api api) {
        var found = new ArrayList<String>();
        for (var aggregate : api.get(COMPUTE, "/os-aggregates").path("aggregates")) {
            var hosts = Fields.words(aggregate.path("hosts")).stream().sorted().toList();
            found.add(Fields.text(aggregate, "name") + " " + hosts);
        }
        for (var group : api.get(COMPUTE, "/os-server-groups").path("server_groups"))
            found.add(Fields.text(group, "name"));
        api.find(COMPUTE, "/flavors/" + ITEM).ifPresent(_ -> found.add("flavor"));
        api.find(PLACEMENT, "/resource_classes/" + Blazar.resource(ITEM)).ifPresent(_ -> found.add("class"));
        return found;
    }

    @Test
    void what_may_be_taken_away_gets_in_among_what_is_free_and_leaves_when_that_is_held() {
        try (var cloud = open("hold-preemptible", "admin")) {
            var site = siteOf(cloud);
            var spare = new CloudSupply.Flavor("spare", "spare", 1, 128, 1, Map.of(Blazar.PREEMPTIBLE_SPEC, "true"));
            cloud.ask(api -> {
                new Flavors(api).ensure(spare);
                return true;
            });
            var other = new Wanted.Hosts(new UUID(1, 1), cloud.project(), List.of(site.host()));
            cloud.done(cloud.stranger, OTHER, new Order.Held(other, true));
            var lent = new Wanted.Server(
                    "lent",
                    "spare",
                    site.image(),
                    site.networks(),
                    Optional.of(site.zone()),
                    Optional.empty(),
                    Map.of());
            assertThat(cloud.done(cloud.stranger, LENT, new Order.Server(lent, true)))
                    .containsEntry("host", site.pool());
            var hosts = new Wanted.Hosts(ITEM, cloud.project(), List.of(site.pool()));
            cloud.done(HELD, new Order.Held(hosts, true));
            assertThat(TestCloud.seen(cloud.driver.servers())).isEmpty();
            cloud.removed(HELD);
            cloud.removed(cloud.stranger, OTHER);
            cloud.ask(api -> {
                new Flavors(api).delete("spare");
                return true;
            });
        }
    }

    @Test
    void on_the_free_pool_gets_in_what_is_made_for_that_very_host() {
        try (var cloud = open("hold-named-host", "admin")) {
            var site = siteOf(cloud);
            var other = new Wanted.Hosts(new UUID(1, 1), cloud.project(), List.of(site.host()));
            cloud.done(OTHER, new Order.Held(other, true)); // so that of the zone only the pool is left
            var anywhere = server(site, "anywhere", Optional.empty());
            assertThat(cloud.failed(LENT, new Order.Server(anywhere, true))).contains("No valid host was found");
            cloud.removed(LENT);
            var named = server(site, "named", Optional.of(site.pool()));
            assertThat(cloud.done(LENT, new Order.Server(named, true))).containsEntry("host", site.pool());
            cloud.removed(LENT);
            var held = server(site, "held", Optional.of(site.host()));
            assertThat(cloud.failed(LENT, new Order.Server(held, true))).contains("No valid host was found");
            cloud.removed(LENT);
            cloud.removed(OTHER);
        }
    }

    private static Wanted.Server server(CloudContractTest.Site site, String name, Optional<String> host) {
        return new Wanted.Server(
                name,
                "0",
                site.image(),
                site.networks(),
                Optional.of(site.zone()).filter(_ -> host.isEmpty()),
                Optional.empty(),
                Map.of(),
                host);
    }

    @Test
    void servers_in_what_is_held_are_kept_once_and_their_images_are_not_ours() {
        try (var cloud = open("hold-images", "admin")) {
            var site = siteOf(cloud);
            var hosts = new Wanted.Hosts(ITEM, cloud.project(), List.of(site.pool()));
            cloud.done(HELD, new Order.Held(hosts, true));
            assertThat(cloud.done(HELD, new Order.Images(1, "reserved_"))).isEmpty();
            var inside = new Wanted.Server(
                    "inside", "0", site.image(), site.networks(), Optional.empty(), Optional.of(ITEM), Map.of());
            cloud.done(cloud.stranger, LENT, new Order.Server(inside, true));
            var kept = cloud.done(HELD, new Order.Images(1, "reserved_"));
            assertThat(kept.values()).containsExactly("reserved_inside");
            assertThat(cloud.done(HELD, new Order.Images(1, "reserved_"))).isEqualTo(kept);
            assertThat(cloud.driver.list()).containsExactly(HELD);
            cloud.removed(HELD);
            assertThat(cloud.driver.list()).isEmpty();

            var image = kept.keySet().iterator().next();
            var other = "0123456789abcdef0123456789abcdef";
            var owner = cloud.<String>ask(api -> {
                var images = new Images(api, new Marks(TestCloud.OWNER));
                images.give(image, other);
                var given = Fields.text(api.get(Service.IMAGE, "/images/" + image), "owner");
                images.delete(image);
                return given;
            });
            assertThat(owner).isEqualTo(other);
        }
    }

    @Test
    void an_address_outside_of_the_pools_is_held_and_those_of_the_pools_are_known() {
        try (var cloud = open("hold-reserved-address", "admin")) {
            var made = cloud.ask(OpenStackHoldsTest::network);
            var network = cloud.supply().networks().stream()
                    .filter(each -> each.id().equals(made))
                    .findFirst()
                    .orElseThrow();
            assertThat(network.external()).isTrue();
            var subnet = network.subnets().getFirst();
            assertThat(subnet.block()).isEqualTo("198.51.100.0/24");
            assertThat(subnet.lends(Ipv4.read("198.51.100.105").orElseThrow())).isTrue();
            assertThat(subnet.lends(Ipv4.read("198.51.100.20").orElseThrow())).isFalse();
            var wanted = new Wanted.Addresses(ITEM, cloud.project(), made, List.of("198.51.100.20"));
            cloud.done(HELD, new Order.Held(wanted, true));
            var tags = cloud.ask(api -> Fields.words(
                    api.get(NETWORK, "/floatingips?floating_network_id=" + made).at("/floatingips/0/tags")));
            assertThat(tags).contains("blazar", "reservation:" + ITEM);
            cloud.removed(HELD);
            assertThat(cloud.driver.list()).isEmpty();
            cloud.ask(api -> api.delete(NETWORK, "/networks/" + made));
        }
    }

    /// An external network of which the cloud itself lends eleven addresses.
    private static String network(Api api) {
        var network = Map.of("network", Map.of("name", "reservable", "router:external", true));
        var id = Fields.text(api.send(NETWORK, "POST", "/networks", network).path("network"), "id");
        var pools = List.of(Map.of("start", "198.51.100.100", "end", "198.51.100.110"));
        var subnet = Map.of(
                "network_id",
                id,
                "ip_version",
                4,
                "cidr",
                "198.51.100.0/24",
                "enable_dhcp",
                false,
                "allocation_pools",
                pools);
        api.send(NETWORK, "POST", "/subnets", Map.of("subnet", subnet));
        return id;
    }

    @Test
    void a_member_is_told_that_it_may_hold_nothing() {
        try (var cloud = open("hold-member", "demo")) {
            var hosts = new Wanted.Hosts(ITEM, cloud.project(), List.of("node-002"));
            assertThat(cloud.driver.ensure(HELD, new Order.Held(hosts, true)))
                    .isInstanceOfSatisfying(
                            Result.Failed.class,
                            failed -> assertThat(failed.why()).contains("Policy doesn't allow"));
            assertThat(cloud.driver.remove(HELD)).isInstanceOf(Result.Done.class);
        }
    }

    private static void withEveryAnswerLost(TestCloud cloud, Function<OpenStack, Result> verb) {
        cloud.proxy.cutAfterEveryChange();
        for (int n = 0; n < 100; n++) {
            try (var driver = cloud.restarted()) {
                if (verb.apply(driver) instanceof Result.Done) return;
            }
            cloud.letTimePass();
        }
        throw new AssertionError("never done");
    }
}
