package holdfast.protocol.rear;

import static holdfast.protocol.rear.Samples.quantity;
import static holdfast.protocol.rear.Samples.vector;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// What is traded is kept as JSON; nothing is lost on the way.
final class StoredTest {
    private static void assertKept(Object value) {
        assertThat(Json.read(Json.text(value), value.getClass())).isEqualTo(value);
    }

    @Test
    void flavors_of_each_kind_are_read_as_they_were_written() {
        for (var kind : List.of(Samples.slice(), Samples.vm(), Samples.service(), Samples.sensor())) {
            assertKept(Samples.flavor("alps-example-" + kind.type().word() + "-7c1e09ab44", kind));
        }
    }

    @Test
    void selectors_with_each_test_are_read_as_they_were_written() {
        assertKept(Selector.of(
                        FlavorType.K8SLICE,
                        List.of(
                                Filter.regex(Attribute.ARCHITECTURE, "^(amd|arm)")
                                        .orThrow(),
                                Filter.match(Attribute.CITY, "Turin").orThrow(),
                                Filter.match(Attribute.PODS, "110").orThrow(),
                                Filter.range(Attribute.CPU, Optional.of("2500m"), Optional.empty())
                                        .orThrow()))
                .orThrow());
    }

    @Test
    void contracts_with_each_configuration_are_read_as_they_were_written() {
        var configurations = List.<Configuration>of(
                new Configuration.Slice(vector("2500m", "6Gi", "25"), Optional.of("A100"), Optional.of("arm64")),
                new Configuration.Instances(3),
                new Configuration.Settings(
                        Optional.of(HostingPolicy.SHARED),
                        JsonNodeFactory.instance.objectNode().put("username", "ada")),
                new Configuration.Access(Configuration.Access.Protocol.MQTT));
        for (var configuration : configurations) {
            assertKept(new Contract(
                    "contract-1",
                    "5b0f-1748768400000000000",
                    Samples.flavor("alps-example-k8slice-7c1e09ab44", Samples.slice()),
                    Optional.of(configuration),
                    Samples.BUYER,
                    "milano-edge",
                    Samples.OWNER,
                    Optional.of(new Contract.Credentials("torino-dc", "YXBpVmVyc2lvbjogdjEK")),
                    Optional.of(Samples.BEGINNING),
                    Map.of("price.amount", "0.1250"),
                    Optional.empty(),
                    Optional.of(new Contract.Telemetry("http://10.20.0.9:9090/ingest", List.of("latency")))));
        }
    }

    @Test
    void what_is_secret_is_not_in_the_words_of_a_contract() {
        assertThat(new Contract.Credentials("torino-dc", "c2VjcmV0")).asString().doesNotContain("c2VjcmV0");
        assertThat(new Configuration.Settings(
                        Optional.empty(), JsonNodeFactory.instance.objectNode().put("password", "hush")))
                .asString()
                .doesNotContain("hush");
    }

    @Test
    void amounts_are_kept_as_exact_text() {
        assertThat(Json.text(quantity("7970838142n"))).isEqualTo("\"7970838142n\"");
        assertThat(Json.read("\"7879752Ki\"", holdfast.core.Quantity.class).text())
                .isEqualTo("7879752Ki");
    }
}
