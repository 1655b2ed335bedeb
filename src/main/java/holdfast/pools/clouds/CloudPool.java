package holdfast.pools.clouds;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// A virtual cloud (aeolus.md 2.1, 2.6).
///
/// @param name unique in its family
/// @param enabled else it takes no new instances
/// @param deterministic accounts are tried by score, without a draw
/// @param strategies in the order in which they change the rank
/// @param groups with names and scores that are unique in the pool
/// @param weights score by account, -100..100
public record CloudPool(
        UUID id,
        String name,
        PoolFamily family,
        Limits limits,
        boolean enabled,
        boolean deterministic,
        List<Strategy> strategies,
        List<PriorityGroup> groups,
        Map<UUID, Integer> weights) {
    public CloudPool {
        strategies = List.copyOf(strategies);
        groups = List.copyOf(groups);
        weights = Map.copyOf(weights);
    }

    /// What changes the rank of accounts. One that is switched off is not among them.
    public sealed interface Strategy {
        record StrictOrder() implements Strategy {}

        record Weighting() implements Strategy {}

        /// @param percentage above 0, below 100
        /// @param minutes how far back failures count, above 0
        /// @param hardLimit so many failures and an account is the last resort; 0 = never
        record PenaltyForFailure(int percentage, int minutes, int hardLimit) implements Strategy {}

        /// @param impact 1..3
        record CostOrder(int impact) implements Strategy {}
    }

    /// @param score -100..100
    /// @param providers all of whose accounts are in it
    public record PriorityGroup(UUID id, String name, int score, Set<UUID> providers, Set<UUID> accounts) {
        public PriorityGroup {
            providers = Set.copyOf(providers);
            accounts = Set.copyOf(accounts);
        }
    }
}
