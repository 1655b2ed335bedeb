package holdfast.core;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a provider of cloud resources has, as it was seen at one moment (promise.md 4.1, 4.6).
///
/// Amounts are by dimension: `instance`, `vcpu`, `memory_mb`, `disk_gb`, `address`, `network`, `subnet`, `port`,
/// `router`, `volume`, `volume_gb`, `snapshot`. An amount that is missing in `limits` is not limited.
///
/// @param hosts none if the account may not see them: then only `limits` are known
/// @param limits what the account may have in all
/// @param zones names of availability zones, also of those without hosts
/// @param keeper whether the account may keep others off what is held (it is an administrator there)
/// @param profiles its sizes with what they leave open; of a cloud whose sizes are fixed the same as `flavors`
/// @param realms parts of the cloud that something can be put into; of most the same as `zones`
/// @param collections what else can be had there, as Deltacloud calls it, such as `storage_volumes`, each with the
///     names of
///     features; `instances` among them (aeolus.md 4.8, 5.3.3)
public record CloudSupply(
        List<Host> hosts,
        Map<String, Long> limits,
        List<String> zones,
        List<Flavor> flavors,
        List<Image> images,
        List<Network> networks,
        boolean keeper,
        List<HardwareProfile> profiles,
        List<Realm> realms,
        Map<String, Set<String>> collections) {
    public CloudSupply {
        hosts = List.copyOf(hosts);
        limits = Map.copyOf(limits);
        zones = List.copyOf(zones);
        flavors = List.copyOf(flavors);
        images = List.copyOf(images);
        networks = List.copyOf(networks);
        profiles = profiles == null ? List.of() : List.copyOf(profiles); // kept before there were any
        realms = realms == null ? List.of() : List.copyOf(realms);
        collections = collections == null ? Map.of() : Map.copyOf(collections);
    }

    /// One whose sizes are fixed, and whose zones are its parts.
    public CloudSupply(
            List<Host> hosts,
            Map<String, Long> limits,
            List<String> zones,
            List<Flavor> flavors,
            List<Image> images,
            List<Network> networks,
            boolean keeper) {
        this(
                hosts,
                limits,
                zones,
                flavors,
                images,
                networks,
                keeper,
                flavors.stream().map(HardwareProfile::of).toList(),
                zones.stream().map(zone -> Realm.of(zone, hosts)).toList(),
                Map.of());
    }

    /// The same with other hosts.
    public CloudSupply with(List<Host> others) {
        return new CloudSupply(others, limits, zones, flavors, images, networks, keeper, profiles, realms, collections);
    }

    /// The same with what else can be had there.
    public CloudSupply offering(Map<String, Set<String>> others) {
        return new CloudSupply(hosts, limits, zones, flavors, images, networks, keeper, profiles, realms, others);
    }

    /// The same with other images and collections.
    public CloudSupply offering(List<Image> others, Map<String, Set<String>> had) {
        return new CloudSupply(hosts, limits, zones, flavors, others, networks, keeper, profiles, realms, had);
    }

    /// The same, but only these zones and their hosts.
    public CloudSupply in(List<String> wanted) {
        return new CloudSupply(
                hosts.stream().filter(host -> wanted.contains(host.zone())).toList(),
                limits,
                zones.stream().filter(wanted::contains).toList(),
                flavors,
                images,
                networks,
                keeper,
                profiles,
                realms.stream().filter(realm -> wanted.contains(realm.id())).toList(),
                collections);
    }

    /// A part of a cloud (aeolus.md 2.3).
    ///
    /// @param id the provider's word for it
    /// @param available takes new instances
    public record Realm(String id, String name, boolean available) {
        /// A zone is closed if all its hosts are known to be down.
        private static Realm of(String zone, List<Host> hosts) {
            var inside = hosts.stream().filter(host -> host.zone().equals(zone)).toList();
            return new Realm(zone, zone, inside.isEmpty() || inside.stream().anyMatch(Host::up));
        }
    }

    /// A hypervisor.
    ///
    /// The property `freepool` (true) says that its time is given by reservations only, so that what is held there
    /// is kept from others.
    ///
    /// @param id what the provider calls it
    /// @param up runs, and takes new servers
    /// @param total what servers on it may have in all, allocation ratios and reserved amounts already counted
    /// @param properties what queries may ask of it: `hypervisor_type`, `cpu_info`, traits as `trait:<name>`, ...
    public record Host(
            String name, String id, String zone, boolean up, Map<String, Long> total, Map<String, String> properties) {
        public static final String FREE_POOL = "freepool";

        public Host {
            total = Map.copyOf(total);
            properties = Map.copyOf(properties);
        }
    }

    /// A size of servers.
    ///
    /// @param vcpus at least 1
    /// @param memoryMb in MiB
    /// @param diskGb of root and ephemeral disk together, in GiB; 0 = as large as the image
    public record Flavor(String id, String name, int vcpus, int memoryMb, int diskGb, Map<String, String> extraSpecs) {
        public Flavor {
            extraSpecs = Map.copyOf(extraSpecs);
        }
    }

    /// Something to boot.
    public record Image(String id, String name) {}

    /// A network that servers can be put on, or that addresses come from.
    ///
    /// @param external has addresses to lend
    /// @param subnets of an external one
    public record Network(String id, String name, boolean external, List<Subnet> subnets) {
        public Network {
            subnets = List.copyOf(subnets);
        }

        /// One of which no more is known.
        public Network(String id, String name, boolean external) {
            this(id, name, external, List.of());
        }
    }

    /// Where the addresses of a network lie.
    ///
    /// @param block such as `203.0.113.0/24`
    /// @param lent what the provider gives to whoever asks for an address; what is reserved lies outside of it
    public record Subnet(String id, String block, List<Range> lent) {
        public Subnet {
            lent = List.copyOf(lent);
        }

        public boolean lends(Ipv4 address) {
            return lent.stream().anyMatch(range -> range.includes(address));
        }
    }

    /// Addresses from one to another, both included.
    public record Range(String first, String last) {
        boolean includes(Ipv4 address) {
            return Ipv4.read(first).filter(from -> from.compareTo(address) <= 0).isPresent()
                    && Ipv4.read(last).filter(to -> address.compareTo(to) <= 0).isPresent();
        }
    }
}
