package holdfast.drivers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Quantity;
import holdfast.platform.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class LiqoObjectsTest {
    private static final Path GOLDEN =
            Path.of(System.getProperty("holdfast.root", "."), "src/test/resources/golden/liqo/objects.json");
    private static final Map<String, Quantity> AMOUNTS = Map.of(
            "cpu", Quantity.of("2500m").orThrow(), "memory", Quantity.of("4Gi").orThrow());

    @Test
    void each_object_is_as_liqo_wants_it() throws IOException {
        var endpoint = Json.object().put("port", 30840).put("protocol", "UDP");
        endpoint.putArray("addresses").add("192.0.2.7");
        var tenant = Json.object().put("tenantNamespace", "liqo-tenant-turin");
        tenant.putObject("authParams")
                .put("apiServer", "https://192.0.2.7:6443")
                .put("signedCRT", "YQ==");
        var seen = text(List.of(
                LiqoObjects.tenantNamespace("milan"),
                LiqoObjects.configuration("milan", new ClusterFacts("milan", "10.200.0.0/16", "10.70.0.0/16")),
                LiqoObjects.gatewayServer("milan", "liqo"),
                LiqoObjects.gatewayClient("milan", "liqo", endpoint),
                LiqoObjects.publicKey("milan", "a2V5"),
                LiqoObjects.nonce("milan"),
                LiqoObjects.signedNonce("milan", "bm9uY2U="),
                LiqoObjects.tenant("milan", "a2V5", "Y3Ny", "c2lnbmVk"),
                LiqoObjects.identity("milan", tenant),
                LiqoObjects.slice("milan", "contract-1", AMOUNTS, "holdfast"),
                LiqoObjects.offloading("shop", "contract-1")));
        if (Boolean.getBoolean("holdfast.bless")) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, seen);
        }
        assertThat(seen).isEqualTo(Files.readString(GOLDEN));
    }

    private static String text(List<ObjectNode> objects) {
        return objects.stream()
                .map(object -> Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(object) + "\n")
                .collect(Collectors.joining());
    }

    @Test
    void what_is_there_is_changed_only_where_another_was_wanted() {
        var there = LiqoObjects.slice("milan", "c", AMOUNTS, "holdfast");
        there.putObject("status").put("kept", true);
        there.withObject("/metadata/labels").put("of", "others");
        assertThat(Trees.covers(there, LiqoObjects.slice("milan", "c", AMOUNTS, "holdfast")))
                .isTrue();
        var more = LiqoObjects.slice("milan", "c", Map.of("cpu", Quantity.of(9)), "holdfast");
        assertThat(Trees.covers(there, more)).isFalse();
        var merged = Trees.merged(there, more);
        assertThat(merged.at("/status/kept").asBoolean()).isTrue();
        assertThat(merged.at("/metadata/labels/of").asString()).isEqualTo("others");
        assertThat(merged.at("/spec/resources").toString()).isEqualTo("{\"cpu\":\"9\"}");
    }
}
