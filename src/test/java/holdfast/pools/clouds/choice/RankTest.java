package holdfast.pools.clouds.choice;

import static holdfast.pools.clouds.choice.Clouds.NOW;
import static holdfast.pools.clouds.choice.Clouds.account;
import static holdfast.pools.clouds.choice.Clouds.deterministic;
import static holdfast.pools.clouds.choice.Clouds.facts;
import static holdfast.pools.clouds.choice.Clouds.group;
import static holdfast.pools.clouds.choice.Clouds.memory;
import static holdfast.pools.clouds.choice.Clouds.order;
import static holdfast.pools.clouds.choice.Clouds.pool;
import static holdfast.pools.clouds.choice.Clouds.request;
import static holdfast.pools.clouds.choice.Clouds.with;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.CloudPool.PriorityGroup;
import holdfast.pools.clouds.CloudPool.Strategy;
import holdfast.pools.clouds.CloudPool.Strategy.CostOrder;
import holdfast.pools.clouds.CloudPool.Strategy.PenaltyForFailure;
import holdfast.pools.clouds.CloudPool.Strategy.StrictOrder;
import holdfast.pools.clouds.CloudPool.Strategy.Weighting;
import holdfast.pools.clouds.costs.Billing;
import holdfast.pools.clouds.costs.Cost;
import holdfast.pools.clouds.costs.Cost.Chargeable;
import holdfast.pools.clouds.costs.Tariff;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/// In which order accounts are tried (aeolus.md 6.5, step 4).
final class RankTest {
    private static final CloudAccount A = account("a");
    private static final CloudAccount B = account("b");
    private static final CloudAccount C = account("c");
    private static final List<CloudAccount> ALL = List.of(A, B, C);
    private static final int DRAWS = 3_000;

    private static Map<UUID, List<Instant>> failures(CloudAccount account, int count) {
        return Map.of(
                account.id(),
                IntStream.range(0, count)
                        .mapToObj(minute -> NOW.minus(Duration.ofMinutes(minute)))
                        .toList());
    }

    private static Cost price(CloudAccount account, String price) {
        return new Cost(
                account.provider().id(),
                "small",
                Chargeable.HARDWARE_PROFILE,
                new BigDecimal(price),
                Billing.HOUR,
                Instant.EPOCH,
                Optional.empty());
    }

    private static Explanation choose(CloudPool pool, Facts facts, long seed) {
        return Selection.choose(request(pool, memory("w", "512")), facts, seed);
    }

    private static Facts usual(CloudPool pool) {
        return facts(request(pool, memory("w", "512")));
    }

    /// How often an account is first.
    private static double share(CloudPool pool, Facts facts, CloudAccount account) {
        return LongStream.range(0, DRAWS)
                        .filter(seed ->
                                order(choose(pool, facts, seed)).getFirst().equals(account.label()))
                        .count()
                / (double) DRAWS;
    }

    private static Map<String, Double> scores(CloudPool pool, Facts facts) {
        return choose(pool, facts, 1).accounts().stream()
                .collect(toMap(
                        verdict -> verdict.account().label(),
                        verdict -> verdict.score().orElseThrow()));
    }

    @Test
    void chances_go_by_the_score_plus_101() {
        var weighted = pool(List.of(A, B), List.of(), Map.of(A.id(), 100), new Weighting());
        double share = share(weighted, usual(weighted), A);
        assertThat(share / (1 - share)).isCloseTo(201.0 / 101, within(0.05 * 201 / 101));
        assertThat(scores(weighted, usual(weighted))).isEqualTo(Map.of("a", 100.0, "b", 0.0));
    }

    @Test
    void without_a_strategy_all_have_the_same_chance_and_the_second_is_drawn_from_the_rest() {
        var plain = pool(ALL);
        assertThat(share(plain, usual(plain), A)).isCloseTo(1.0 / 3, within(0.03));
        var seconds = LongStream.range(0, DRAWS)
                .mapToObj(seed -> order(choose(plain, usual(plain), seed)))
                .filter(order -> order.getFirst().equals("c"))
                .toList();
        double second =
                seconds.stream().filter(order -> order.get(1).equals("a")).count() / (double) seconds.size();
        assertThat(second).isCloseTo(0.5, within(0.05));
    }

    @Test
    void what_is_drawn_without_replacement_follows_the_weights_of_the_rest() {
        var weighted = pool(ALL, List.of(), Map.of(A.id(), 100, B.id(), -50), new Weighting());
        long both = LongStream.range(0, DRAWS)
                .filter(seed -> order(choose(weighted, usual(weighted), seed)).equals(List.of("a", "c", "b")))
                .count();
        assertThat(both / (double) DRAWS).isCloseTo(201.0 / 353 * 101 / 152, within(0.03));
    }

    @Test
    void the_group_with_the_higher_score_is_always_first_and_an_account_is_tried_once() {
        var ordered = pool(
                ALL, List.of(group("low", -5, C, B), group("high", 10, B)), Map.of(A.id(), 100), new StrictOrder());
        for (long seed = 0; seed < 200; seed++) {
            assertThat(order(choose(ordered, usual(ordered), seed))).containsExactly("b", "c", "a");
        }
    }

    @Test
    void a_provider_in_a_group_means_all_its_accounts() {
        var second = account("a2", A.provider());
        var byProvider =
                new PriorityGroup(Clouds.id("g"), "g", 1, Set.of(A.provider().id()), Set.of());
        var ordered = pool(List.of(A, B, second), List.of(byProvider), Map.of(), new StrictOrder());
        assertThat(order(choose(ordered, usual(ordered), 7))).endsWith("b").hasSize(3);
    }

    @Test
    void weights_count_in_groups_only_after_strict_order() {
        var groups = List.of(group("g", 1, A, B));
        var weights = Map.of(A.id(), 100, B.id(), -100);
        var after = pool(List.of(A, B), groups, weights, new StrictOrder(), new Weighting());
        var before = pool(List.of(A, B), groups, weights, new Weighting(), new StrictOrder());
        assertThat(scores(after, usual(after))).isEqualTo(Map.of("a", 100.0, "b", -100.0));
        assertThat(scores(before, usual(before))).isEqualTo(Map.of("a", 0.0, "b", 0.0));
        assertThat(share(after, usual(after), A)).isGreaterThan(0.98);
        assertThat(share(before, usual(before), A)).isCloseTo(0.5, within(0.05));
    }

    @Test
    void failures_lower_the_score_and_move_the_share() {
        var careful = pool(List.of(A, B), new PenaltyForFailure(5, 240, 0));
        var failing = with(usual(careful), failures(A, 12));
        assertThat(scores(careful, failing)).isEqualTo(Map.of("a", -60.0, "b", 0.0));
        assertThat(share(careful, failing, A)).isCloseTo(41.0 / 142, within(0.03));
    }

    @Test
    void failures_of_long_ago_do_not_count() {
        var careful = pool(List.of(A, B), new PenaltyForFailure(5, 10, 0));
        assertThat(scores(careful, with(usual(careful), failures(A, 100)))).containsEntry("a", -55.0);
    }

    @Test
    void with_too_many_failures_an_account_is_the_last_resort_wherever_the_limit_stands() {
        var limit = new PenaltyForFailure(1, 240, 3);
        var groups = List.of(group("g", 100, A));
        for (var pool : List.of(
                pool(ALL, groups, Map.of(A.id(), 100), new StrictOrder(), limit, new Weighting()),
                pool(ALL, groups, Map.of(A.id(), 100), limit, new StrictOrder(), new Weighting()))) {
            for (long seed = 0; seed < 100; seed++) {
                assertThat(order(choose(pool, with(usual(pool), failures(A, 3)), seed)))
                        .endsWith("a");
                assertThat(order(choose(pool, with(usual(pool), failures(A, 2)), seed)))
                        .startsWith("a");
            }
        }
        var only = pool(List.of(A), limit);
        var choice = choose(only, with(usual(only), failures(A, 9)), 1);
        assertThat(order(choice)).containsExactly("a");
        assertThat(choice.accounts().getFirst().notes()).hasSize(1);
    }

    @Test
    void the_cheaper_account_gets_the_larger_share_and_one_without_a_price_no_reward() {
        var thrifty = pool(ALL, new CostOrder(1));
        var priced = with(usual(thrifty), new Tariff(List.of(price(A, "1"), price(B, "4"))));
        assertThat(scores(thrifty, priced)).isEqualTo(Map.of("a", 83.5, "b", 34.0, "c", 0.0));
        assertThat(share(thrifty, priced, A)).isCloseTo(184.5 / (184.5 + 135 + 101), within(0.03));
        assertThat(choose(thrifty, priced, 1).accounts())
                .allSatisfy(verdict -> assertThat(verdict.notes().isEmpty())
                        .isEqualTo(!verdict.account().label().equals("c")));
    }

    @Test
    void the_levels_of_impact_differ() {
        for (int impact = 1; impact <= 3; impact++) {
            var thrifty = pool(List.of(A), new CostOrder(impact));
            double expected =
                    List.of(100 - 16.5, 100 - Math.log(66) * 10, 100 - 33.0).get(impact - 1);
            assertThat(scores(thrifty, with(usual(thrifty), new Tariff(List.of(price(A, "1"))))))
                    .hasEntrySatisfying("a", score -> assertThat(score).isCloseTo(expected, within(1e-9)));
        }
    }

    @Test
    void prices_that_are_high_still_tell_accounts_apart() {
        for (int impact = 1; impact <= 3; impact++) {
            var thrifty = pool(ALL, new CostOrder(impact));
            var scores = scores(
                    thrifty,
                    with(usual(thrifty), new Tariff(List.of(price(A, "100"), price(B, "400"), price(C, "900")))));
            assertThat(scores.get("a")).isGreaterThan(scores.get("b") + 1);
            assertThat(scores.get("b")).isGreaterThan(scores.get("c") + 1);
        }
    }

    @Test
    void costs_count_in_every_group() {
        var pool = pool(ALL, List.of(group("g", 1, A, B)), Map.of(), new StrictOrder(), new CostOrder(1));
        var priced = with(usual(pool), new Tariff(List.of(price(A, "0"), price(B, "6"))));
        assertThat(scores(pool, priced)).isEqualTo(Map.of("a", 100.0, "b", 1.0, "c", 0.0));
    }

    @Test
    void each_change_is_clamped_at_once_so_the_order_of_strategies_matters() {
        var weights = Map.of(A.id(), 80);
        var penalty = new PenaltyForFailure(30, 240, 0);
        var cheap = new CostOrder(1);
        var prices = new Tariff(List.of(price(A, "0"))); // a reward of 100
        var orders = Map.<List<Strategy>, Double>of(
                List.of(new Weighting(), cheap, penalty), 70.0,
                List.of(penalty, cheap, new Weighting()), 100.0,
                List.of(penalty, cheap), 70.0,
                List.of(cheap, penalty), 70.0);
        orders.forEach((strategies, score) -> {
            var pool = pool(List.of(A), List.of(), weights, strategies.toArray(Strategy[]::new));
            assertThat(scores(pool, with(with(usual(pool), prices), failures(A, 1))))
                    .as(strategies.toString())
                    .containsEntry("a", score);
        });
    }

    @Test
    void a_deterministic_pool_goes_by_score_whatever_the_seed() {
        var pool = deterministic(pool(ALL, List.of(), Map.of(B.id(), 3, C.id(), 2), new Weighting()));
        for (long seed = 0; seed < 50; seed++) {
            assertThat(order(choose(pool, usual(pool), seed))).containsExactly("b", "c", "a");
        }
    }

    @Property(tries = 200)
    void neither_the_order_of_accounts_nor_who_is_missing_changes_the_order_of_the_rest(
            @ForAll long seed, @ForAll @Size(5) List<@IntRange(min = -100, max = 100) Integer> weights) {
        var accounts = new ArrayList<>(
                IntStream.range(0, 5).mapToObj(i -> account("n" + i)).toList());
        var byId =
                IntStream.range(0, 5).boxed().collect(toMap(i -> accounts.get(i).id(), weights::get));
        var all = pool(List.copyOf(accounts), List.of(), byId, new Weighting());
        var first = order(choose(all, usual(all), seed));
        assertThat(first).hasSize(5);
        Collections.rotate(accounts, 2);
        var turned = pool(List.copyOf(accounts), List.of(), byId, new Weighting());
        assertThat(order(choose(turned, usual(turned), seed))).isEqualTo(first);
        accounts.removeIf(account -> account.label().equals(first.getFirst()));
        var fewer = pool(List.copyOf(accounts), List.of(), byId, new Weighting());
        assertThat(order(choose(fewer, usual(fewer), seed))).isEqualTo(first.subList(1, 5));
    }

    @Property(tries = 200)
    void scores_never_leave_their_bounds(
            @ForAll @IntRange(min = -100, max = 100) int weight,
            @ForAll @IntRange(max = 50) int failed,
            @ForAll @IntRange(min = 1, max = 99) int percentage,
            @ForAll @IntRange(max = 999) int price,
            @ForAll @Size(max = 6) List<@IntRange(max = 5) Integer> chain) {
        var kinds = List.of(
                new Weighting(),
                new PenaltyForFailure(percentage, 240, 0),
                new CostOrder(1),
                new CostOrder(2),
                new CostOrder(3),
                new StrictOrder());
        var strategies = chain.stream().map(kinds::get).toArray(Strategy[]::new);
        var pool = pool(List.of(A, B), List.of(group("g", 1, A)), Map.of(A.id(), weight, B.id(), weight), strategies);
        var facts = with(with(usual(pool), failures(A, failed)), new Tariff(List.of(price(A, price + ""))));
        assertThat(scores(pool, facts).values())
                .allSatisfy(score -> assertThat(score).isBetween(-100.0, 100.0));
    }
}
