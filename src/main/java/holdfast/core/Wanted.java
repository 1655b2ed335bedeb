package holdfast.core;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// What a provider of cloud resources is asked for.
///
/// Holds keep something for `project` from its start to its end: they are made when the promise is given, opened when
/// its time begins, closed when it ends (promise.md 4.8).
public sealed interface Wanted {
    /// A virtual machine.
    ///
    /// @param flavor id of a size
    /// @param image id of what to boot
    /// @param networks ids, in the order of the server's interfaces
    /// @param item the held item that it is to use: a reservation in the words of the provider
    /// @param metadata for the server; the key `holdfast` is ours
    /// @param host the name of the only host that will do; only for accounts that may see hosts
    record Server(
            String name,
            String flavor,
            String image,
            List<String> networks,
            Optional<String> zone,
            Optional<UUID> item,
            Map<String, String> metadata,
            Optional<String> host)
            implements Wanted {
        public Server {
            networks = List.copyOf(networks);
            metadata = Map.copyOf(metadata);
        }

        /// On whatever host the provider likes.
        public Server(
                String name,
                String flavor,
                String image,
                List<String> networks,
                Optional<String> zone,
                Optional<UUID> item,
                Map<String, String> metadata) {
            this(name, flavor, image, networks, zone, item, metadata, Optional.empty());
        }

        /// The same in a zone, or on a host.
        public Server in(Optional<String> otherZone, Optional<String> otherHost) {
            return new Server(name, flavor, image, networks, otherZone, item, metadata, otherHost);
        }

        /// The same where something is held for it.
        public Server using(UUID held) {
            return new Server(name, flavor, image, networks, zone, Optional.of(held), metadata, host);
        }
    }

    /// A virtual machine as those want it who choose among many clouds (aeolus.md 4.2): of a size that may leave
    /// something open, switched on or off.
    ///
    /// @param profile id of a size, a [HardwareProfile]
    /// @param sizes what is chosen where the profile leaves a choice: `memory` in MB, `cpu`, `storage` in GB,
    ///     `architecture`
    /// @param image id of what to boot
    /// @param realm id of a part of the cloud; empty = wherever it likes
    /// @param key name of a key at the cloud that opens it; empty = one is made for it, where that can be done
    /// @param publicKey the public half of the key that is made for it; empty = a new pair
    /// @param userData base64, passed on as it is
    /// @param extras what else is said when it is made, in the cloud's own words, such as `firewalls1`
    /// @param on runs; else it is stopped
    /// @param reboots how often it was restarted; one more restarts it
    record Instance(
            String name,
            String profile,
            Map<String, String> sizes,
            String image,
            Optional<String> realm,
            Optional<String> key,
            Optional<String> publicKey,
            Optional<String> userData,
            Map<String, String> extras,
            boolean on,
            int reboots)
            implements Wanted {
        public Instance {
            sizes = Map.copyOf(sizes);
            extras = Map.copyOf(extras);
            publicKey = publicKey == null ? Optional.empty() : publicKey; // kept before there was any
        }

        /// One for which no key is brought along.
        public Instance(
                String name,
                String profile,
                Map<String, String> sizes,
                String image,
                Optional<String> realm,
                Optional<String> key,
                Optional<String> userData,
                Map<String, String> extras,
                boolean on,
                int reboots) {
            this(name, profile, sizes, image, realm, key, Optional.empty(), userData, extras, on, reboots);
        }

        /// The same, stopped or running.
        public Instance switched(boolean toOn) {
            return new Instance(name, profile, sizes, image, realm, key, publicKey, userData, extras, toOn, reboots);
        }

        /// The same, restarted once more.
        public Instance rebooted() {
            return new Instance(name, profile, sizes, image, realm, key, publicKey, userData, extras, on, reboots + 1);
        }

        /// The same with a key.
        public Instance opened(Optional<String> by) {
            return new Instance(name, profile, sizes, image, realm, by, publicKey, userData, extras, on, reboots);
        }

        /// The same in the words of a cloud that knows nothing but sizes, images and zones.
        public Server server() {
            return new Server(name, profile, image, List.of(), realm, Optional.empty(), Map.of());
        }
    }

    /// A disk of its own.
    ///
    /// @param sizeGb at least 1
    record Volume(String name, int sizeGb, Optional<String> type, Optional<String> zone) implements Wanted {}

    /// Something that is held for a project; the objects that the provider keeps for it are found by `item`.
    sealed interface Hold extends Wanted {
        UUID item();

        /// The provider's id of the project that may use it; what is no such id stands for that of our account
        /// there.
        String project();

        /// The same for another project.
        Hold forProject(String other);
    }

    /// Whole hosts.
    ///
    /// @param hosts names, at least one
    record Hosts(UUID item, String project, List<String> hosts) implements Hold {
        public Hosts {
            hosts = List.copyOf(hosts);
        }

        @Override
        public Hosts forProject(String other) {
            return new Hosts(item, other, hosts);
        }
    }

    /// Room for servers of one size.
    ///
    /// @param size what each may have; its id and name are those of the size that it was taken from, if there was
    ///     one
    /// @param slots how many on each host, by its name
    /// @param together all on one host (true), each on another (false), or as it comes
    record Slots(
            UUID item, String project, CloudSupply.Flavor size, Map<String, Integer> slots, Optional<Boolean> together)
            implements Hold {
        public Slots {
            slots = Map.copyOf(slots);
        }

        @Override
        public Slots forProject(String other) {
            return new Slots(item, other, size, slots, together);
        }
    }

    /// Amounts of whatever the provider likes to give, at another Holdfast. They are held for a moment first, and
    /// lapse there unless they are taken.
    ///
    /// @param steps in order, disjoint
    /// @param taken whether they are to stay
    record Amounts(UUID item, String project, List<Stretch> steps, boolean taken) implements Hold {
        public Amounts {
            steps = List.copyOf(steps);
        }

        /// From the first step to the last.
        public Interval term() {
            return new Interval(
                    steps.getFirst().when().from(), steps.getLast().when().until());
        }

        @Override
        public Amounts forProject(String other) {
            return new Amounts(item, other, steps, taken);
        }
    }

    /// So much for a time.
    record Stretch(Interval when, Map<String, Long> amounts) {
        public Stretch {
            amounts = Map.copyOf(amounts);
        }
    }

    /// Addresses of an external network.
    ///
    /// @param network its id
    record Addresses(UUID item, String project, String network, List<String> addresses) implements Hold {
        public Addresses {
            addresses = List.copyOf(addresses);
        }

        @Override
        public Addresses forProject(String other) {
            return new Addresses(item, other, network, addresses);
        }
    }
}
