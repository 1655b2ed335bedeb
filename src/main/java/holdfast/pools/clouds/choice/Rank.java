package holdfast.pools.clouds.choice;

import static java.util.Comparator.comparingInt;

import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.CloudPool.PriorityGroup;
import holdfast.pools.clouds.CloudPool.Strategy;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// Accounts in groups, with scores in each (aeolus.md 6.5, step 4). Each strategy makes another rank of the one before.
///
/// @param groups those with the highest score are tried first
record Rank(List<Group> groups) {
    private static final int DEFAULT = -100_000;
    private static final int LAST_RESORT = DEFAULT * 100;
    private static final double MOST = 100;

    Rank {
        groups = groups.stream().sorted(comparingInt(Group::score).reversed()).toList();
    }

    /// @param scores by account, each -100..100
    record Group(int score, Map<UUID, Double> scores) {
        boolean isLastResort() {
            return score == LAST_RESORT;
        }

        private Group rewarded(ToDoubleFunction<UUID> reward) {
            var changed = new TreeMap<UUID, Double>();
            scores.forEach((account, score) -> changed.put(account, clamp(score + reward.applyAsDouble(account))));
            return new Group(score, changed);
        }

        private Group without(Set<UUID> accounts) {
            var left = new TreeMap<>(scores);
            left.keySet().removeAll(accounts);
            return new Group(score, left);
        }
    }

    /// Of accounts that all will do.
    ///
    /// @param prices of an hour, where they are known
    static Rank of(CloudPool pool, List<CloudAccount> possible, Facts facts, Map<UUID, BigDecimal> prices) {
        var rank = new Rank(
                List.of(group(DEFAULT, possible.stream().map(CloudAccount::id).toList())));
        for (var strategy : pool.strategies()) {
            rank = switch (strategy) {
                case Strategy.StrictOrder() -> rank.grouped(pool.groups(), possible);
                case Strategy.Weighting() ->
                    rank.rewarded(account -> pool.weights().getOrDefault(account, 0));
                case Strategy.PenaltyForFailure(var percentage, var minutes, var limit) -> {
                    Function<UUID, Integer> failures = account -> facts.failures(account, minutes);
                    yield rank.rewarded(account -> -(double) failures.apply(account) * percentage)
                            .banished(account -> limit > 0 && failures.apply(account) >= limit);
                }
                case Strategy.CostOrder(var impact) -> rank.rewarded(rewards(impact, prices));
            };
        }
        return rank;
    }

    private static Group group(int score, List<UUID> accounts) {
        return new Group(score, accounts.stream().collect(Collectors.toMap(account -> account, _ -> 0.0)));
    }

    /// What is the last resort already is in no other group: a hard limit is one wherever it stands.
    private Rank grouped(List<PriorityGroup> wanted, List<CloudAccount> possible) {
        var resort = groups.stream()
                .filter(Group::isLastResort)
                .flatMap(group -> group.scores().keySet().stream())
                .collect(Collectors.toSet());
        var more = new ArrayList<>(groups);
        for (var one : wanted) {
            var members = possible.stream()
                    .filter(account -> one.accounts().contains(account.id())
                            || one.providers().contains(account.provider().id()))
                    .map(CloudAccount::id)
                    .filter(account -> !resort.contains(account))
                    .toList();
            more.add(group(one.score(), members));
        }
        return new Rank(more);
    }

    private Rank rewarded(ToDoubleFunction<UUID> reward) {
        return new Rank(groups.stream().map(group -> group.rewarded(reward)).toList());
    }

    private Rank banished(Function<UUID, Boolean> out) {
        var banished = groups.stream()
                .flatMap(group -> group.scores().keySet().stream())
                .filter(out::apply)
                .collect(Collectors.toSet());
        var left = new ArrayList<>(
                groups.stream().map(group -> group.without(banished)).toList());
        left.add(group(LAST_RESORT, List.copyOf(banished)));
        return new Rank(left);
    }

    /// The cheaper the more; nothing for what has no price. If the dearest is beyond what the level can tell apart,
    /// all prices of the launch are scaled down alike (conductor issue 345).
    private static ToDoubleFunction<UUID> rewards(int impact, Map<UUID, BigDecimal> prices) {
        double dearest = prices.values().stream()
                .mapToDouble(BigDecimal::doubleValue)
                .max()
                .orElse(0);
        double scale = Math.min(1, domain(impact) / Math.max(dearest, Double.MIN_NORMAL));
        return account -> Optional.ofNullable(prices.get(account))
                .map(price -> MOST - clamp(penalty(impact, price.doubleValue() * scale)))
                .orElse(0.0);
    }

    private static double penalty(int impact, double price) {
        return switch (impact) {
            case 1 -> price * 16.5;
            case 2 -> Math.log((price + 1) * 33) * 10;
            default -> ((price + 2) * (price + 2) - 1) * 33 / 8;
        };
    }

    /// The highest price at which the penalty is below its bound.
    private static double domain(int impact) {
        return switch (impact) {
            case 1 -> 6;
            case 2 -> 666;
            default -> 3;
        };
    }

    private static double clamp(double score) {
        return Math.clamp(score, -MOST, MOST);
    }
}
