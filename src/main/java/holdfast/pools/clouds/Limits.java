package holdfast.pools.clouds;

import java.util.Optional;

/// How many instances an owner may have: a pool family, a pool, an account at a provider, or a user (aeolus.md 2.2).
///
/// @param running at most so many that are pending, running or shutting down, 0..2,147,483,647; empty = no limit
/// @param total at most so many of those and of stopped ones; empty = no limit
public record Limits(Optional<Integer> running, Optional<Integer> total) {
    public static final Limits NONE = new Limits(Optional.empty(), Optional.empty());
}
