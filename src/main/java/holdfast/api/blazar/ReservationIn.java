package holdfast.api.blazar;

import holdfast.broker.Directory;
import holdfast.broker.Places;
import holdfast.broker.choice.Affinity;
import holdfast.broker.choice.BeforeEnd;
import holdfast.broker.choice.Flavor;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.PropertyQuery;
import holdfast.core.Ipv4;
import holdfast.platform.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// Reads one reservation of a request (promise.md 5.4, table of resource types).
///
/// @param properties what queries may ask about; asked for only if there is a query
record ReservationIn(Directory directory, Supplier<Set<String>> properties) {
    static final long COUNT = 100_000;
    static final long VCPUS = 1_000_000;
    static final long MOST = 1_000_000_000;
    private static final List<String> BEFORE_END = List.of("", "default", "snapshot");

    /// An item, and how it was asked for.
    record Asked(Item item, Said.OfReservation said) {}

    /// @throws BlazarProblem 400
    Asked read(UUID id, Fields fields) {
        var kind = Kind.of(fields.needText("resource_type"));
        return switch (kind) {
            case HOSTS -> hosts(id, fields);
            case INSTANCES -> instances(id, fields);
            case FLAVOR -> flavor(id, fields);
            case ADDRESSES -> addresses(id, fields);
        };
    }

    private Asked hosts(UUID id, Fields fields) {
        long min = fields.needWhole("min", 1, COUNT);
        long max = fields.needWhole("max", 1, COUNT);
        if (max < min) {
            throw BlazarProblem.malformed("max is " + max + "; it must not be less than min, " + min);
        }
        var said = new Said.OfReservation(
                Kind.HOSTS,
                fields.needText("hypervisor_properties"),
                fields.needText("resource_properties"),
                beforeEnd(fields));
        return new Asked(Item.of(id, new Need.Hosts(min, max, query(said))).ending(meaning(said.beforeEnd())), said);
    }

    static BeforeEnd meaning(String beforeEnd) {
        return switch (beforeEnd) {
            case "default" -> BeforeEnd.DEFAULT;
            case "snapshot" -> BeforeEnd.SNAPSHOT;
            default -> BeforeEnd.NOTHING;
        };
    }

    static String beforeEnd(Fields fields) {
        var word = fields.text("before_end").orElse("default");
        if (!BEFORE_END.contains(word)) {
            throw BlazarProblem.malformed("before_end must be default, snapshot or empty");
        }
        return word;
    }

    private Asked instances(UUID id, Fields fields) {
        var size = new Flavor(
                fields.needWhole("vcpus", 1, VCPUS),
                fields.needWhole("memory_mb", 1, MOST),
                fields.needWhole("disk_gb", 0, MOST));
        long amount = fields.needWhole("amount", 1, COUNT);
        var said = new Said.OfReservation(Kind.INSTANCES, "", fields.needText("resource_properties"), "");
        var need = new Need.Instances(size, amount, amount, affinity(fields), query(said));
        return new Asked(Item.of(id, need).ending(BeforeEnd.NOTHING), said);
    }

    private Asked flavor(UUID id, Fields fields) {
        var wanted = fields.needText("flavor_id");
        var known = directory
                .flavor(Optional.empty(), wanted)
                .orElseThrow(() ->
                        BlazarProblem.malformed("flavor_id is '" + wanted + "', which no provider has; there are: "
                                + String.join(", ", directory.flavors(Optional.empty()))));
        long amount = fields.needWhole("amount", 1, COUNT);
        if (affinity(fields) != Affinity.NONE) {
            throw BlazarProblem.malformed("affinity must be none for a reservation of a flavor");
        }
        var source = Json.object()
                .put("id", known.id())
                .put("name", known.name())
                .put("vcpus", known.vcpus())
                .put("ram", known.memoryMb())
                .put("disk", known.diskGb());
        source.set("extra_specs", Json.toTree(known.extraSpecs()));
        var size = new Flavor(known.vcpus(), known.memoryMb(), known.diskGb());
        var need = new Need.Instances(size, amount, amount, Affinity.NONE, PropertyQuery.everything());
        return new Asked(
                Item.of(id, need).ending(BeforeEnd.NOTHING),
                new Said.OfReservation(Kind.FLAVOR, "", Json.text(source), ""));
    }

    private Asked addresses(UUID id, Fields fields) {
        var net = directory.network("network_id", fields.needText("network_id")).orThrow();
        long amount = fields.needWhole("amount", 1, COUNT);
        var required = required(fields, net.place());
        if (required.size() > amount) {
            throw BlazarProblem.malformed("required_floatingips names " + required.size() + " addresses, and amount is "
                    + amount + "; it must be at least as many");
        }
        var need = new Need.Addresses(net.place(), amount, required);
        var item = Item.of(id, need).at(Places.account(net.provider()));
        return new Asked(item, new Said.OfReservation(Kind.ADDRESSES, "", "", ""));
    }

    /// The addresses that must be among those that are reserved; none if nothing is said.
    static Set<String> required(Fields fields, String network) {
        var units = new TreeSet<String>();
        for (var node : LeaseIn.list(fields, "required_floatingips")) {
            var address = Ipv4.read(node.asString(""))
                    .orElseThrow(() -> BlazarProblem.malformed(
                            "required_floatingips must be a list of addresses such as 203.0.113.99"));
            units.add(Places.address(network, address.toString()));
        }
        return units;
    }

    /// True, false, or nothing, in all the ways in which clients write it; nothing if it is missing (bug 2071832).
    static Affinity affinity(Fields fields) {
        JsonNode found = fields.node().path("affinity");
        if (found.isMissingNode() || found.isNull()) {
            return Affinity.NONE;
        }
        return switch (found.asString("").toLowerCase(Locale.ROOT)) {
            case "true" -> Affinity.TOGETHER;
            case "false" -> Affinity.APART;
            case "none", "" -> Affinity.NONE;
            default -> throw BlazarProblem.malformed("affinity must be True, False or None");
        };
    }

    /// Both queries together.
    PropertyQuery query(Said.OfReservation said) {
        return query("hypervisor_properties", said.hypervisorProperties())
                .and(query("resource_properties", said.resourceProperties()));
    }

    private PropertyQuery query(String field, String text) {
        var query = PropertyQuery.parse(field, text).orThrow();
        var unknown = new TreeSet<>(query.names());
        if (!unknown.isEmpty()) {
            unknown.removeAll(properties.get());
        }
        if (!unknown.isEmpty()) { // without those that there are, of which some are private
            throw BlazarProblem.malformed(field + " asks for property " + unknown.getFirst() + ", which no host has");
        }
        return query;
    }
}
