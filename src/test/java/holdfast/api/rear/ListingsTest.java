package holdfast.api.rear;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// What is listed of a root as pieces of it are held, lapse and are bought (fluidos.md 6.4, 6.5): 8 CPUs, 32Gi and 110
/// pods for 0.40, minimum 1, 2Gi and 5, steps of 500m, 1Gi and 5.
@Timeout(300)
final class ListingsTest {
    private static final Duration LIFE = Duration.ofMinutes(15);

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final RearDomain domain = new RearDomain(test);

    private String first;

    @BeforeEach
    void offer() {
        first = domain.offer();
    }

    private List<JsonNode> listed() {
        var answer = domain.get(RearDomain.LIST);
        return answer.status() == 204 ? List.of() : answer.json().valueStream().toList();
    }

    private String name() {
        return listed().getFirst().path("flavorID").asString();
    }

    private String amount(String what) {
        return listed().getFirst().at("/type/data/charateristics/" + what).asString();
    }

    private BigDecimal price() {
        return new BigDecimal(listed().getFirst().at("/price/amount").asString());
    }

    private RearDomain.Answer reserve(String buyer, String cpu, String memory, String pods) {
        return domain.post(RearDomain.RESERVE, RearDomain.reservation(first, buyer, cpu, memory, pods));
    }

    @Test
    void when_the_first_of_two_holds_lapses_what_is_left_has_a_new_name_and_the_right_amounts() {
        reserve("anna", "2", "4Gi", "10");
        var afterOne = name();
        domain.advance(Duration.ofMinutes(5));
        reserve("bert", "1500m", "6Gi", "15");
        var afterTwo = name();
        domain.advance(LIFE.minusMinutes(4));
        reserve("carla", "9", "4Gi", "10"); // whoever asks next sees that anna did not buy
        assertThat(List.of(first, afterOne, afterTwo)).doesNotContain(name()).doesNotHaveDuplicates();
        assertThat(List.of(amount("cpu"), amount("memory"), amount("pods"))).containsExactly("6500m", "26Gi", "95");
        domain.advance(LIFE);
        reserve("carla", "9", "4Gi", "10");
        assertThat(name()).isEqualTo(first);
    }

    @Test
    void what_is_too_small_to_be_sold_is_not_listed_and_comes_back() {
        assertThat(reserve("anna", "7500m", "30Gi", "100").status()).isEqualTo(200);
        assertThat(listed()).as("500m are left, and the least is 1").isEmpty();
        assertThat(reserve("bert", "1", "2Gi", "5").status()).isEqualTo(409);
        domain.advance(LIFE.plusMinutes(1));
        assertThat(reserve("bert", "1", "2Gi", "5").status()).isEqualTo(200);
        assertThat(amount("cpu")).isEqualTo("7");
    }

    @Test
    void parts_and_what_is_left_cost_what_the_whole_costs() {
        var sum = BigDecimal.ZERO;
        for (var cpu : List.of("1", "2500m", "1500m")) {
            var buyer = "buyer-" + cpu;
            var held = reserve(buyer, cpu, "3Gi", "10");
            assertThat(held.status()).as(held.text()).isEqualTo(200);
            var bought = domain.purchase(held.get("transactionID"), "{}").json();
            sum = sum.add(new BigDecimal(
                    bought.path("extraInformation").path("price.amount").asString()));
            assertThat(sum.add(price())).isEqualByComparingTo("0.40");
        }
        assertThat(sum).isPositive();
    }
}
