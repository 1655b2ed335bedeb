package holdfast.pools.clouds.choice;

import holdfast.pools.clouds.ImageMapper.Mapped;
import holdfast.pools.clouds.Limits;
import holdfast.pools.clouds.costs.Tariff;
import holdfast.protocol.Match;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// What a choice looks at beside the request and the configuration (aeolus.md 6.5).
///
/// @param now prices of this time count, and failures before it
/// @param pool room in the pool
/// @param accounts room at accounts; those that are missing have no limit
/// @param forbidden ids of the front-end profiles that the user may not use
/// @param images what is known of the image of each assembly, in their order
/// @param failures when launches failed at accounts, as far back as a strategy of the pool looks
/// @param tried what must not be tried again
public record Facts(
        Instant now,
        Room pool,
        Room family,
        Room user,
        Map<UUID, Room> accounts,
        Set<String> forbidden,
        List<Images> images,
        Tariff tariff,
        Map<UUID, List<Instant>> failures,
        Set<Tried> tried) {
    public Facts {
        accounts = Map.copyOf(accounts);
        forbidden = Set.copyOf(forbidden);
        images = List.copyOf(images);
        failures = Map.copyOf(failures);
        tried = Set.copyOf(tried);
    }

    /// How many more instances an owner of a quota may have; may be below 0.
    ///
    /// @param running empty = no limit
    /// @param total stopped ones counted; empty = no limit
    public record Room(Optional<Long> running, Optional<Long> total) {
        public static final Room ENDLESS = new Room(Optional.empty(), Optional.empty());

        /// @param running that are there or reserved
        /// @param total that are there or reserved, stopped ones counted
        public static Room of(Limits limits, long running, long total) {
            return new Room(
                    limits.running().map(most -> most - running), limits.total().map(most -> most - total));
        }

        private Room less(int others) {
            return new Room(running.map(left -> left - others), total.map(left -> left - others));
        }

        boolean letsRun(int more) {
            return running.map(left -> left >= more).orElse(true);
        }

        boolean holds(int more) {
            return total.map(left -> left >= more).orElse(true);
        }
    }

    /// What is known of one image.
    public sealed interface Images {
        /// @param accounts what it is there; where it is missing, there is none
        record Known(Map<UUID, Mapped> accounts) implements Images {
            public Known {
                accounts = Map.copyOf(accounts);
            }
        }

        /// There is no such image.
        record Unknown() implements Images {}

        /// What knows does not answer.
        record Silent(String why) implements Images {}

        /// What it is at each account where it can be booted; empty while nobody can tell.
        default Optional<Map<UUID, String>> usable() {
            return switch (this) {
                case Known(var accounts) -> Optional.of(Mapped.usable(accounts));
                case Unknown _ -> Optional.of(Map.of());
                case Silent _ -> Optional.empty();
            };
        }
    }

    /// What was tried once (aeolus.md 2.8: InstanceMatch), whatever the sizes.
    public record Tried(UUID account, String profile, String image, Optional<String> realm) {
        public static Tried of(Match match) {
            return new Tried(match.account(), match.profile(), match.image(), match.realm());
        }
    }

    /// The same for a launch that was accepted: its room in pool and family, and the user's, is reserved.
    public Facts accepted() {
        return new Facts(
                now, Room.ENDLESS, Room.ENDLESS, Room.ENDLESS, accounts, forbidden, images, tariff, failures, tried);
    }

    /// The same for a user who may not use these front-end profiles.
    public Facts forbidding(Set<String> profiles) {
        return new Facts(now, pool, family, user, accounts, profiles, images, tariff, failures, tried);
    }

    /// The same if so many others are launched as well: there is room for one more only beside them.
    public Facts less(int others) {
        Map<UUID, Room> left = accounts.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, room -> room.getValue().less(others)));
        return new Facts(
                now,
                pool.less(others),
                family.less(others),
                user.less(others),
                left,
                forbidden,
                images,
                tariff,
                failures,
                tried);
    }

    int failures(UUID account, int minutes) {
        var first = now.minus(Duration.ofMinutes(minutes));
        return (int) failures.getOrDefault(account, List.of()).stream()
                .filter(time -> !time.isBefore(first) && !time.isAfter(now))
                .count();
    }
}
