package holdfast.orchestrator.instances;

import holdfast.core.HardwareProfile;
import holdfast.core.SliverId;
import holdfast.pools.clouds.LaunchRequest;
import holdfast.protocol.Match;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is kept of an instance beside its name and state (aeolus.md 2.8).
///
/// @param deployment whose part it is
/// @param trouble why it failed, or why the last action did
public record Instance(
        UUID pool,
        String owner,
        Order order,
        Optional<UUID> deployment,
        Attempt attempt,
        Power power,
        Sight sight,
        Times times,
        Optional<String> trouble) {

    /// What the user asked for, with names resolved.
    ///
    /// @param build a version of the image; empty = the newest
    /// @param profile the front-end profile
    /// @param narrowed the same, as far as the user has said which of its sizes it is to be
    /// @param realm a front-end realm
    /// @param key name of a key
    /// @param imported that key, if it is one that accounts can take wherever it was made
    /// @param userData base64
    /// @param stopped it is stopped as soon as it runs
    /// @param tied the accounts that own something which is named; none = any
    /// @param driver only accounts at this type of providers will do
    /// @param extras what else is said to the cloud, in its own words
    /// @param seed of the draw among accounts
    public record Order(
            Optional<String> description,
            String image,
            Optional<String> build,
            HardwareProfile profile,
            HardwareProfile narrowed,
            Optional<Realm> realm,
            Optional<String> key,
            Optional<Imported> imported,
            Optional<String> userData,
            Map<String, String> properties,
            boolean stopped,
            Set<UUID> tied,
            Optional<String> driver,
            Map<String, String> extras,
            long seed) {
        public Order {
            imported = imported == null ? Optional.empty() : imported; // kept before there was any
            properties = Map.copyOf(properties);
            extras = Map.copyOf(extras);
            tied = Set.copyOf(tied);
        }

        /// What an account must know how to take, as Deltacloud calls it (aeolus.md 5.3.3).
        Set<String> features() {
            return Stream.of(
                            userData.map(_ -> "user_data"),
                            key.map(_ -> "authentication_key"),
                            imported.map(_ -> LaunchRequest.IMPORT_KEY))
                    .flatMap(Optional::stream)
                    .collect(Collectors.toSet());
        }

        Order described(Optional<String> other, Map<String, String> others) {
            return new Order(
                    other, image, build, profile, narrowed, realm, key, imported, userData, others, stopped, tied,
                    driver, extras, seed);
        }
    }

    /// A key of which the public half is known.
    ///
    /// @param account at which it is; the pool, if it is at none
    /// @param publicKey with which accounts make the same
    public record Imported(UUID account, String publicKey) {}

    /// A front-end realm.
    public record Realm(UUID id, String name) {}

    /// Where it is, or is being made.
    ///
    /// @param round counts the attempts from 1
    /// @param sliver under which the authority of clouds knows it; empty while it is placed nowhere
    public record Attempt(int round, Optional<SliverId> sliver, Optional<Match> match) {
        static final Attempt NONE = new Attempt(0, Optional.empty(), Optional.empty());

        /// The next one, which has to be placed.
        Attempt next() {
            return new Attempt(round + 1, Optional.empty(), Optional.empty());
        }

        /// Nothing of it is left where it was.
        Attempt left() {
            return new Attempt(round, Optional.empty(), Optional.empty());
        }

        Attempt at(int number, SliverId where, Match how) {
            return new Attempt(number, Optional.of(where), Optional.of(how));
        }
    }

    /// What was asked of the authority last.
    ///
    /// @param reboots how many, counted
    /// @param revision counts what was asked
    public record Power(boolean on, int reboots, long revision) {
        static final Power FIRST = new Power(true, 0, 0);

        Power asked(Action action) {
            return switch (action) {
                case START -> new Power(true, reboots, revision + 1);
                case STOP -> new Power(false, reboots, revision + 1);
                case REBOOT -> new Power(on, reboots + 1, revision + 1);
                case CREATE, DESTROY -> this;
            };
        }

        /// As it was before `action` was asked for; the revision is not used again.
        Power refused(Action action) {
            return switch (action) {
                case START -> new Power(false, reboots, revision);
                case STOP -> new Power(true, reboots, revision);
                case REBOOT -> new Power(on, reboots - 1, revision);
                case CREATE, DESTROY -> this;
            };
        }
    }

    /// What was seen of it at its account.
    ///
    /// @param key what the provider calls it
    public record Sight(Optional<String> key, List<String> publicAddresses, List<String> privateAddresses) {
        static final Sight NONE = new Sight(Optional.empty(), List.of(), List.of());

        public Sight {
            publicAddresses = List.copyOf(publicAddresses);
            privateAddresses = List.copyOf(privateAddresses);
        }

        /// With what is seen now; an address that was known is not forgotten because none is told (aeolus.md
        /// 6.9).
        Sight with(Sight now) {
            return new Sight(
                    now.key.or(() -> key),
                    now.publicAddresses.isEmpty() ? publicAddresses : now.publicAddresses,
                    now.privateAddresses.isEmpty() ? privateAddresses : now.privateAddresses);
        }
    }

    /// How long it was in which state.
    ///
    /// @param since when it entered the state that it is in
    /// @param entered when it entered each state last
    /// @param spent in each state that it has left
    public record Times(Instant since, Map<InstanceState, Instant> entered, Map<InstanceState, Duration> spent) {
        static Times from(Instant now) {
            return new Times(now, Map.of(InstanceState.NEW, now), Map.of());
        }

        Times moved(InstanceState from, InstanceState to, Instant now) {
            var nextSpent = new EnumMap<InstanceState, Duration>(InstanceState.class);
            nextSpent.putAll(spent);
            nextSpent.merge(from, Duration.between(since, now), Duration::plus);
            var nextEntered = new EnumMap<InstanceState, Instant>(InstanceState.class);
            nextEntered.putAll(entered);
            nextEntered.put(to, now);
            return new Times(now, nextEntered, nextSpent);
        }
    }

    Instance with(Order next) {
        return new Instance(pool, owner, next, deployment, attempt, power, sight, times, trouble);
    }

    Instance with(Attempt next) {
        return new Instance(pool, owner, order, deployment, next, power, sight, times, trouble);
    }

    Instance with(Power next) {
        return new Instance(pool, owner, order, deployment, attempt, next, sight, times, trouble);
    }

    Instance with(Sight next) {
        return new Instance(pool, owner, order, deployment, attempt, power, next, times, trouble);
    }

    Instance with(Times next) {
        return new Instance(pool, owner, order, deployment, attempt, power, sight, next, trouble);
    }

    Instance troubled(Optional<String> why) {
        return new Instance(pool, owner, order, deployment, attempt, power, sight, times, why);
    }
}
