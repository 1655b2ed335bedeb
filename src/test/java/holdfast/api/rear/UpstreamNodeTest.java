package holdfast.api.rear;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.federation.wire.Published;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Nodes that know nothing of ours trade with us.
@Timeout(300)
final class UpstreamNodeTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final RearDomain domain = new RearDomain(test);

    private final UpstreamBuyer node = new UpstreamBuyer(domain.server.address());

    @Test
    void it_buys_from_us() {
        assertThat(node.discover("")).isEmpty();
        var name = domain.offer();
        assertThat(node.discover("").get(0).path("flavorID").asString()).isEqualTo(name);
        var matching = node.discover("filter[cpu][range][min]=2&filter[memory][range][min]=4Gi");
        assertThat(matching).hasSize(1);
        var piece = "{\"type\":\"k8slice\",\"data\":{\"cpu\":\"2\",\"memory\":\"4Gi\",\"pods\":\"10\"}}";
        var transaction = node.reserve(name, piece);
        assertThat(transaction.path("clusterID").asString()).isEqualTo("milano-edge");
        Published.assertConforms("wire/node-transaction", transaction.toString());
        assertThat(node.reserve(name, piece)).isEqualTo(transaction);
        var contract = node.purchase(transaction);
        Published.assertConforms("wire/node-contract", contract.toString());
        assertThat(contract.toString()).doesNotContain("c2VjcmV0");
        assertThat(node.discover("")).hasSize(1);
    }

    @Test
    void its_odd_queries_are_understood() {
        domain.offer();
        assertThat(node.call("GET", "/api/v2/flavors/k8slice?", "").status()).isEqualTo(200);
        assertThat(node.call("GET", "/api/v2/flavors?", "").status()).isEqualTo(200);
        assertThat(node.discover("[storage][match]=40Gi")).hasSize(1);
        assertThat(node.discover("filter%5Bcpu%5D%5Bmatch%5D=8")).hasSize(1);
        assertThat(node.discover("filter[cpu][match]=9")).isEmpty();
        var transaction = node.reserve(node.discover("").get(0).path("flavorID").asString(), "");
        var path = "/api/v2/transactions/" + transaction.path("transactionID").asString() + "/purchase";
        assertThat(node.call("POST", path, "").status()).as("no body").isEqualTo(400);
        assertThat(node.purchase(transaction).path("configuration").isMissingNode())
                .isTrue();
    }
}
