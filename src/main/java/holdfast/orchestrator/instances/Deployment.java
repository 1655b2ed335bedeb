package holdfast.orchestrator.instances;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// What is kept of a deployment beside its name and state (aeolus.md 2.8).
///
/// @param parts ids of its instances, in the order of its assemblies; some may be gone
/// @param round counts the accounts that were asked for, from 1
/// @param deleting it goes as soon as nothing of it is left
/// @param trouble why it failed, or why the last attempt did
public record Deployment(
        UUID pool,
        String owner,
        Order order,
        List<UUID> parts,
        int round,
        boolean deleting,
        Uptime uptime,
        Optional<String> trouble) {
    public Deployment {
        parts = List.copyOf(parts);
    }

    /// What the user asked for beside its instances.
    ///
    /// @param partial those that can be made stay if others cannot
    /// @param deployable the XML that it was made of
    public record Order(
            Optional<String> description,
            Optional<String> realm,
            boolean partial,
            Map<String, String> properties,
            String deployable) {
        public Order {
            properties = Map.copyOf(properties);
        }

        Order described(Optional<String> other, Map<String, String> others) {
            return new Order(other, realm, partial, others, deployable);
        }
    }

    /// Since when it runs (aeolus.md 6.10).
    ///
    /// @param first when the first of its instances ran
    /// @param all when all of them ran
    /// @param ended when nothing of it ran any more
    public record Uptime(Optional<Instant> first, Optional<Instant> all, Optional<Instant> ended) {
        static final Uptime NONE = new Uptime(Optional.empty(), Optional.empty(), Optional.empty());

        Uptime began(Instant now) {
            return new Uptime(first.or(() -> Optional.of(now)), all, Optional.empty());
        }

        Uptime whole(Instant now) {
            return new Uptime(first, all.or(() -> Optional.of(now)), ended);
        }

        Uptime ended(Instant now) {
            return new Uptime(first, all, ended.or(() -> Optional.of(now)));
        }

        /// How long it is since then, until it ended; zero if it never was.
        Duration since(Optional<Instant> when, Instant now) {
            return when.map(begin -> Duration.between(begin, ended.orElse(now))).orElse(Duration.ZERO);
        }
    }

    Deployment with(Order next) {
        return new Deployment(pool, owner, next, parts, round, deleting, uptime, trouble);
    }

    Deployment with(Uptime next) {
        return new Deployment(pool, owner, order, parts, round, deleting, next, trouble);
    }

    /// To be tried at another account.
    Deployment nextRound() {
        return new Deployment(pool, owner, order, parts, round + 1, deleting, Uptime.NONE, trouble);
    }

    Deployment deleting(boolean is) {
        return new Deployment(pool, owner, order, parts, round, is, uptime, trouble);
    }

    Deployment troubled(Optional<String> why) {
        return new Deployment(pool, owner, order, parts, round, deleting, uptime, why);
    }
}
