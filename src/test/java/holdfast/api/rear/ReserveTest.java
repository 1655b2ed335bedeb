package holdfast.api.rear;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Interval;
import holdfast.federation.wire.Published;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// RESERVE_FLAVOR over HTTP (fluidos.md 5.5).
@Timeout(300)
final class ReserveTest {
    private static final String ID = "X-REAR-Request-Id";

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final RearDomain domain = new RearDomain(test);

    private RearDomain.Answer reserve(String body, String... headers) {
        return domain.post(RearDomain.RESERVE, body, headers);
    }

    private String piece(String flavor, String buyer, String cpu) {
        return RearDomain.reservation(flavor, buyer, cpu, "4Gi", "10");
    }

    @Test
    void both_dialects_make_the_same_transaction() {
        var name = domain.offer();
        var node = reserve(piece(name, "anna", "2"));
        assertThat(node.status()).isEqualTo(200);
        Published.assertConforms("wire/node-transaction", node.text());
        assertThat(node.get("transactionID")).matches("[0-9a-f]{32}-\\d+");
        assertThat(node.get("flavorID")).isEqualTo(name);
        assertThat(node.get("clusterID")).isEqualTo("fabric-anna");
        assertThat(node.get("expirationTime")).isEqualTo("2031-05-02T08:15:00Z");

        var documented = reserve(RearDomain.documented(name, "anna", "2", "4Gi", "10"));
        assertThat(documented.status()).as(documented.text()).isEqualTo(200);
        Published.assertConforms("schemas/transaction", documented.text());
        assertThat(documented.get("TransactionID")).isEqualTo(node.get("transactionID"));
        assertThat(documented.get("ExpirationTime")).isEqualTo(node.get("expirationTime"));
        assertThat(domain.claims()).isOne();
    }

    @Test
    void reserved_again_it_is_held_longer_and_with_another_piece_that_is_held() {
        var name = domain.offer();
        var first = reserve(piece(name, "anna", "2"));
        domain.advance(Duration.ofMinutes(10));
        var again = reserve(piece(name, "anna", "3"));
        assertThat(again.get("transactionID")).isEqualTo(first.get("transactionID"));
        assertThat(again.get("expirationTime")).isEqualTo("2031-05-02T08:25:00Z");
        assertThat(again.json().at("/configuration/data/cpu").asString()).isEqualTo("3");
        domain.hold(name, "5", "8Gi", "20", Interval.of(domain.clock.get(), Duration.ofDays(1)));
        assertThat(reserve(piece(name, "anna", "4")).status()).isEqualTo(409);
        var bought = domain.purchase(first.get("transactionID"), "{}");
        assertThat(bought.json().at("/configuration/data/cpu").asString())
                .as("what was held before")
                .isEqualTo("3");
    }

    @Test
    void a_question_with_a_request_id_is_answered_once_and_the_hold_not_prolonged() {
        var name = domain.offer();
        var id = UUID.fromString("123e4567-e89b-42d3-a456-426614174000").toString();
        var first = reserve(piece(name, "anna", "2"), ID, id);
        domain.advance(Duration.ofMinutes(9));
        assertThat(reserve(piece(name, "anna", "2"), ID, id).text()).isEqualTo(first.text());
        assertThat(reserve(piece(name, "anna", "3"), ID, id).status())
                .as("another question")
                .isEqualTo(409);
        domain.advance(Duration.ofMinutes(5));
        var later = reserve(piece(name, "anna", "2"), ID, id);
        assertThat(later.get("expirationTime"))
                .as("forgotten, so it is asked anew")
                .isEqualTo("2031-05-02T08:29:00Z");
        assertThat(domain.claims()).isOne();
    }

    @Test
    void a_refusal_with_a_request_id_is_told_again() {
        var name = domain.offer();
        var id = "123e4567-e89b-42d3-a456-426614174001";
        assertThat(reserve(piece(name, "anna", "9"), ID, id).status()).isEqualTo(400);
        assertThat(reserve(piece(name, "anna", "9"), ID, id).status()).isEqualTo(400);
        assertThat(reserve(piece(name, "anna", "2"), ID, "again").status()).isEqualTo(400);
        assertThat(domain.claims()).isZero();
    }

    @Test
    void the_second_buyer_is_told_when_and_later_that_it_is_gone() {
        var name = domain.offer();
        var all = reserve(RearDomain.reservation(name, "anna", "", "", ""));
        var second = reserve(piece(name, "bert", "2"));
        assertThat(second.status()).isEqualTo(409);
        assertThat(Long.parseLong(second.header("retry-after").orElseThrow())).isBetween(890L, 902L);
        domain.purchase(all.get("transactionID"), "{}");
        assertThat(reserve(piece(name, "bert", "2")).status()).isEqualTo(404);
    }

    @Test
    void a_hold_outlives_the_server() {
        var name = domain.offer();
        var transaction = domain.reserve(name, "anna");
        domain.server.close();
        try (var next = new RearDomain(test, 2)) {
            assertThat(next.post(RearDomain.RESERVE, piece(name, "anna", "2")).get("transactionID"))
                    .isEqualTo(transaction);
            assertThat(next.purchase(transaction, "{}").status()).isEqualTo(200);
        }
    }

    @Test
    void one_call_makes_a_contract_or_nothing() {
        var name = domain.offer();
        var body = piece(name, "anna", "2").replaceFirst("}$", ",'purchase':{}}");
        var bought = domain.post(RearDomain.RESERVE + "?agreement=direct", body);
        assertThat(bought.status()).as(bought.text()).isEqualTo(201);
        Published.assertConforms("wire/node-contract", bought.text());
        assertThat(domain.claims()).isOne();
        assertThat(domain.post(RearDomain.RESERVE + "?agreement=direct", piece(name, "bert", "9"))
                        .status())
                .isEqualTo(400);
        assertThat(domain.post(RearDomain.RESERVE + "?agreement=perhaps", body).status())
                .isEqualTo(400);
        domain.hold(name, "6", "8Gi", "20", Interval.of(RearDomain.BEGINNING, Duration.ofDays(1)));
        assertThat(domain.post(RearDomain.RESERVE + "?agreement=direct", piece(name, "bert", "6"))
                        .status())
                .isEqualTo(409);
        assertThat(domain.claims()).isEqualTo(2);
    }
}
