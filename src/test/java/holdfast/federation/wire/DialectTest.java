package holdfast.federation.wire;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.protocol.rear.Attribute;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Filter;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Transaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Which dialect is spoken, and where things are asked.
class DialectTest {
    private static final Selector SLICES = Selector.of(
                    FlavorType.K8SLICE, List.of(Filter.match(Attribute.CPU, "8").orThrow()))
            .orThrow();

    private static Call get(String... path) {
        return Call.get(List.of(path));
    }

    @Test
    void a_question_shows_its_dialect_by_path_profile_or_buyer() {
        assertThat(Dialect.of(get("api", "v2", "flavors"))).isEmpty();
        assertThat(Dialect.of(get("api", "v2", "flavors", "k8slice"))).isEmpty();
        assertThat(Dialect.of(get("api", "v2", "flavors", "k8slices"))).contains(Dialect.DOC);
        assertThat(Dialect.of(get("api", "v2", "flavors", "sensors"))).contains(Dialect.DOC);
        assertThat(Dialect.of(get("api", "v2", "flavors", "vm")
                        .with("accept", "text/html, application/json; profile=\"rear-doc\"")))
                .contains(Dialect.DOC);
        var reservations = List.of("api", "v2", "reservations");
        assertThat(Dialect.of(Call.post(reservations, "{\"Buyer\": {}}"))).contains(Dialect.DOC);
        assertThat(Dialect.of(Call.post(reservations, "{\"buyerID\": {}}"))).isEmpty();
        assertThat(Dialect.of(Call.post(reservations, "{\"buyerID\": {}, \"Buyer\": {}}")))
                .isEmpty();
        assertThat(Dialect.of(Call.post(reservations, "no json"))).isEmpty();
        assertThat(Dialect.of(Call.post(reservations, "{}").with("content-type", "application/json;profile=rear-doc")))
                .contains(Dialect.DOC);
    }

    @Test
    void each_dialect_has_its_own_questions() {
        assertThat(Dialect.NODE.list(Optional.empty())).isEqualTo(get("api", "v2", "flavors"));
        assertThat(Dialect.NODE.list(Optional.of(SLICES)))
                .isEqualTo(get("api", "v2", "flavors", "k8slice").asking(Map.of("filter[cpu][match]", List.of("8"))));
        assertThat(Dialect.DOC.list(Optional.of(SLICES)))
                .isEqualTo(get("api", "v2", "flavors", "k8slices")
                        .asking(Map.of("filter[cpu][exact]", List.of("8")))
                        .with("accept", "application/json; profile=\"rear-doc\""));
        for (var dialect : Dialect.values()) {
            var reserve = dialect.reserve(new Transaction.Ask("flavor-1", Samples.BUYER, Optional.empty()));
            assertThat(reserve.method() + reserve.path()).isEqualTo("POST[api, v2, reservations]");
            assertThat(Dialect.of(reserve).orElse(Dialect.NODE)).isEqualTo(dialect);
            var purchase = dialect.purchase("txn-1", new Contract.Ask(Optional.empty(), Optional.empty()));
            assertThat(purchase.path()).containsExactly("api", "v2", "transactions", "txn-1", "purchase");
            assertThat(purchase.body()).isEqualTo("{}");
            assertThat(Dialect.of(purchase).orElse(Dialect.NODE)).isEqualTo(dialect);
        }
    }

    @Test
    void calls_and_replies_do_not_tell_secrets() {
        assertThat(Call.post(List.of("api"), "{\"token\": \"hush\"}").with("authorization", "hush"))
                .hasToString("POST /api");
        assertThat(new Reply(200, Map.of("x", "hush"), "hush")).hasToString("Reply[200]");
    }
}
