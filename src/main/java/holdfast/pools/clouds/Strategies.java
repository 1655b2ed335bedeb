package holdfast.pools.clouds;

import static java.util.Objects.requireNonNullElse;

import holdfast.core.Refusal;
import holdfast.pools.clouds.CloudPool.PriorityGroup;
import holdfast.pools.clouds.Stored.Pool;
import holdfast.pools.clouds.Stored.Strategy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// How a pool chooses among accounts: strategies, groups and weights (aeolus.md 2.6), and what may be said of them.
public final class Strategies {
    public static final String STRICT_ORDER = "strict_order";
    public static final String PENALTY = "penalty_for_failure";
    public static final String WEIGHTING = "weighting";
    public static final String COST_ORDER = "cost_order";

    /// All that there are, in the order in which they are if nobody says otherwise.
    public static final List<String> NAMES = List.of(STRICT_ORDER, PENALTY, WEIGHTING, COST_ORDER);

    private static final String PERCENTAGE = "penalty_percentage";
    private static final String MINUTES = "time_period_minutes";
    private static final String HARD_LIMIT = "failure_count_hard_limit";
    private static final String IMPACT = "impact";
    private static final int MOST_SCORE = 100;
    private static final int MOST_GROUPS = 100;
    /// A year.
    private static final int MOST_MINUTES = 527_040;

    private Strategies() {}

    /// The numbers that a strategy knows.
    public static Set<String> numbers(String strategy) {
        return switch (strategy) {
            case PENALTY -> Set.of(PERCENTAGE, MINUTES, HARD_LIMIT);
            case COST_ORDER -> Set.of(IMPACT);
            default -> Set.of();
        };
    }

    /// All strategies of a pool in their order: those that nobody has set come last, switched off.
    public static List<Strategy> all(Pool pool) {
        var all = new ArrayList<>(pool.strategies());
        for (var name : NAMES) {
            if (pool.strategies().stream().noneMatch(one -> one.name().equals(name))) {
                all.add(new Strategy(name, false, Map.of()));
            }
        }
        return all;
    }

    /// Those that are switched on, with what they need.
    static List<CloudPool.Strategy> inForce(Pool pool) {
        return pool.strategies().stream()
                .filter(Strategy::enabled)
                .map(Strategies::strategy)
                .toList();
    }

    private static CloudPool.Strategy strategy(Strategy strategy) {
        var config = strategy.config();
        return switch (strategy.name()) {
            case STRICT_ORDER -> new CloudPool.Strategy.StrictOrder();
            case WEIGHTING -> new CloudPool.Strategy.Weighting();
            case PENALTY ->
                new CloudPool.Strategy.PenaltyForFailure(
                        number(config, PERCENTAGE, 5), number(config, MINUTES, 240), number(config, HARD_LIMIT, 0));
            case COST_ORDER -> new CloudPool.Strategy.CostOrder(number(config, IMPACT, 1));
            default -> throw new IllegalStateException("nobody stores a strategy " + strategy.name());
        };
    }

    @SuppressWarnings("NullAway") // what is missing in a map is null
    private static int number(Map<String, Integer> config, String name, int usual) {
        return requireNonNullElse(config.get(name), usual);
    }

    /// Whether a pool has settings for an account or a provider.
    static boolean naming(Pool pool, UUID id) {
        return pool.weights().containsKey(id)
                || pool.groups().stream()
                        .anyMatch(group -> group.accounts().contains(id)
                                || group.providers().contains(id));
    }

    /// The same without these.
    static Pool without(Pool pool, UUID id) {
        var weights = new HashMap<>(pool.weights());
        weights.remove(id);
        var groups = pool.groups().stream()
                .map(group -> new PriorityGroup(
                        group.id(),
                        group.name(),
                        group.score(),
                        others(group.providers(), id),
                        others(group.accounts(), id)))
                .toList();
        return pool.choosing(pool.strategies(), groups, weights);
    }

    private static Set<UUID> others(Set<UUID> ids, UUID gone) {
        return ids.stream().filter(id -> !id.equals(gone)).collect(Collectors.toSet());
    }

    /// What is wrong with the settings of a pool.
    static Optional<Refusal> fault(Pool pool) {
        var seen = new HashSet<String>();
        for (var strategy : pool.strategies()) {
            if (!NAMES.contains(strategy.name()) || !seen.add(strategy.name())) {
                return Entries.wrong("name", "of a strategy is one of " + String.join(", ", NAMES) + ", each once");
            }
            var fault = config(strategy);
            if (fault.isPresent()) {
                return fault;
            }
        }
        return groups(pool.groups())
                .or(() -> pool.weights().values().stream()
                        .flatMap(score -> score(score).stream())
                        .findFirst());
    }

    private static Optional<Refusal> config(Strategy strategy) {
        for (var number : strategy.config().entrySet()) {
            if (!numbers(strategy.name()).contains(number.getKey())) {
                return Entries.wrong("config", "of " + strategy.name() + " has no " + number.getKey());
            }
            int least = 1;
            int most = switch (number.getKey()) {
                case PERCENTAGE -> 99;
                case MINUTES -> MOST_MINUTES;
                case HARD_LIMIT -> 999;
                default -> 3;
            };
            if (number.getValue() < least || number.getValue() > most) {
                return Entries.wrong(number.getKey(), "must be from " + least + " to " + most);
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> groups(List<PriorityGroup> groups) {
        if (groups.size() > MOST_GROUPS) {
            return Entries.wrong("priority_groups", "are at most " + MOST_GROUPS);
        }
        var names = new HashSet<String>();
        var scores = new HashSet<Integer>();
        for (var group : groups) {
            var fault = Entries.label("name", group.name())
                    .or(() -> names.add(group.name()) ? Optional.empty() : Optional.of(Entries.taken("name")))
                    .or(() -> score(group.score()))
                    .or(() -> scores.add(group.score()) ? Optional.empty() : Optional.of(Entries.taken("score")));
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> score(int score) {
        return score < -MOST_SCORE || score > MOST_SCORE
                ? Entries.wrong("score", "must be from -" + MOST_SCORE + " to " + MOST_SCORE)
                : Optional.empty();
    }
}
