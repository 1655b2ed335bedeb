package holdfast.sim;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.engine.Resource;
import holdfast.federation.buying.Deal;
import holdfast.protocol.rear.Carbon;
import holdfast.protocol.rear.Properties;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What an intent wants decides of whom is bought, and when (fluidos.md 2.10, 6.8).
final class ObjectiveStoriesTest {
    @AutoClose
    private final TestDatabase here = TestDatabase.fresh();

    private final List<TestDatabase> more = new ArrayList<>();

    private final Trading trading = new Trading(here);
    private int intents;

    @AfterEach
    void close() {
        more.forEach(TestDatabase::close);
    }

    private void sells(String name, String price, int latency, Long... grams) {
        var database = TestDatabase.fresh();
        more.add(database);
        var seller = trading.seller(new SellerDomain(name, 30_000 + more.size(), database));
        var carbon = grams.length == 0 ? Optional.<Carbon>empty() : Optional.of(new Carbon(0, List.of(grams)));
        seller.offer(price, new Properties(latency, List.of(), carbon, List.of(), List.of(), Map.of()));
    }

    private UUID apply(String wish, String conditions) {
        var text = """
                name: wish-%d
                within: outside
                hours: 2
                %s
                parts:
                  - {name: front, cpu: 2, memory: 4Gi, disk: 10Gi%s}
                """.formatted(++intents, wish, conditions);
        var world = trading.buyer;
        var made = world.intents
                .understand(text)
                .flatMap(understood -> world.intents.create(World.ALICE, understood))
                .orThrow();
        world.settle();
        return made.id();
    }

    private Resource intent(UUID id) {
        return trading.buyer.slice(id);
    }

    private String seller() {
        return trading.all(Deal.TYPE).stream()
                .filter(deal -> deal.state().equals("active"))
                .map(deal -> deal.as(Deal.class).contract().seller().id())
                .findFirst()
                .orElse("nobody");
    }

    /// Of whom it is bought; all is given back then.
    private String winner(String wish, String conditions) {
        var id = apply(wish, conditions);
        var seller = seller();
        trading.buyer.intents.delete(World.ALICE, id).orThrow();
        trading.buyer.settleFor(Duration.ofSeconds(20), Duration.ofSeconds(10));
        return seller;
    }

    @Test
    void the_same_offers_have_four_winners_and_hard_conditions_are_never_traded() {
        sells("cheap", "0.10", 90, 500L);
        sells("near", "0.90", 5, 500L);
        sells("green", "0.90", 90, 30L);
        sells("even", "0.30", 25, 200L);
        assertThat(winner("objective: cheapest", "")).isEqualTo("cheap");
        assertThat(winner("objective: fastest", "")).isEqualTo("near");
        assertThat(winner("objective: greenest", "")).isEqualTo("green");
        assertThat(winner("objective: balanced", "")).isEqualTo("even");

        assertThat(winner("objective: cheapest", ", hard: [latency <= 10ms]")).isEqualTo("near");
        assertThat(winner("objective: cheapest", ", hard: [carbon < 300]")).isEqualTo("even");
        assertThat(winner("objective: cheapest", ", soft: [latency <= 30ms, carbon <= 250]"))
                .isEqualTo("even");

        var none = apply("objective: cheapest", ", hard: [latency <= 1ms]");
        assertThat(intent(none).state()).isEqualTo("Failed");
        assertThat(intent(none).message().orElseThrow())
                .contains("of 4 that are large enough none meets 'latency <= 1'");
    }

    @Test
    void a_green_intent_that_may_wait_begins_at_the_hour_that_emits_the_least() {
        var day = new ArrayList<>(Collections.nCopies(24, 400L));
        day.set(9, 50L);
        day.set(10, 40L);
        sells("sunny", "0.90", 20, day.toArray(Long[]::new));
        sells("coal", "0.10", 20, Collections.nCopies(24, 450L).toArray(Long[]::new));
        var world = trading.buyer;
        Instant begun = world.now();
        var id = apply("objective: greenest\ndeadline: +12h", "");
        assertThat(intent(id).state()).isEqualTo("Waiting");
        assertThat(intent(id).message().orElseThrow())
                .as("2 of 8 CPUs, 90 g/kWh in two hours, 0.3 kW")
                .isEqualTo("7 g of CO2 are forecast of a start at " + begun.plus(Duration.ofHours(9)));
        assertThat(seller()).isEqualTo("nobody");

        world.settleFor(Duration.ofHours(8), Duration.ofHours(1));
        assertThat(intent(id).state()).isEqualTo("Waiting");
        world.settleFor(Duration.ofHours(1), Duration.ofMinutes(30));
        world.settleFor(Duration.ofMinutes(2), Duration.ofSeconds(10));
        assertThat(intent(id).state()).as(() -> world.story(id)).isEqualTo("Running");
        assertThat(seller()).isEqualTo("sunny");
        world.settleFor(Duration.ofHours(4), Duration.ofMinutes(30));
        assertThat(intent(id).state()).isEqualTo("Done");
    }

    @Test
    void it_does_not_wait_if_nobody_forecasts_or_if_there_is_no_time_and_leaves_nothing_if_it_is_given_up() {
        sells("silent", "0.10", 20);
        var known = apply("objective: greenest\ndeadline: +12h", "");
        assertThat(seller()).as(() -> trading.buyer.story(known)).isEqualTo("silent");
        trading.buyer.intents.delete(World.ALICE, known).orThrow();

        trading.buyer.settleFor(Duration.ofSeconds(20), Duration.ofSeconds(10));
        sells("sunny", "0.90", 20, 400L, 400L, 400L, 10L, 10L, 400L);
        trading.discovers();
        var hurried = apply("objective: greenest\ndeadline: +1h", "");
        assertThat(intent(hurried).state()).isIn("Acquiring", "Placing", "Running");
        trading.buyer.intents.delete(World.ALICE, hurried).orThrow();
        trading.buyer.settleFor(Duration.ofSeconds(20), Duration.ofSeconds(10));

        var waits = apply("objective: greenest\ndeadline: +8h", "");
        assertThat(intent(waits).state()).isEqualTo("Waiting");
        trading.buyer.intents.delete(World.ALICE, waits).orThrow();
        trading.buyer.settleFor(Duration.ofHours(10), Duration.ofHours(1));
        trading.buyer.nothingIsLeft();
    }
}
