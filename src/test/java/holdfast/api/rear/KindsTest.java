package holdfast.api.rear;

import static holdfast.protocol.rear.Samples.quantity;
import static holdfast.protocol.rear.Samples.vector;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.Policy;
import holdfast.protocol.rear.Properties;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Sensor;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is sold beside parts of clusters without devices (fluidos.md 2.6): machines of one size, sensors, GPUs.
@Timeout(300)
final class KindsTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final RearDomain domain = new RearDomain(test);

    private RearDomain.Answer reserve(String flavor, String buyer, String configuration) {
        return domain.post(
                RearDomain.RESERVE,
                "{'flavorID':'%s','buyerID':{'ID':'%s','IP':'10.0.0.7:30000','domain':'%s.example',"
                                .formatted(flavor, buyer, buyer)
                        + "'additionalInformation':{'liqoID':'fabric-%s'}},'configuration':%s}"
                                .formatted(buyer, configuration));
    }

    private static String count(int count) {
        return "{'type':'vm','data':{'count':%d}}".formatted(count);
    }

    private static String access(String protocol) {
        return "{'type':'sensor','data':{'accessType':'%s'}}".formatted(protocol);
    }

    private static String gpu(String model, String cores) {
        return ("{'type':'k8slice','data':{'cpu':'1','memory':'2Gi','pods':'5',"
                        + "'gpu':{'model':'%s','cores':'%s','memory':'0'}}}")
                .formatted(model, cores);
    }

    private List<String> listed(String kind, String query, String key) {
        var answer = domain.get(RearDomain.LIST + "/" + kind + (query.isEmpty() ? "" : "?" + encoded(query)));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().valueStream().map(one -> one.path(key).asString()).toList();
    }

    private static String encoded(String filter) {
        var sides = filter.split("=", 2);
        return URLEncoder.encode(sides[0], StandardCharsets.UTF_8) + "="
                + URLEncoder.encode(sides[1], StandardCharsets.UTF_8);
    }

    @Test
    void machines_of_one_size_are_sold_below_in_and_above_the_range() {
        var name = domain.offer(Samples.vm()); // two to ten
        assertThat(reserve(name, "anna", count(1)).status()).as("below").isEqualTo(400);
        assertThat(reserve(name, "anna", count(11)).status()).as("above").isEqualTo(400);
        var three = reserve(name, "anna", count(3));
        assertThat(three.status()).as(three.text()).isEqualTo(200);
        assertThat(reserve(name, "bert", count(9)).status())
                .as("in, when anna does not buy")
                .isEqualTo(409);
        var bought = domain.purchase(three.get("transactionID"), "{}");
        assertThat(bought.json().at("/configuration/data/count").asInt()).isEqualTo(3);
        assertThat(reserve(name, "bert", count(9)).status()).as("sold").isEqualTo(404);
        assertThat(reserve(name, "bert", count(6)).status()).isEqualTo(200);
        assertThat(listed("vm", "", "flavorID"))
                .as("one is left, and two is the least")
                .isEmpty();
    }

    @Test
    void a_sensor_is_listed_reserved_and_bought_by_http_and_by_mqtt_and_has_many_readers() {
        var name = domain.offer(Samples.sensor());
        assertThat(listed("sensors", "filter[sensor_type][match]=temperature", "flavorId"))
                .containsExactly(name);
        var byHttp = reserve(name, "anna", access("HTTP"));
        var byMqtt = reserve(name, "bert", access("MQTT"));
        assertThat(List.of(byHttp.status(), byMqtt.status())).containsOnly(200);
        var contract = domain.purchase(byMqtt.get("transactionID"), "{}");
        assertThat(contract.json().at("/configuration/data/accessType").asString())
                .isEqualTo("MQTT");
        assertThat(domain.purchase(byHttp.get("transactionID"), "{}").status()).isEqualTo(200);
        assertThat(listed("sensors", "", "flavorId"))
                .as("it may be read by more")
                .containsExactly(name);
        var noTopic = domain.offer(new Sensor(
                "humidity",
                "",
                "",
                "",
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                "",
                Optional.of(List.of("GET")),
                Optional.empty(),
                Properties.NONE));
        var refused = reserve(noTopic, "anna", access("MQTT"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("accessType").contains("HTTP");
    }

    private String slice(String model, String cores) {
        var amounts = vector("8", "32Gi", "110").with(Dimension.GPU_CORES, quantity(cores));
        return domain.offer(new K8Slice(
                "amd64", amounts, Optional.of(model).filter(text -> !text.isEmpty()), Properties.NONE, Policy.FREE));
    }

    @Test
    void gpus_of_several_models_are_filtered_and_claimed_apart_from_the_rest() {
        var t4 = slice("Tesla T4", "4");
        var rtx = slice("RTX6000", "2");
        var unnamed = slice("", "8");
        var none = slice("", "0");
        assertThat(listed("k8slice", "filter[gpu.model][match]=Tesla T4", "flavorID"))
                .containsExactly(t4);
        assertThat(listed("k8slice", "filter[gpu.model][regex]=^(Tesla|RTX)", "flavorID"))
                .containsExactlyInAnyOrder(t4, rtx);
        assertThat(listed("k8slice", "filter[gpu.cores][range][min]=4", "flavorID"))
                .containsExactlyInAnyOrder(t4, unnamed);

        assertThat(reserve(t4, "anna", gpu("RTX6000", "1")).status())
                .as("another model")
                .isEqualTo(400);
        assertThat(reserve(none, "anna", gpu("", "1")).status())
                .as("no GPU at all")
                .isEqualTo(400);
        assertThat(reserve(unnamed, "anna", gpu("RTX6000", "1")).status())
                .as("it does not say which it has")
                .isEqualTo(200);
        assertThat(reserve(t4, "anna", gpu("Tesla T4", "3")).status()).isEqualTo(200);
        assertThat(reserve(t4, "bert", gpu("Tesla T4", "2")).status())
                .as("one is left")
                .isEqualTo(409);
        assertThat(reserve(t4, "bert", gpu("", "0")).status())
                .as("without GPU there is room")
                .isEqualTo(200);
        assertThat(listed("k8slice", "filter[gpu.model][match]=Tesla T4", "flavorID"))
                .as("what is left has another name")
                .hasSize(1)
                .doesNotContain(t4);
    }
}
