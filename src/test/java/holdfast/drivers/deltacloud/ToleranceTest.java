package holdfast.drivers.deltacloud;

import static holdfast.drivers.deltacloud.DeltacloudRig.VM;
import static holdfast.drivers.deltacloud.DeltacloudRig.running;
import static holdfast.drivers.deltacloud.DeltacloudRig.seen;
import static holdfast.drivers.deltacloud.DeltacloudRig.stopped;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.Cloud.Look;
import holdfast.authority.Driver.Result;
import holdfast.drivers.deltacloud.MockDeltacloud.Fault;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is odd about servers, and does no harm.
final class ToleranceTest {
    @ParameterizedTest
    @ValueSource(strings = {"<public_addresses/>", "", "<public_addresses></public_addresses>"})
    void an_instance_without_addresses_is_one_all_the_same(String none) {
        try (var rig = new DeltacloudRig("mock")) {
            rig.mock.addresses = none;
            assertThat(rig.done(running())).containsEntry("status", "RUNNING").doesNotContainKey("addresses");
        }
    }

    @Test
    void an_address_in_plain_text_is_a_host_name() {
        try (var rig = new DeltacloudRig("mock")) {
            rig.mock.addresses = "<public_addresses> a.example </public_addresses>";
            assertThat(rig.done(running())).containsEntry("addresses", "a.example");
            rig.mock.addresses = "<public_addresses><address>b.example</address></public_addresses>";
            assertThat(rig.done(running())).containsEntry("addresses", "b.example");
        }
    }

    @Test
    void links_that_lead_to_a_wrong_host_lead_to_the_right_one_if_that_is_set() {
        try (var rig = new DeltacloudRig("mock");
                var rewriting = rig.open(DeltacloudRig.OWNER, MockDeltacloud.PASSWORD, true)) {
            rig.mock.linked = "http://127.0.0.1:1/api";
            assertThat(rig.driver.discover()).isInstanceOf(Look.Away.class);
            assertThat(rig.done(() -> rewriting.ensure(VM, running()))).containsEntry("status", "RUNNING");
            rig.done(() -> rewriting.ensure(VM, stopped()));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ERROR", "CUT", "HTML", "DENIED"})
    void an_outage_is_not_a_loss(Fault fault) {
        try (var rig = new DeltacloudRig("mock")) {
            rig.done(running());
            rig.restart();
            rig.mock.fail("GET instances", fault);
            assertThat(rig.driver.servers()).isNotInstanceOf(Look.Seen.class);
            assertThat(seen(rig.driver.servers())).hasSize(1);
        }
    }

    @Test
    void one_entry_that_cannot_be_read_makes_nothing_disappear() {
        try (var rig = new DeltacloudRig("mock")) {
            rig.mock.addresses = "</instance><instance><name>without an id</name>";
            rig.mock.put(Map.of("name", "by-hand", "image_id", "img1"));
            assertThat(rig.driver.servers()).isInstanceOf(Look.Away.class);
            assertThat(rig.driver.ensure(VM, running())).isInstanceOf(Result.Later.class);
            assertThat(rig.mock.count("POST")).isZero();
        }
    }

    @Test
    void neither_password_nor_key_is_in_what_can_be_logged() {
        try (var rig = new DeltacloudRig("mock")) {
            assertThat(rig.driver.describe()).contains("mock at http").doesNotContain(MockDeltacloud.PASSWORD);
            assertThat(new Account(
                                    rig.mock.url(),
                                    "mock",
                                    Optional.of("us"),
                                    "me",
                                    "Tr0ub4dor",
                                    Optional.empty(),
                                    false)
                            .toString())
                    .doesNotContain("Tr0ub4dor");
        }
    }
}
