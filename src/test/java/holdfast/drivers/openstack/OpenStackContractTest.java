package holdfast.drivers.openstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import holdfast.authority.Cloud.Order;
import holdfast.authority.Cloud.Order.Instance.Way;
import holdfast.authority.CloudThings.Change;
import holdfast.authority.CloudThings.Kind;
import holdfast.authority.CloudThings.Rule;
import holdfast.authority.CloudThings.Source;
import holdfast.authority.CloudThings.Thing;
import holdfast.authority.CloudThings.Told;
import holdfast.authority.CloudThings.Wish;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.core.CloudServer;
import holdfast.core.CloudSupply;
import holdfast.core.Wanted;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What the driver does to an OpenStack, told as stories: on what was recorded, and on a real one.
abstract class OpenStackContractTest {
    private static final Key VM = new Key("5f0c1d4e-0001-4c1e-9d5a-000000000001", "vm");
    private static final Key DISK = new Key(VM.lease(), "disk 1/fast");
    private static final Key IN_VM = new Key(VM.lease(), "disk 1/fast in vm");
    private static final Key NIC = new Key(VM.lease(), "nic2");
    private static final Key KEY = new Key(VM.lease(), "key");
    private static final Key IMAGE = new Key(VM.lease(), "image");

    abstract TestCloud open(String story, String user);

    @Test
    void a_server_is_made_once_stopped_started_and_removed() {
        try (var cloud = open("server-life", "admin")) {
            var order = server(cloud.supply(), Map.of());
            assertThat(cloud.driver.observe(VM)).isInstanceOf(Observed.Absent.class);
            var facts = cloud.done(VM, new Order.Server(order, true));
            assertThat(facts).containsKeys("id", "host", "zone", "addresses").containsEntry("status", "ACTIVE");
            assertThat(cloud.done(VM, new Order.Server(order, true))).isEqualTo(facts);
            assertThat(cloud.proxy.count("POST /3/v2.1/servers")).isEqualTo(1);
            assertThat(cloud.driver.observe(VM)).isEqualTo(new Observed.Present(true, facts));

            var all = TestCloud.seen(cloud.driver.servers());
            var mine = all.stream().filter(one -> one.mark().isPresent()).toList();
            assertThat(mine).extracting(CloudServer::mark).containsExactly(Optional.of(VM.lease() + "/vm"));
            assertThat(mine.getFirst().takes())
                    .containsEntry("vcpu", 1L)
                    .containsEntry("memory_mb", 128L)
                    .containsEntry("disk_gb", 1L);
            assertThat(mine.getFirst().host()).contains(facts.get("host"));

            assertThat(cloud.done(VM, new Order.Server(order, false))).containsEntry("status", "SHUTOFF");
            assertThat(cloud.done(VM, new Order.Server(order, true))).containsEntry("status", "ACTIVE");
            cloud.removed(VM);
            cloud.removed(VM);
            assertThat(cloud.driver.observe(VM)).isInstanceOf(Observed.Absent.class);
            assertThat(cloud.driver.list()).isEmpty();
        }
    }

    @Test
    void what_another_owner_made_with_the_same_account_is_left_alone() {
        try (var cloud = open("strangers", "demo")) {
            var theirs = new Order.Server(server(cloud.supply(), Map.of()), true);
            var disk = new Order.Volume(new Wanted.Volume("data", 1, Optional.empty(), Optional.empty()));
            var nic = new Order.Port(VM, network(cloud.supply()), Optional.empty());
            cloud.done(cloud.stranger, VM, theirs);
            cloud.done(cloud.stranger, DISK, disk);
            cloud.done(cloud.stranger, NIC, nic);
            assertThat(cloud.driver.list()).isEmpty();
            for (var key : List.of(VM, DISK, NIC)) {
                assertThat(cloud.driver.observe(key)).isInstanceOf(Observed.Absent.class);
                cloud.removed(key);
            }
            assertThat(TestCloud.seen(cloud.driver.servers()))
                    .extracting(CloudServer::mark)
                    .containsExactly(Optional.empty());
            assertThat(cloud.stranger.list()).containsExactlyInAnyOrder(VM, DISK, NIC);
            for (var key : List.of(NIC, DISK, VM)) cloud.removed(cloud.stranger, key);
        }
    }

    @Test
    void a_server_that_cannot_be_built_says_why_and_is_removed() {
        try (var cloud = open("server-error", "demo")) {
            var order = server(cloud.supply(), Map.of("lab_fail", "spawn"));
            var why = cloud.failed(VM, new Order.Server(order, true));
            assertThat(why).contains("node1").contains("the metadata asked for a failed boot");
            assertThat(cloud.driver.observe(VM))
                    .isInstanceOfSatisfying(
                            Observed.Present.class,
                            present -> assertThat(present.healthy()).isFalse());
            cloud.removed(VM);
            assertThat(cloud.driver.list()).isEmpty();
        }
    }

    @Test
    void a_stop_that_fails_is_told_and_can_be_asked_for_again() {
        try (var cloud = open("power-failure", "demo")) {
            var order = server(cloud.supply(), Map.of("lab_fail", "power"));
            cloud.done(VM, new Order.Server(order, true));
            for (int n = 1; n <= 2; n++) {
                assertThat(cloud.failed(VM, new Order.Server(order, false)))
                        .isEqualTo("the cloud could not stop the server node1");
                assertThat(cloud.proxy.count("POST /3/v2.1/servers/")).isEqualTo(n);
            }
            assertThat(cloud.done(VM, new Order.Server(order, true))).containsEntry("status", "ACTIVE");
            cloud.removed(VM);
        }
    }

    @Test
    void volumes_ports_and_images_come_and_go_with_a_server_and_without() {
        try (var cloud = open("volume-life", "demo")) {
            var supply = cloud.supply();
            cloud.done(VM, new Order.Server(server(supply, Map.of()), true));
            var volume = new Order.Volume(new Wanted.Volume("data", 1, Optional.of("ssd"), Optional.empty()));
            assertThat(cloud.done(DISK, volume)).containsEntry("status", "available");
            var attached = cloud.done(IN_VM, new Order.Attachment(VM, DISK));
            assertThat(attached).containsKeys("volume", "servers", "device");
            assertThat(cloud.done(IN_VM, new Order.Attachment(VM, DISK))).isEqualTo(attached);
            var nic = cloud.done(NIC, new Order.Port(VM, network(supply), Optional.empty()));
            assertThat(nic).containsKeys("server", "mac", "addresses");
            assertThat(cloud.done(NIC, new Order.Port(VM, network(supply), Optional.empty())))
                    .isEqualTo(nic);
            cloud.done(IMAGE, new Order.Snapshot(VM, "reserved_node1"));
            assertThat(cloud.driver.list()).containsExactlyInAnyOrder(VM, DISK, IN_VM, NIC, IMAGE);

            cloud.removed(IN_VM);
            assertThat(cloud.driver.observe(IN_VM)).isInstanceOf(Observed.Absent.class);
            assertThat(cloud.driver.observe(DISK)).isInstanceOf(Observed.Present.class);
            cloud.removed(NIC);
            cloud.removed(VM);
            assertThat(cloud.driver.list()).containsExactlyInAnyOrder(DISK, IMAGE);
            cloud.removed(DISK);
            cloud.removed(IMAGE);
            assertThat(cloud.driver.list()).isEmpty();
        }
    }

    @Test
    void what_the_cloud_refuses_is_told_in_its_words() {
        try (var cloud = open("refusals", "demo")) {
            var supply = cloud.supply();
            var tooLarge = new Order.Volume(new Wanted.Volume("large", 1001, Optional.empty(), Optional.empty()));
            assertThat(cloud.failed(DISK, tooLarge)).startsWith("volume: ").contains("quota");
            var broken = new Order.Volume(new Wanted.Volume("lab-fail-create", 1, Optional.empty(), Optional.empty()));
            assertThat(cloud.failed(DISK, broken)).contains("it is error").contains("Driver failed to create");
            cloud.removed(DISK);
            var noFlavor = new Wanted.Server(
                    "node1",
                    "there-is-none",
                    supply.images().getFirst().id(),
                    List.of(network(supply)),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of());
            assertThat(cloud.failed(VM, new Order.Server(noFlavor, true)))
                    .isEqualTo("compute: Flavor there-is-none could not be found.");
            var attachment = new Order.Attachment(VM, DISK);
            assertThat(cloud.failed(IN_VM, attachment)).contains("the server of disk 1/fast in vm is not there");
            assertThat(cloud.driver.list()).isEmpty();
        }
    }

    @Test
    void an_administrator_sees_hosts_and_what_they_have() {
        try (var cloud = open("discover-admin", "admin")) {
            var supply = cloud.supply();
            assertThat(supply.keeper()).isTrue();
            assertThat(supply.hosts()).hasSizeGreaterThanOrEqualTo(5);
            var host = supply.hosts().stream()
                    .filter(one -> one.zone().equals("zone-a")) // one that others hold meanwhile is in none
                    .findFirst()
                    .orElseThrow();
            assertThat(host.name()).matches("node-00\\d");
            assertThat(host.up()).isTrue();
            // 32 times 16; 131,072 without 512, times 1.5
            assertThat(host.total()).isEqualTo(Map.of("vcpu", 512L, "memory_mb", 195_840L, "disk_gb", 2000L));
            assertThat(host.properties())
                    .containsEntry("hypervisor_type", "fake")
                    .containsEntry("trait:COMPUTE_NODE", "true");
            assertThat(supply.zones()).contains("zone-a", "zone-b").doesNotContain("internal");
            assertThat(supply.flavors()).contains(new CloudSupply.Flavor("0", "m1.nano", 1, 128, 1, Map.of()));
            assertThat(supply.networks()).extracting(CloudSupply.Network::name).contains("common", "outside");
        }
    }

    @Test
    void a_member_sees_limits_only() {
        try (var cloud = open("discover-member", "demo")) {
            var supply = cloud.supply();
            assertThat(supply.keeper()).isFalse();
            assertThat(supply.hosts()).isEmpty();
            assertThat(supply.limits())
                    .containsEntry("instance", 10L)
                    .containsEntry("vcpu", 20L)
                    .containsEntry("memory_mb", 51_200L)
                    .containsEntry("volume", 10L)
                    .containsEntry("volume_gb", 1000L)
                    .containsEntry("snapshot", 10L)
                    .containsEntry("address", 50L)
                    .containsEntry("network", 100L)
                    .containsEntry("subnet", 100L)
                    .containsEntry("port", 500L)
                    .containsEntry("router", 10L);
            assertThat(supply.zones()).contains("zone-a", "zone-b");
            assertThat(supply.images()).extracting(CloudSupply.Image::name).contains("lab-image");
        }
    }

    @Test
    void an_order_whose_answer_was_lost_is_found_again_and_made_once() {
        try (var cloud = open("lost-answer", "demo")) {
            var order = new Order.Server(server(cloud.supply(), Map.of()), true);
            cloud.proxy.cutAfter("POST /3/v2.1/servers");
            cloud.done(VM, order);
            assertThat(cloud.proxy.count("POST /3/v2.1/servers")).isEqualTo(1);
            assertThat(TestCloud.seen(cloud.driver.servers()).stream()
                            .filter(one -> one.mark().isPresent()))
                    .hasSize(1);
            cloud.removed(VM);
        }
    }

    @Test
    void an_instance_has_a_key_of_its_own_and_is_switched_and_restarted() {
        try (var cloud = open("instance-life", "demo")) {
            var opened = cloud.done(KEY, new Order.Opener("web", false));
            assertThat(opened).containsKey("pem");
            var wanted = instance(cloud.supply()).opened(Optional.of(opened.get("name")));
            var made = cloud.done(VM, new Order.Instance(wanted, Way.MAKE));
            assertThat(made).containsEntry("status", "ACTIVE").containsKey("addresses");
            assertThat(TestCloud.seen(cloud.driver.servers()))
                    .filteredOn(server -> server.mark().isPresent())
                    .extracting(CloudServer::addresses)
                    .containsExactly(List.of(made.get("addresses").split(" ")));
            assertThat(cloud.driver.list()).containsExactly(VM, KEY);
            assertThat(cloud.done(VM, new Order.Instance(wanted.switched(false), Way.SWITCH)))
                    .containsEntry("status", "SHUTOFF");
            cloud.done(VM, new Order.Instance(wanted, Way.SWITCH));
            cloud.done(VM, new Order.Instance(wanted.rebooted(), Way.REBOOT));
            cloud.removed(KEY);
            cloud.removed(VM);
            assertThat(cloud.driver.list()).isEmpty();
            assertThat(cloud.driver.ensure(VM, new Order.Instance(wanted, Way.SWITCH)))
                    .isEqualTo(new Result.Failed("the instance is gone at the provider"));
        }
    }

    @Test
    void what_an_account_has_beside_instances_comes_and_goes() {
        try (var cloud = open("things", "demo")) {
            var things = cloud.driver.things().orElseThrow();
            var key = (Thing.Key) told(things.create(new Wish.Key("mine", Optional.empty())));
            assertThat(key.pem()).isPresent();
            var size = new Wish.Volume(
                    Optional.of("1"), Optional.empty(), Optional.of("zone-a"), Optional.of("data"), Optional.empty());
            var volume = told(things.create(size)).id();
            cloud.until(() -> ((Thing.Volume) told(things.find(Kind.VOLUME, volume))).state(), "AVAILABLE");
            var snapshot = told(things.create(new Wish.Snapshot(volume, Optional.of("first"), Optional.empty())))
                    .id();
            cloud.until(() -> told(things.list(Kind.SNAPSHOT)).toString(), "first");
            assertThat(((Thing.Address) told(things.create(new Wish.Address()))).ip())
                    .startsWith("203.0.113.");
            var network = (Thing.Network)
                    told(things.create(new Wish.Network(Optional.of("inside"), Optional.of("10.9.0.0/24"))));
            assertThat(network.blocks()).containsExactly("10.9.0.0/24");
            var group =
                    told(things.create(new Wish.Firewall("web", "of the web"))).id();
            var from = List.<Source>of(new Source.Addresses("192.0.2.0/24"), new Source.Addresses("198.51.100.0/24"));
            told(things.change(new Change.Allow(group, new Rule("", "tcp", "80", "81", "ingress", from))));
            assertThat(((Thing.Firewall) told(things.find(Kind.FIREWALL, group))).rules())
                    .extracting(Rule::from, Rule::to, Rule::sources)
                    .containsExactlyInAnyOrder(
                            tuple("80", "81", List.of(from.getFirst())), tuple("80", "81", List.of(from.getLast())));
            assertThat(things.create(new Wish.Volume(
                            Optional.of("1001"),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty())))
                    .isInstanceOfSatisfying(
                            Told.Refused.class, no -> assertThat(no.conflict()).isTrue());
            assertThat(things.find(Kind.VOLUME, "00000000-0000-0000-0000-000000000000"))
                    .isInstanceOf(Told.Gone.class);
            assertThat(things.list(Kind.BUCKET)).isInstanceOf(Told.Unsupported.class);

            told(things.remove(Kind.SNAPSHOT, snapshot));
            cloud.until(() -> told(things.list(Kind.SNAPSHOT)).toString(), "[]");
            told(things.remove(Kind.VOLUME, volume));
            for (var address : told(things.list(Kind.ADDRESS))) told(things.remove(Kind.ADDRESS, address.id()));
            told(things.remove(Kind.KEY, "mine"));
            told(things.remove(Kind.NETWORK, network.id()));
            told(things.remove(Kind.FIREWALL, group));
            assertThat(told(things.list(Kind.KEY))).isEmpty();
        }
    }

    private static <T> T told(Told<T> told) {
        assertThat(told).isInstanceOf(Told.Done.class);
        return ((Told.Done<T>) told).what();
    }

    private static Wanted.Instance instance(CloudSupply supply) {
        var like = server(supply, Map.of());
        return new Wanted.Instance(
                "web",
                like.flavor(),
                Map.of(),
                like.image(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                true,
                0);
    }

    private static Wanted.Server server(CloudSupply supply, Map<String, String> metadata) {
        var image = supply.images().stream()
                .filter(each -> each.name().equals("lab-image"))
                .findFirst()
                .orElseThrow();
        return new Wanted.Server(
                "node1", "0", image.id(), List.of(network(supply)), Optional.empty(), Optional.empty(), metadata);
    }

    private static String network(CloudSupply supply) {
        return supply.networks().stream()
                .filter(each -> each.name().equals("common"))
                .findFirst()
                .orElseThrow()
                .id();
    }
}
