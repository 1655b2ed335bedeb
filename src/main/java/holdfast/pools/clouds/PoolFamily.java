package holdfast.pools.clouds;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What pools have in common: the accounts that they may use (aeolus.md 2.1).
///
/// @param name unique
/// @param accounts in the order of their labels
/// @param mapper where images are mapped, if not here (aeolus.md 5.2.2)
public record PoolFamily(UUID id, String name, Limits limits, List<CloudAccount> accounts, Optional<String> mapper) {
    public PoolFamily {
        accounts = List.copyOf(accounts);
    }
}
