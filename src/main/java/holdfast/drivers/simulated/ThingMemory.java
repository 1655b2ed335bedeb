package holdfast.drivers.simulated;

import holdfast.authority.CloudThings.Rule;
import holdfast.authority.CloudThings.Source;
import holdfast.authority.CloudThings.Thing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What there is at a simulated cloud beside servers, by id. Not safe for several threads.
final class ThingMemory {
    final Map<String, Thing.Image> images = new TreeMap<>();
    final Map<String, Thing.Key> keys = new TreeMap<>();
    final Map<String, Thing.Address> addresses = new TreeMap<>();
    final Map<String, Thing.Volume> volumes = new TreeMap<>();
    final Map<String, Thing.Snapshot> snapshots = new TreeMap<>();
    final Map<String, Thing.Firewall> firewalls = new TreeMap<>();

    /// As it is kept in a file.
    record Kept(
            List<Thing.Image> images,
            List<Thing.Key> keys,
            List<Thing.Address> addresses,
            List<Thing.Volume> volumes,
            List<Thing.Snapshot> snapshots,
            List<KeptFirewall> firewalls) {}

    record KeptFirewall(String id, String description, List<KeptRule> rules) {}

    /// @param groups each as `name/owner`
    record KeptRule(
            String id,
            String protocol,
            String from,
            String to,
            String direction,
            List<String> blocks,
            List<String> groups) {
        private static KeptRule of(Rule rule) {
            return new KeptRule(
                    rule.id(),
                    rule.protocol(),
                    rule.from(),
                    rule.to(),
                    rule.direction(),
                    rule.sources().stream()
                            .filter(Source.Addresses.class::isInstance)
                            .map(source -> ((Source.Addresses) source).block())
                            .toList(),
                    rule.sources().stream()
                            .filter(Source.Group.class::isInstance)
                            .map(source -> ((Source.Group) source).name() + "/" + ((Source.Group) source).owner())
                            .toList());
        }

        private Rule rule() {
            var sources = new ArrayList<Source>();
            blocks.forEach(block -> sources.add(new Source.Addresses(block)));
            groups.forEach(group -> {
                int end = group.lastIndexOf('/');
                sources.add(new Source.Group(group.substring(0, end), group.substring(end + 1)));
            });
            return new Rule(id, protocol, from, to, direction, sources);
        }
    }

    /// Addresses of a server.
    List<String> of(String server) {
        return addresses.values().stream()
                .filter(address -> address.instance().equals(Optional.of(server)))
                .map(Thing.Address::ip)
                .toList();
    }

    /// The volume in a server, or in none.
    static Thing.Volume in(Thing.Volume volume, Optional<String> server, Optional<String> device) {
        return new Thing.Volume(
                volume.id(),
                volume.name(),
                server.isPresent() ? "IN-USE" : "AVAILABLE",
                volume.capacity(),
                volume.realm(),
                volume.kind(),
                volume.created(),
                server,
                device);
    }

    void clear() {
        List.of(images, keys, addresses, volumes, snapshots, firewalls).forEach(Map::clear);
    }

    void fill(Kept kept) {
        put(images, kept.images());
        put(keys, kept.keys());
        put(addresses, kept.addresses());
        put(volumes, kept.volumes());
        put(snapshots, kept.snapshots());
        kept.firewalls()
                .forEach(one -> firewalls.put(
                        one.id(),
                        SimulatedThings.firewall(
                                one.id(),
                                one.description(),
                                one.rules().stream().map(KeptRule::rule).toList())));
    }

    private static <T extends Thing> void put(Map<String, T> into, List<T> all) {
        all.forEach(one -> into.put(one.id(), one));
    }

    Kept kept() {
        return new Kept(
                List.copyOf(images.values()),
                List.copyOf(keys.values()),
                List.copyOf(addresses.values()),
                List.copyOf(volumes.values()),
                List.copyOf(snapshots.values()),
                firewalls.values().stream()
                        .map(one -> new KeptFirewall(
                                one.id(),
                                one.description(),
                                one.rules().stream().map(KeptRule::of).toList()))
                        .toList());
    }
}
