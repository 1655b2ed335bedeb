package holdfast.drivers.deltacloud;

import static holdfast.drivers.deltacloud.DeltacloudRig.OPENER;
import static holdfast.drivers.deltacloud.DeltacloudRig.VM;
import static holdfast.drivers.deltacloud.DeltacloudRig.running;
import static holdfast.drivers.deltacloud.DeltacloudRig.seen;
import static holdfast.drivers.deltacloud.DeltacloudRig.stopped;
import static holdfast.drivers.deltacloud.DeltacloudRig.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.Cloud.Look;
import holdfast.authority.Cloud.Order;
import holdfast.authority.Cloud.Order.Instance.Way;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.core.CloudServer;
import holdfast.core.CloudSupply;
import holdfast.core.Property;
import holdfast.core.Wanted;
import holdfast.drivers.deltacloud.MockDeltacloud.Fault;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class DeltacloudTest {
    private static final Path GOLDEN =
            Path.of(System.getProperty("holdfast.root", "."), "src/test/resources/golden/deltacloud/requests.txt");

    @Test
    void an_instance_is_made_stopped_started_restarted_and_removed_with_these_requests() throws IOException {
        try (var rig = new DeltacloudRig("mock")) {
            var key = rig.done(() -> rig.driver.ensure(OPENER, new Order.Opener("web/1", false)));
            assertThat(key.get("pem")).startsWith("-----BEGIN RSA PRIVATE KEY-----");
            var wanted = new Wanted.Instance(
                    "web/1",
                    "m1-xlarge",
                    Map.of("memory", "7680", "storage", "850"),
                    "img1",
                    Optional.of("us"),
                    Optional.of(key.get("name")),
                    Optional.empty(),
                    Map.of(),
                    true,
                    0);
            var facts = rig.done(new Order.Instance(wanted, Way.MAKE));
            assertThat(facts)
                    .containsEntry("id", "inst1")
                    .containsEntry("status", "RUNNING")
                    .containsEntry("addresses", "198.51.100.7")
                    .containsEntry("keyname", key.get("name"));
            assertThat(rig.done(new Order.Instance(wanted, Way.REBOOT))).containsEntry("status", "RUNNING");
            assertThat(rig.done(new Order.Instance(wanted.switched(false), Way.SWITCH)))
                    .containsEntry("status", "STOPPED");
            assertThat(rig.done(new Order.Instance(wanted, Way.MAKE))).containsEntry("status", "RUNNING");
            rig.removed();
            rig.done(() -> rig.driver.remove(OPENER));
            assertThat(rig.mock.instances).isEmpty();
            assertThat(rig.mock.keys).isEmpty();
            var text = String.join("\n", rig.mock.log).replace(rig.mock.url().getAuthority(), "HOST");
            if (Boolean.getBoolean("holdfast.bless")) Files.writeString(GOLDEN, text);
            assertThat(text).isEqualTo(Files.readString(GOLDEN));
        }
    }

    @Test
    void what_is_asked_for_twice_is_made_once() {
        try (var rig = new DeltacloudRig("mock")) {
            var facts = rig.done(running());
            assertThat(rig.done(running())).isEqualTo(facts);
            rig.restart();
            assertThat(rig.done(running())).isEqualTo(facts);
            assertThat(rig.driver.observe(VM)).isEqualTo(new Observed.Present(true, facts));
            assertThat(rig.driver.list()).containsExactly(VM);
            assertThat(rig.mock.made).isEqualTo(1);
            assertThat(rig.mock.instances.get("inst1").name())
                    .startsWith("web-1-0badca")
                    .hasSize(37);
        }
    }

    @Test
    void what_is_surely_new_is_ordered_without_a_look_and_looked_for_if_that_is_not_answered() {
        try (var rig = new DeltacloudRig("mock")) {
            rig.done(() -> rig.driver.ensure(OPENER, new Order.Opener("web", true)));
            assertThat(rig.done(new Order.Instance(wanted(), Way.NEW))).containsEntry("status", "RUNNING");
            assertThat(rig.mock.lines())
                    .startsWith("GET /api", "POST /api/keys", "POST /api/instances")
                    .doesNotContain("GET /api/instances", "GET /api/keys");
        }
        try (var rig = new DeltacloudRig("mock")) {
            rig.mock.fail("POST instances", Fault.LOST);
            assertThat(rig.driver.ensure(VM, new Order.Instance(wanted(), Way.NEW)))
                    .isInstanceOf(Result.Later.class);
            rig.restart();
            assertThat(rig.done(running())).containsEntry("status", "RUNNING");
            assertThat(rig.mock.made).isEqualTo(1);
        }
    }

    @Test
    void an_account_is_looked_at_before_it_is_there() {
        try (var rig = new DeltacloudRig("mock")) {
            assertThat(seen(rig.driver.greet())).contains("Deltacloud 1.1.3");
            assertThat(rig.mock.log.getFirst()).doesNotContain("Authorization");
            var supply = seen(rig.driver.discover());
            assertThat(supply.realms())
                    .containsExactly(
                            new CloudSupply.Realm("us", "United States", true),
                            new CloudSupply.Realm("eu", "Europe", false));
            assertThat(supply.images()).containsExactly(new CloudSupply.Image("img1", "Fedora"));
            var small = supply.profiles().getFirst();
            assertThat(small.memory()).isEqualTo(new Property.Fixed(new BigDecimal("1740.8")));
            assertThat(small.architectures()).containsExactly("i386");
            var large = supply.profiles().get(1);
            assertThat(large.memory())
                    .isEqualTo(
                            new Property.Range(number(10_240), BigDecimal.valueOf(7_680), BigDecimal.valueOf(15_360)));
            assertThat(large.storage())
                    .isEqualTo(new Property.OneOf(
                            number(850), List.of(BigDecimal.valueOf(850), BigDecimal.valueOf(1024))));
            assertThat(large.architectures()).containsExactly("x86_64", "i386");
            var odd = supply.profiles().get(2);
            assertThat(odd.memory()).isEqualTo(new Property.Any());
            assertThat(odd.others()).containsEntry("memory", "4 GB");
            assertThat(odd.rootType()).contains("persistent");
            assertThat(odd.cpu()).as("a range without ends").isEqualTo(new Property.Fixed(BigDecimal.TWO));
            try (var wrong = rig.open(DeltacloudRig.OWNER, "wrong", false)) {
                assertThat(wrong.discover()).isEqualTo(new Look.Denied<>("Authentication failed"));
            }
            rig.mock.offered = "ec2";
            assertThat(rig.driver.greet())
                    .isEqualTo(new Look.Away<>("the server has no driver mock; it has: ec2", Optional.empty()));
            rig.mock.fail("GET ", Fault.HTML);
            assertThat(rig.driver.greet()).isInstanceOf(Look.Away.class);
        }
        try (var nobody = new DeltacloudRig("mock")) {
            nobody.mock.close();
            assertThat(nobody.driver.greet()).isInstanceOf(Look.Away.class);
        }
    }

    private static Optional<BigDecimal> number(long value) {
        return Optional.of(BigDecimal.valueOf(value));
    }

    @ParameterizedTest
    @EnumSource(names = {"LOST", "CUT", "LATE_ERROR", "HTML"})
    void an_order_that_came_true_without_an_answer_is_found_again(Fault fault) {
        try (var rig = new DeltacloudRig("mock")) {
            rig.mock.fail("POST instances", fault);
            assertThat(rig.done(running())).containsEntry("status", "RUNNING");
            assertThat(rig.mock.made).isEqualTo(1);
            assertThat(rig.mock.count("POST /api/instances")).isEqualTo(1);
        }
    }

    @Test
    void it_is_looked_for_as_long_as_the_list_cannot_be_had() {
        try (var rig = new DeltacloudRig("mock")) {
            rig.mock.fail("POST instances", Fault.LOST);
            assertThat(rig.driver.ensure(VM, running())).isInstanceOf(Result.Later.class);
            for (int n = 0; n < 40; n++) rig.mock.fail("GET instances", Fault.ERROR);
            assertThat(rig.done(running())).containsEntry("status", "RUNNING");
            assertThat(rig.mock.made).isEqualTo(1);
        }
    }

    @Test
    void one_that_shows_late_is_not_made_twice_and_one_that_never_shows_is_a_failure() {
        try (var rig = new DeltacloudRig("mock")) {
            rig.mock.fail("POST instances", Fault.LOST);
            rig.mock.blind = true;
            for (int n = 0; n < 10; n++) {
                assertThat(rig.driver.ensure(VM, running())).isInstanceOf(Result.Later.class);
                assertThat(rig.driver.remove(VM)).as("not sure yet").isInstanceOf(Result.Later.class);
                rig.pass(Duration.ofSeconds(5));
            }
            rig.mock.blind = false;
            assertThat(rig.done(running())).containsEntry("status", "RUNNING");
            assertThat(rig.mock.made).isEqualTo(1);
        }
        var quick = new Limits(
                Duration.ofSeconds(10),
                Duration.ofMillis(300),
                Duration.ofSeconds(90),
                Duration.ofSeconds(60),
                Duration.ofSeconds(5));
        try (var rig = new DeltacloudRig("mock", quick)) {
            rig.mock.fail("POST instances", Fault.SILENT);
            assertThat(rig.failed(running())).isEqualTo("it did not answer in time");
            rig.removed();
            assertThat(rig.mock.made).isZero();
        }
    }

    @Test
    void a_failure_of_the_cloud_is_one_as_soon_as_it_is_sure_that_nothing_was_made() {
        try (var rig = new DeltacloudRig("mock")) {
            rig.mock.fail("POST instances", Fault.ERROR);
            assertThat(rig.failed(running())).isEqualTo("the mock cloud has failed");
            assertThat(rig.mock.count("POST /api/instances")).isEqualTo(1);
            assertThat(rig.failed(new Order.Instance(
                            new Wanted.Instance(
                                    "x",
                                    "m1-small",
                                    Map.of(),
                                    "none",
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Map.of(),
                                    true,
                                    0),
                            Way.MAKE)))
                    .isEqualTo("there is no image none");
        }
    }

    @Test
    void what_cannot_be_begun_is_given_up_and_what_was_begun_is_waited_for() {
        try (var rig = new DeltacloudRig("mock")) {
            rig.done(running());
            rig.mock.denying = true;
            for (int n = 0; n < 20; n++) {
                assertThat(rig.driver.ensure(VM, stopped())).isInstanceOf(Result.Later.class);
                rig.pass(Duration.ofSeconds(60));
            }
            assertThat(rig.driver.remove(VM)).isInstanceOf(Result.Later.class);
            rig.restart();
            assertThat(rig.driver.ensure(VM, running()))
                    .as("at once, since other accounts wait for it")
                    .isEqualTo(new Result.Failed("Authentication failed"));
        }
    }

    @Test
    void an_action_is_tried_three_times_more_and_never_after_a_no() {
        try (var rig = new DeltacloudRig("mock")) {
            rig.done(running());
            rig.mock.fail("POST instances", Fault.ERROR, Fault.ERROR, Fault.ERROR);
            assertThat(rig.done(stopped())).containsEntry("status", "STOPPED");
            rig.mock.fail("POST instances", Fault.ERROR, Fault.ERROR, Fault.ERROR, Fault.ERROR);
            assertThat(rig.failed(running())).isEqualTo("start: the mock cloud has failed");
            rig.mock.fail("POST instances", Fault.NOT_ALLOWED);
            assertThat(rig.failed(running())).isEqualTo("start: not now");
        }
    }

    @Test
    void of_two_with_one_mark_the_younger_is_taken_away() {
        try (var rig = new DeltacloudRig("mock")) {
            rig.done(running());
            rig.mock.put(rig.mock.instances.get("inst1").form);
            rig.restart();
            for (int n = 0; n < 4; n++) {
                assertThat(rig.driver.observe(VM)).isInstanceOf(Observed.Present.class);
                rig.restart();
            }
            assertThat(rig.mock.instances).containsOnlyKeys("inst1");
        }
    }

    @Test
    void the_things_of_another_owner_and_of_nobody_are_left_alone() {
        try (var rig = new DeltacloudRig("mock");
                var stranger = rig.open(new UUID(7, 7), MockDeltacloud.PASSWORD, false)) {
            rig.done(() -> stranger.ensure(VM, running()));
            rig.mock.put(Map.of("name", "by-hand", "image_id", "img1"));
            assertThat(rig.driver.observe(VM)).isInstanceOf(Observed.Absent.class);
            rig.removed();
            assertThat(rig.driver.list()).isEmpty();
            assertThat(seen(rig.driver.servers())).extracting(CloudServer::mark).containsOnly(Optional.empty());
            assertThat(rig.mock.instances).hasSize(2);
        }
    }

    @Test
    void one_that_stops_after_it_was_made_is_started() {
        try (var rig = new DeltacloudRig("rhevm")) {
            assertThat(rig.done(running())).containsEntry("status", "RUNNING");
            assertThat(rig.mock.lines())
                    .filteredOn(line -> line.endsWith("/start"))
                    .hasSize(1);
            assertThat(rig.failed(new Order.Instance(wanted(), Way.REBOOT)))
                    .startsWith("reboot is not possible while web-1-");
            assertThat(rig.done(stopped())).containsEntry("status", "STOPPED");
            rig.removed();
            assertThat(rig.mock.instances).isEmpty();
        }
    }

    @Test
    void one_that_disappears_when_it_stops_is_removed_by_that() {
        try (var rig = new DeltacloudRig("openstack")) {
            rig.done(running());
            assertThat(rig.done(stopped())).containsEntry("status", "STOPPED");
            assertThat(rig.driver.list()).isEmpty();
            assertThat(rig.mock.instances).isEmpty();
            rig.removed();
            assertThat(rig.mock.count("DELETE")).isZero();
            assertThat(rig.failed(new Order.Instance(wanted(), Way.SWITCH)))
                    .isEqualTo("the instance is gone at the provider");
            assertThat(rig.mock.made).isEqualTo(1);
        }
    }

    @Test
    void where_instances_have_no_names_the_name_of_the_key_is_the_mark() {
        try (var rig = new DeltacloudRig("ec2")) {
            assertThat(rig.failed(running())).contains("could not be found again");
            var key = rig.done(() -> rig.driver.ensure(OPENER, new Order.Opener("web/1", false)))
                    .get("name");
            assertThat(key).startsWith("web_1_1894003200_key_0badca");
            var order = new Order.Instance(wanted().opened(Optional.of(key)), Way.MAKE);
            rig.mock.fail("POST instances", Fault.LOST);
            rig.done(order);
            rig.restart();
            assertThat(rig.driver.list()).containsExactlyInAnyOrder(VM, OPENER);
            rig.done(order);
            assertThat(rig.mock.made).isEqualTo(1);
        }
    }

    @Test
    void a_key_whose_private_half_nobody_heard_is_made_anew() {
        try (var rig = new DeltacloudRig("mock")) {
            rig.mock.fail("POST keys", Fault.LOST);
            var facts = rig.done(() -> rig.driver.ensure(OPENER, new Order.Opener("web", false)));
            assertThat(facts).containsKeys("name", "pem");
            assertThat(rig.mock.keys).containsOnlyKeys(facts.get("name"));
        }
        try (var rig = new DeltacloudRig("rhevm")) {
            assertThat(rig.done(() -> rig.driver.ensure(OPENER, new Order.Opener("web", false))))
                    .isEmpty();
        }
    }

    @Test
    void what_was_asked_for_is_not_left_out_in_silence() {
        try (var rig = new DeltacloudRig("mock")) {
            var extras = new Wanted.Instance(
                    "x",
                    "m1-small",
                    Map.of(),
                    "img1",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of("firewalls1", "web"),
                    true,
                    0);
            assertThat(rig.failed(new Order.Instance(extras, Way.MAKE)))
                    .isEqualTo("the cloud takes no firewalls1 when an instance is made");
            assertThat(rig.mock.made).isZero();
        }
    }
}
