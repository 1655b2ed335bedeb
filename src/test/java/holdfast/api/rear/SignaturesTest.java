package holdfast.api.rear;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.broker.market.Agreement;
import holdfast.broker.market.Signing;
import holdfast.federation.trust.NodeKeys;
import holdfast.federation.trust.Rights;
import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.HttpWire;
import holdfast.federation.wire.RearReader;
import holdfast.federation.wire.Reply;
import holdfast.platform.Json;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Signatures;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Contracts that are signed by one side or by both (fluidos.md 5.13).
@Timeout(300)
final class SignaturesTest {
    private final NodeKeys anna = NodeKeys.fresh();

    private Fortress seller(boolean both) {
        var notary = NodeKeys.fresh();
        var seller = new Fortress(true, Rights.USUAL, new Signing(Optional.of(notary), both), 1_000, 1_000);
        sellers = notary;
        seller.pin(anna, "anna", "anna.example", false);
        return seller;
    }

    private NodeKeys sellers = anna;

    private static Contract buy(Fortress seller, HttpWire wire, String flavor, Dialect dialect) {
        var ask = dialect == Dialect.NODE
                ? RearDomain.reservation(flavor, "anna", "2", "4Gi", "10")
                : RearDomain.documented(flavor, "anna", "2", "4Gi", "10");
        var held = seller.ask(wire, Fortress.call("POST", "reservations", ask));
        assertThat(held.status()).as(held.body()).isEqualTo(200);
        var json = Json.tree(held.body());
        var name = json.path(dialect == Dialect.NODE ? "transactionID" : "TransactionID")
                .asString();
        var bought = seller.ask(wire, Fortress.call("POST", "transactions/" + name + "/purchase", "{}"));
        assertThat(bought.status()).as(bought.body()).isEqualTo(200);
        return RearReader.contract(bought.body()).orThrow();
    }

    private Reply sign(Fortress seller, HttpWire wire, Contract contract, String jws) {
        return seller.ask(
                wire, Fortress.call("POST", "contracts/" + contract.id() + "/signatures", "{'jws':'" + jws + "'}"));
    }

    private static String state(Reply shown) {
        return Json.tree(shown.body()).path("state").asString("");
    }

    @Test
    void the_seller_signs_what_both_dialects_tell() {
        try (var seller = seller(false)) {
            var wire = seller.wire(anna, "anna");
            var flavor = seller.domain.offer();
            var contract = buy(seller, wire, flavor, Dialect.NODE);
            assertThat(Signatures.fault(contract, sellers.fingerprint(), anna)).isEmpty();
            assertThat(Signatures.fault(contract, anna.fingerprint(), anna))
                    .contains("it is signed with another key than " + anna.fingerprint());
            var again = seller.domain.market;
            var documented = Dialect.DOC.writer().contract(contract);
            assertThat(Signatures.fault(RearReader.contract(documented).orThrow(), sellers.fingerprint(), anna))
                    .isEmpty();
            var stored = seller.test
                    .database()
                    .inTransaction(
                            tx -> again.contracts().find(tx, contract.id()).orElseThrow());
            assertThat(Signatures.text(stored.as(Agreement.class).contract())).isEqualTo(Signatures.text(contract));
        }
    }

    @Test
    void whatever_is_changed_of_a_contract_its_signature_does_not_fit() {
        try (var seller = seller(false)) {
            var contract = buy(seller, seller.wire(anna, "anna"), seller.domain.offer(), Dialect.NODE);
            var text = Dialect.NODE.writer().contract(contract);
            for (var change : Map.of(
                            "\"cpu\":\"2\"",
                            "\"cpu\":\"3\"",
                            contract.id(),
                            "contract-other",
                            contract.transaction(),
                            "0123456789abcdef0123456789abcdef-7",
                            "anna.example",
                            "berta.example",
                            "0.10",
                            "0.01",
                            contract.expires().orElseThrow().toString(),
                            "2039-01-01T00:00:00Z",
                            contract.flavor().id(),
                            "another-flavor")
                    .entrySet()) {
                var forged = text.replace(change.getKey(), change.getValue());
                if (forged.equals(text)) continue; // this contract does not say that
                assertThat(Signatures.fault(RearReader.contract(forged).orThrow(), sellers.fingerprint(), anna))
                        .as(change.toString())
                        .contains("the signature is for other words than these");
            }
            assertThat(Signatures.fault(without(contract), sellers.fingerprint(), anna))
                    .contains("it is not signed");
        }
    }

    private static Contract without(Contract contract) {
        var text = Dialect.NODE.writer().contract(contract).replace(Signatures.SELLER, "x-rear-other");
        return RearReader.contract(text).orThrow();
    }

    @Test
    void where_both_sign_a_contract_counts_when_its_buyer_has() {
        try (var seller = seller(true)) {
            var wire = seller.wire(anna, "anna");
            var contract = buy(seller, wire, seller.domain.offer(), Dialect.NODE);
            var look = Fortress.call("GET", "contracts/" + contract.id(), "");
            assertThat(state(seller.ask(wire, look))).isEqualTo("PENDING_SIGNATURE");

            assertThat(sign(seller, wire, contract, "").status()).isEqualTo(400);
            assertThat(sign(seller, wire, contract, "a..b").status()).isEqualTo(400);
            var anothers = sign(seller, wire, contract, Signatures.countersign(contract, NodeKeys.fresh()));
            assertThat(anothers.status()).isEqualTo(400);
            assertThat(anothers.body()).contains("signed with another key");
            var tampered = sign(seller, wire, contract, anna.sign(Signatures.text(contract)));
            assertThat(tampered.status()).isEqualTo(400);
            assertThat(tampered.body()).contains("other words");
            assertThat(state(seller.ask(wire, look))).isEqualTo("PENDING_SIGNATURE");

            var jws = Signatures.countersign(contract, anna);
            var signed = sign(seller, wire, contract, jws);
            assertThat(signed.status()).as(signed.body()).isEqualTo(200);
            assertThat(state(signed)).isEqualTo("ACTIVE");
            var both = RearReader.contract(signed.body()).orThrow();
            assertThat(both.extra()).containsEntry(Signatures.BUYER, jws);
            assertThat(Signatures.fault(both, sellers.fingerprint(), anna)).isEmpty();
            assertThat(sign(seller, wire, contract, jws).status()).isEqualTo(200);
            assertThat(sign(seller, wire, contract, Signatures.countersign(contract, anna))
                            .status())
                    .isEqualTo(409);
        }
    }

    @Test
    void a_contract_that_is_renewed_is_signed_anew() {
        try (var seller = seller(false)) {
            var wire = seller.wire(anna, "anna");
            var contract = buy(seller, wire, seller.domain.offer(), Dialect.NODE);
            var until = contract.expires().orElseThrow().plus(Duration.ofHours(1));
            var renewed = seller.ask(
                    wire, Fortress.call("POST", "contracts/" + contract.id() + "/renew", "{'until':'" + until + "'}"));
            assertThat(renewed.status()).as(renewed.body()).isEqualTo(200);
            var longer = RearReader.contract(renewed.body()).orThrow();
            assertThat(longer.expires()).contains(until);
            assertThat(Signatures.fault(longer, sellers.fingerprint(), anna)).isEmpty();
            assertThat(longer.extra().get(Signatures.SELLER))
                    .isNotEqualTo(contract.extra().get(Signatures.SELLER));
        }
    }
}
