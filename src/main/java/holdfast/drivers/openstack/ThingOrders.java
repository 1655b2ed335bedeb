package holdfast.drivers.openstack;

import holdfast.authority.CloudThings.Rule;
import holdfast.authority.CloudThings.Source;
import holdfast.authority.CloudThings.Wish;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What Cinder and Neutron are asked for, as they want it written.
final class ThingOrders {
    private static final long SMALLEST_GB = 1;

    private ThingOrders() {}

    /// @param zones in which volumes may be
    static Map<String, Object> volume(Wish.Volume wish, Set<String> zones) {
        var order = new HashMap<String, Object>();
        wish.name().ifPresent(name -> order.put("name", name));
        wish.description().ifPresent(text -> order.put("description", text));
        wish.snapshot().ifPresent(snapshot -> order.put("snapshot_id", snapshot));
        wish.realm().filter(zones::contains).ifPresent(zone -> order.put("availability_zone", zone));
        if (wish.capacity().isPresent())
            order.put("size", Long.parseLong(wish.capacity().get()));
        else if (wish.snapshot().isEmpty()) order.put("size", SMALLEST_GB);
        return order;
    }

    /// Also of a volume that is in use.
    static Map<String, Object> snapshot(Wish.Snapshot wish) {
        var order = new HashMap<String, Object>(Map.of("volume_id", wish.volume(), "force", true));
        wish.name().ifPresent(name -> order.put("name", name));
        wish.description().ifPresent(text -> order.put("description", text));
        return order;
    }

    /// Neutron has a rule for each source.
    static List<Map<String, Object>> rules(String group, Rule rule) {
        return rule.sources().stream().map(source -> rule(group, rule, source)).toList();
    }

    private static Map<String, Object> rule(String group, Rule rule, Source source) {
        var order = new HashMap<String, Object>(
                Map.of("security_group_id", group, "direction", "ingress", "protocol", rule.protocol()));
        if (!rule.protocol().equals("icmp")) {
            order.put("port_range_min", Integer.parseInt(rule.from()));
            order.put("port_range_max", Integer.parseInt(rule.to()));
        }
        switch (source) {
            case Source.Addresses(var block) -> {
                order.put("remote_ip_prefix", block);
                order.put("ethertype", block.contains(":") ? "IPv6" : "IPv4");
            }
            case Source.Group(var name, var _) -> order.put("remote_group_id", name);
        }
        return order;
    }
}
