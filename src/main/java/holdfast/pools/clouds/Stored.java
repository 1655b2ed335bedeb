package holdfast.pools.clouds;

import holdfast.core.HardwareProfile;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// What is kept of each kind of things that administrators set up. Others are named by their ids; who wants to use them
/// together asks a [Landscape].
public final class Stored {
    private Stored() {}

    /// @param accounts those that its pools may use
    /// @param mapper where images are mapped, if not here
    /// @param standard new accounts are put into it; true for exactly one
    public record Family(
            String description, Limits limits, Set<UUID> accounts, Optional<String> mapper, boolean standard) {
        public Family {
            accounts = Set.copyOf(accounts);
        }

        /// The same with other accounts.
        public Family using(Set<UUID> others) {
            return new Family(description, limits, others, mapper, standard);
        }

        Family standard(boolean is) {
            return new Family(description, limits, accounts, mapper, is);
        }
    }

    /// Its parent is its family.
    ///
    /// @param enabled else it takes no new instances
    /// @param exportedAs unique
    /// @param standard the pool of those who name none; true for exactly one
    /// @param strategies in their order; those that nobody has set are switched off
    public record Pool(
            String description,
            Limits limits,
            boolean enabled,
            boolean deterministic,
            Optional<String> exportedAs,
            boolean standard,
            List<Strategy> strategies,
            List<CloudPool.PriorityGroup> groups,
            Map<UUID, Integer> weights) {
        public Pool {
            strategies = List.copyOf(strategies);
            groups = List.copyOf(groups);
            weights = Map.copyOf(weights);
        }

        /// The same with other settings of how accounts are chosen.
        public Pool choosing(
                List<Strategy> others, List<CloudPool.PriorityGroup> otherGroups, Map<UUID, Integer> otherWeights) {
            return new Pool(
                    description,
                    limits,
                    enabled,
                    deterministic,
                    exportedAs,
                    standard,
                    others,
                    otherGroups,
                    otherWeights);
        }
    }

    /// @param name one of [Strategies#NAMES]
    /// @param config numbers by their names
    public record Strategy(String name, boolean enabled, Map<String, Integer> config) {
        public Strategy {
            config = Map.copyOf(config);
        }
    }

    /// @param type id of its type
    /// @param available as seen last
    public record Provider(
            String url,
            UUID type,
            Optional<String> region,
            boolean enabled,
            boolean available,
            List<HardwareProfile> profiles,
            List<CloudProvider.Realm> realms) {
        public Provider {
            profiles = List.copyOf(profiles);
            realms = List.copyOf(realms);
        }

        /// The same, switched on or off.
        public Provider enabled(boolean is) {
            return new Provider(url, type, region, is, available, profiles, realms);
        }

        Provider seen(boolean answers, List<HardwareProfile> offered, List<CloudProvider.Realm> parts) {
            return new Provider(url, type, region, enabled, answers, offered, parts);
        }
    }

    /// Its parent is its provider.
    ///
    /// @param site its id, and that of the site
    /// @param credentials by name; secret ones sealed
    /// @param realms keys of those that it sees
    /// @param takes as [Sites.Seen#takes]
    /// @param priority stored for those who set it
    public record Account(
            UUID site,
            Map<String, String> credentials,
            Limits limits,
            Set<String> realms,
            Optional<Set<String>> takes,
            Optional<Integer> priority) {
        public Account {
            credentials = Map.copyOf(credentials);
            realms = Set.copyOf(realms);
            takes = takes.map(Set::copyOf);
        }

        Account seeing(Sites.Seen seen) {
            var keys = seen.realms().stream().map(Sites.Part::key).collect(Collectors.toSet());
            return new Account(site, credentials, limits, keys, seen.takes(), priority);
        }
    }

    /// A front-end realm.
    ///
    /// @param realms ids of realms of providers
    /// @param providers any realm of these, or none
    public record Realm(String description, Set<UUID> realms, Set<UUID> providers) {
        public Realm {
            realms = Set.copyOf(realms);
            providers = Set.copyOf(providers);
        }
    }

    /// Its name is that under which the user logs in.
    public record User(Limits limits) {}

    /// @param members ids of users
    public record Group(String description, Set<UUID> members) {
        public Group {
            members = Set.copyOf(members);
        }
    }

    /// What can be launched as a deployment; its parent is its pool.
    ///
    /// @param xml see [holdfast.pools.clouds.Deployable]
    public record Deployable(String description, String xml) {}

    /// Deployables that belong together; its parent is its pool.
    ///
    /// @param deployables ids of some of its pool
    public record Catalog(String description, Set<UUID> deployables) {
        public Catalog {
            deployables = Set.copyOf(deployables);
        }
    }

    /// What something costs (aeolus.md 2.5).
    ///
    /// @param chargeable what it is for, see [Costs#chargeable]
    /// @param price in [0, 1000) with at most 5 decimals
    /// @param billing `hour`, `wall_clock_hour`, `per_property`
    /// @param to when another price took its place
    public record Cost(String chargeable, BigDecimal price, String billing, Instant from, Optional<Instant> to) {}
}
