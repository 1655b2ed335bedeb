package holdfast.pools.clouds;

import holdfast.pools.clouds.Right.Action;
import holdfast.pools.clouds.Right.Target;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// What one caller may do.
///
/// @param everything one who runs the installation
public record Held(boolean everything, List<Share> shares) {
    static final Held EVERYTHING = new Held(true, List.of());

    public Held {
        shares = List.copyOf(shares);
    }

    /// A role on an object, and on all its parts; on everything, if there is none.
    record Share(Optional<UUID> object, Right.Role role) {}

    /// Whether the caller may do something, on one thing.
    ///
    /// @param path the thing and all that it is a part of; nothing = everything at once
    public boolean may(Action action, Target target, Collection<UUID> path) {
        return everything
                || shares.stream()
                        .anyMatch(share -> share.role().allows(action, target)
                                && share.object().map(path::contains).orElse(true));
    }

    /// On which things the caller may do something, and so on their parts.
    ///
    /// @return empty = on all
    public Optional<Set<UUID>> where(Action action, Target target) {
        if (may(action, target, List.of())) {
            return Optional.empty();
        }
        return Optional.of(shares.stream()
                .filter(share -> share.role().allows(action, target))
                .flatMap(share -> share.object().stream())
                .collect(Collectors.toSet()));
    }
}
