package holdfast.drivers.openstack;

import holdfast.authority.CloudThings.Kind;
import holdfast.authority.CloudThings.Rule;
import holdfast.authority.CloudThings.Source;
import holdfast.authority.CloudThings.Thing;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Things as the services of an OpenStack show them.
final class ThingReading {
    private ThingReading() {}

    static Thing read(Kind kind, JsonNode one) {
        return switch (kind) {
            case IMAGE -> image(one);
            case KEY -> key(one);
            case ADDRESS -> address(one, Optional.empty());
            case VOLUME -> volume(one);
            case SNAPSHOT ->
                new Thing.Snapshot(
                        id(one), name(one), Fields.maybe(one, "volume_id"), time(Fields.maybe(one, "created_at")));
            case FIREWALL ->
                new Thing.Firewall(
                        id(one),
                        name(one),
                        Fields.text(one, "description"),
                        Fields.text(one, "project_id"),
                        Fields.each(one.path("security_group_rules"))
                                .filter(rule -> Fields.text(rule, "direction").equals("ingress"))
                                .filter(rule -> Fields.maybe(rule, "protocol").isPresent())
                                .map(ThingReading::rule)
                                .toList());
            case NETWORK -> network(one, List.of());
            case SUBNET ->
                new Thing.Subnet(id(one), name(one), "UP", Fields.maybe(one, "cidr"), Fields.maybe(one, "network_id"));
            case BUCKET, LOAD_BALANCER, INTERFACE, METRIC ->
                throw new IllegalArgumentException("an OpenStack has no " + kind);
        };
    }

    private static String id(JsonNode one) {
        return Fields.text(one, "id");
    }

    private static String name(JsonNode one) {
        return Fields.maybe(one, "name").orElse(id(one));
    }

    /// A pair of keys has no id but its name.
    static Thing key(JsonNode one) {
        var name = Fields.text(one, "name");
        return new Thing.Key(name, name, Fields.maybe(one, "fingerprint"), Fields.maybe(one, "private_key"));
    }

    private static Thing image(JsonNode one) {
        return new Thing.Image(
                id(one),
                name(one),
                Fields.text(one, "description"),
                Fields.text(one, "owner"),
                Fields.maybe(one, "architecture"),
                Fields.text(one, "status").equals("active") ? "AVAILABLE" : word(Fields.text(one, "status")),
                Optional.empty(),
                time(Fields.maybe(one, "created_at")));
    }

    /// @param instance the server whose port has it
    static Thing address(JsonNode one, Optional<String> instance) {
        return new Thing.Address(id(one), Fields.text(one, "floating_ip_address"), instance);
    }

    private static Thing volume(JsonNode one) {
        var attachment = one.path("attachments").path(0);
        return new Thing.Volume(
                id(one),
                name(one),
                word(Fields.text(one, "status")),
                Optional.of(String.valueOf(Fields.number(one, "size"))),
                Fields.maybe(one, "availability_zone"),
                Fields.maybe(one, "volume_type"),
                time(Fields.maybe(one, "created_at")),
                Fields.maybe(attachment, "server_id"),
                Fields.maybe(attachment, "device"));
    }

    /// @param subnets of this and of others, as Neutron shows them
    static Thing network(JsonNode one, List<JsonNode> subnets) {
        return new Thing.Network(
                id(one),
                name(one),
                Fields.text(one, "status").equals("ACTIVE") ? "UP" : word(Fields.text(one, "status")),
                subnets.stream()
                        .filter(subnet -> Fields.text(subnet, "network_id").equals(id(one)))
                        .map(subnet -> Fields.text(subnet, "cidr"))
                        .toList(),
                Fields.words(one.path("subnets")));
    }

    /// What a rule does not say is everything.
    private static Rule rule(JsonNode one) {
        var source = Fields.maybe(one, "remote_group_id")
                .<Source>map(group -> new Source.Group(group, Fields.text(one, "project_id")))
                .orElseGet(() -> new Source.Addresses(Fields.maybe(one, "remote_ip_prefix")
                        .orElse(Fields.text(one, "ethertype").equals("IPv6") ? "::/0" : "0.0.0.0/0")));
        return new Rule(
                id(one),
                Fields.text(one, "protocol"),
                Fields.maybe(one, "port_range_min").orElse("1"),
                Fields.maybe(one, "port_range_max").orElse("65535"),
                "ingress",
                List.of(source));
    }

    private static String word(String status) {
        return status.toUpperCase(Locale.ROOT);
    }

    /// Cinder's times have no zone, and are those of UTC.
    private static Optional<String> time(Optional<String> text) {
        return text.map(said -> said.matches(".*(Z|[+-]\\d\\d:?\\d\\d)") ? said : said + "Z");
    }
}
