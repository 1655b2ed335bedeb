package holdfast.api.rear;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Interval;
import holdfast.federation.wire.Published;
import holdfast.protocol.rear.Samples;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// PURCHASE_FLAVOR and what becomes of contracts, over HTTP (fluidos.md 5.6, 5.9).
@Timeout(300)
final class PurchaseTest {
    private static final String CONTRACTS = "/api/v2/contracts/";
    private static final String TRANSACTIONS = "/api/v2/transactions/";
    private static final Duration DAY = Duration.ofDays(1);

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final RearDomain domain = new RearDomain(test);

    @Test
    void the_contract_has_every_field_in_both_dialects() {
        var name = domain.offer();
        var transaction = domain.reserve(name, "anna");
        var contract = domain.purchase(
                transaction, "{'ingressTelemetryEndpoint':{'endpoint':'http://10.0.0.7:9090','intents':['latency']}}");
        assertThat(contract.status()).as(contract.text()).isEqualTo(200);
        Published.assertConforms("wire/node-contract", contract.text());
        var json = contract.json();
        assertThat(json.at("/transactionID").asString()).isEqualTo(transaction);
        assertThat(json.at("/flavor/flavorID").asString()).isEqualTo(name);
        assertThat(json.at("/configuration/data/cpu").asString()).isEqualTo("2");
        assertThat(json.at("/buyerID/ID").asString()).isEqualTo("anna");
        assertThat(json.at("/buyerID/additionalInformation/liqoID").asString()).isEqualTo("fabric-anna");
        assertThat(json.at("/buyerClusterID").asString()).isEqualTo("fabric-anna");
        assertThat(json.at("/seller/ID").asString()).isEqualTo(Samples.OWNER.id());
        assertThat(json.at("/seller/additionalInformation/liqoID").asString()).isEqualTo("torino-dc");
        assertThat(json.at("/expirationTime").asString()).isEqualTo("2031-05-03T08:00:00Z");
        assertThat(json.at("/ingressTelemetryEndpoint/intents/0").asString()).isEqualTo("latency");
        assertThat(json.at("/extraInformation/price.amount").asString()).isNotEmpty();
        assertThat(json.at("/contractID").asString()).matches("[a-z0-9-]{1,63}");

        var documented = domain.purchase(transaction, "{}", "Accept", "application/json; profile=\"rear-doc\"");
        assertThat(documented.status()).isEqualTo(200);
        Published.assertConforms("schemas/contract", documented.text());
        assertThat(documented.get("ContractID")).isEqualTo(contract.get("contractID"));
    }

    @Test
    void who_reserved_as_documented_gets_a_contract_as_documented() {
        var name = domain.offer();
        var held = domain.post(RearDomain.RESERVE, RearDomain.documented(name, "anna", "2", "4Gi", "10"));
        var contract = domain.purchase(held.get("TransactionID"), "{}");
        assertThat(contract.get("ContractID")).isNotEmpty();
        Published.assertConforms("schemas/contract", contract.text());
    }

    @Test
    void again_is_the_same_contract() {
        var transaction = domain.reserve(domain.offer(), "anna");
        var contract = domain.purchase(transaction, "{}");
        domain.advance(Duration.ofHours(23));
        var again = domain.purchase(transaction, "{}");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text()).isEqualTo(contract.text());
    }

    @Test
    void too_late_is_408_for_a_day_and_unknown_404() {
        var transaction = domain.reserve(domain.offer(), "anna");
        domain.advance(Duration.ofMinutes(16));
        assertThat(domain.purchase(transaction, "{}").status()).isEqualTo(408);
        domain.advance(Duration.ofHours(23));
        assertThat(domain.purchase(transaction, "{}").status()).isEqualTo(408);
        assertThat(domain.purchase("0123456789abcdef0123456789abcdef-1", "{}").status())
                .isEqualTo(404);
        assertThat(domain.claims()).isZero();
    }

    @Test
    void a_hold_beats_a_withdrawal() {
        var name = domain.offer();
        var transaction = domain.reserve(name, "anna");
        domain.withdraw(name);
        assertThat(domain.purchase(transaction, "{}").status()).isEqualTo(200);
    }

    @Test
    void a_service_needs_a_way_into_the_cluster_of_its_buyer_and_stays_held() {
        var name = domain.offer(Samples.service());
        var bare = RearDomain.reservation(name, "anna", "", "", "");
        assertThat(domain.post(RearDomain.RESERVE, bare).status())
                .as("its template wants a username")
                .isEqualTo(400);
        var held = domain.post(
                RearDomain.RESERVE,
                bare.substring(0, bare.length() - 1)
                        + ",'configuration':{'type':'service','data':{'configurationData':{'username':'anna'}}}}");
        assertThat(held.status()).as(held.text()).isEqualTo(200);
        var transaction = held.get("transactionID");
        assertThat(domain.purchase(transaction, "{}").status()).isEqualTo(400);
        assertThat(domain.get(TRANSACTIONS + transaction).get("state")).isEqualTo("HELD");
        var bought = domain.purchase(
                transaction, "{'liqoCredentials':{'clusterID':'fabric-anna','kubeconfig':'YXBpVmVyc2lvbjogdjEK'}}");
        assertThat(bought.status()).as(bought.text()).isEqualTo(200);
        assertThat(bought.text()).doesNotContain("YXBpVmVyc2lvbjogdjEK");
    }

    @Test
    void a_cancelled_hold_is_free_at_once() {
        var name = domain.offer();
        var transaction = domain.reserve(name, "anna");
        assertThat(domain.get(TRANSACTIONS + transaction).get("state")).isEqualTo("HELD");
        assertThat(domain.send("DELETE", TRANSACTIONS + transaction, "").status())
                .isEqualTo(204);
        assertThat(domain.send("DELETE", TRANSACTIONS + transaction, "").status())
                .as("twice")
                .isEqualTo(204);
        assertThat(domain.claims()).isZero();
        assertThat(domain.get(RearDomain.LIST).json().get(0).path("flavorID").asString())
                .isEqualTo(name);
        assertThat(domain.purchase(transaction, "{}").status()).isEqualTo(409);
        assertThat(domain.send("DELETE", TRANSACTIONS + "nothing", "").status()).isEqualTo(404);
    }

    @Test
    void what_is_bought_cannot_be_cancelled_but_released() {
        var name = domain.offer();
        var transaction = domain.reserve(name, "anna");
        var contract = domain.purchase(transaction, "{}").get("contractID");
        assertThat(domain.send("DELETE", TRANSACTIONS + transaction, "").status())
                .isEqualTo(409);
        assertThat(domain.get(CONTRACTS + contract).get("state")).isEqualTo("ACTIVE");
        var released = domain.send("DELETE", CONTRACTS + contract + "?reason=done", "");
        assertThat(released.status()).isEqualTo(202);
        assertThat(released.get("state")).isEqualTo("TERMINATED");
        assertThat(domain.send("DELETE", CONTRACTS + contract, "").status())
                .as("twice")
                .isEqualTo(202);
        assertThat(domain.claims()).isZero();
        assertThat(domain.send("DELETE", CONTRACTS + "nothing", "").status()).isEqualTo(404);
    }

    @Test
    void it_is_renewed_unless_the_time_after_is_taken() {
        var name = domain.offer();
        var contract = domain.purchase(domain.reserve(name, "anna"), "{}").get("contractID");
        var end = RearDomain.BEGINNING.plus(DAY);
        domain.hold(name, "8", "32Gi", "110", Interval.of(end.plus(DAY), DAY));
        assertThat(renewed(contract, "2031-05-04T08:00:01Z").status()).isEqualTo(409);
        assertThat(renewed(contract, "2031-05-03T07:59:59Z").status())
                .as("no longer")
                .isEqualTo(400);
        assertThat(renewed(contract, "2031-05-03T08:00:00Z").status())
                .as("as it is")
                .isEqualTo(200);
        assertThat(renewed(contract, "tomorrow").status()).isEqualTo(400);
        var longer = renewed(contract, "2031-05-04T09:00:00+01:00");
        assertThat(longer.status()).as(longer.text()).isEqualTo(200);
        assertThat(longer.get("expirationTime")).isEqualTo("2031-05-04T08:00:00Z");
        domain.send("DELETE", CONTRACTS + contract, "");
        assertThat(renewed(contract, "2031-05-04T10:00:00Z").status()).isEqualTo(409);
    }

    @Test
    void what_is_told_of_its_end_is_its_end() {
        domain.clock.updateAndGet(now -> now.plusMillis(709));
        var told = domain.purchase(domain.reserve(domain.offer(), "anna"), "{}");
        var end = told.get("expirationTime");
        assertThat(end).isEqualTo("2031-05-03T08:00:01Z");
        var same = renewed(told.get("contractID"), end);
        assertThat(same.status()).as(same.text()).isEqualTo(200);
        var longer = renewed(told.get("contractID"), "2031-05-03T09:00:00.25Z");
        assertThat(longer.get("expirationTime")).isEqualTo("2031-05-03T09:00:01Z");
        assertThat(renewed(told.get("contractID"), "2031-05-03T09:00:01Z").status())
                .isEqualTo(200);
    }

    private RearDomain.Answer renewed(String contract, String until) {
        return domain.post(CONTRACTS + contract + "/renew", "{'until':'" + until + "'}");
    }

    @Test
    void what_we_can_is_told() {
        var told = domain.get("/api/v2/capabilities");
        assertThat(told.status()).isEqualTo(200);
        assertThat(told.json().path("auth").get(0).asString()).isEqualTo("none");
        assertThat(told.json().path("ttpSeconds").asInt()).isEqualTo(900);
        assertThat(told.json().path("dialects")).hasSize(2);
    }
}
