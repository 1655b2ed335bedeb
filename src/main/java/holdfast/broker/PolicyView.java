package holdfast.broker;

import holdfast.broker.Reservation.Part;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.Placement;
import holdfast.broker.choice.Step;
import holdfast.core.Interval;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.pools.PolicyQuestion;
import holdfast.pools.PolicyQuestion.Lease;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Reservations as an external policy sees them: in Blazar's words, each item with what it would have (promise.md 5.5).
final class PolicyView {
    private final Resources resources;
    private final Units units;
    private final FloatingAddresses addresses;

    PolicyView(Resources resources, Units units, FloatingAddresses addresses) {
        this.resources = resources;
        this.units = units;
        this.addresses = addresses;
    }

    /// Tells of a place what is known of it.
    private interface Known {
        ObjectNode of(String place);
    }

    /// A reservation as it is.
    Lease present(Tx tx, Resource resource) {
        return lease(tx, resource, resource.as(Reservation.class), resource.name(), Optional.of(resource.id()));
    }

    /// As it is when its providers have agreed to what is under way.
    ///
    /// @param known whether it was there before
    Lease next(Tx tx, Resource resource, boolean known) {
        var id = Optional.of(resource.id()).filter(_ -> known);
        var reservation = resource.as(Reservation.class);
        return reservation.update().isPresent() && reservation.update().get() instanceof Update.Asked asked
                ? lease(tx, resource, asked.next(), asked.name().orElse(resource.name()), id)
                : lease(tx, resource, reservation, resource.name(), id);
    }

    private Lease lease(Tx tx, Resource resource, Reservation reservation, String name, Optional<UUID> id) {
        var places = reservation.items().stream()
                .flatMap(part -> part.placement().stream())
                .map(Placement::place)
                .distinct()
                .toList();
        var known = known(tx, places);
        return new Lease(
                id,
                name,
                reservation.user(),
                resource.project(),
                reservation.when(),
                reservation.warnAt(),
                reservation.items().stream()
                        .map(part -> reservation(part, reservation.when(), known))
                        .toList());
    }

    /// A host or an address with all that is known of it; of anything else, where it is.
    private Known known(Tx tx, List<String> places) {
        var found = new HashMap<String, ObjectNode>();
        units.at(tx, places).forEach(host -> found.put(host.place(), host(host)));
        if (places.stream().anyMatch(Places::isAddress)) {
            addresses.all(tx).forEach(address -> found.put(address.unit(), address(address)));
        }
        var directory = Directory.read(tx, resources);
        return place -> Optional.ofNullable(found.get(place))
                .map(ObjectNode::deepCopy) // several items may be there
                .orElseGet(() -> Json.object().put("place", directory.words(place)));
    }

    private static ObjectNode reservation(Part part, Interval when, Known known) {
        var node = Json.object().put("id", part.item().id().toString());
        wish(node, part.item().need(), when);
        var allocations = node.putArray("allocations");
        part.placement()
                .forEach(
                        placement -> allocations.add(known.of(placement.place()).put("slots", placement.slots())));
        return node;
    }

    private static void wish(ObjectNode node, Need need, Interval when) {
        switch (need) {
            case Need.Hosts hosts ->
                node.put("resource_type", "physical:host")
                        .put("min", hosts.min())
                        .put("max", hosts.max())
                        .put("hypervisor_properties", hosts.query().text())
                        .put("resource_properties", "");
            case Need.Instances instances ->
                node.put("resource_type", "virtual:instance")
                        .put("vcpus", instances.flavor().vcpus())
                        .put("memory_mb", instances.flavor().memoryMb())
                        .put("disk_gb", instances.flavor().diskGb())
                        .put("amount", instances.max())
                        .put("affinity", affinity(instances))
                        .put("resource_properties", instances.query().text());
            case Need.Addresses addresses -> {
                node.put("resource_type", "virtual:floatingip")
                        .put("network_id", Places.name(addresses.network()))
                        .put("amount", addresses.count());
                var required = node.putArray("required_floatingips");
                addresses.required().stream().map(Places::address).sorted().forEach(required::add);
            }
            case Need.Quantity(var steps) -> {
                node.put("resource_type", "holdfast:quantity");
                var list = node.putArray("steps");
                steps.forEach(step -> step(list.addObject(), step, when));
            }
            case Need.Elements _ -> node.put("resource_type", "holdfast:elements");
        }
    }

    private static @Nullable Boolean affinity(Need.Instances instances) {
        return switch (instances.affinity()) {
            case TOGETHER -> true;
            case APART -> false;
            case NONE -> null;
        };
    }

    /// A step that begins with the whole does not say when: that comes later while the policy is asked.
    private static void step(ObjectNode node, Step step, Interval when) {
        if (step.when().from().isAfter(when.from())) {
            node.put("start_date", PolicyQuestion.date(step.when().from()));
        }
        if (step.when().until().isBefore(when.until())) {
            node.put("end_date", PolicyQuestion.date(step.when().until()));
        }
        node.set("capacity", Json.toTree(step.amount().amounts()));
    }

    private static ObjectNode host(Units.Unit host) {
        var node = Json.object();
        host.asked().forEach(node::put);
        for (var column : List.of("vcpus", "memory_mb", "local_gb")) {
            node.put(column, Long.valueOf(Objects.requireNonNull(host.asked().get(column))));
        }
        return node.put("reservable", host.registered() && host.up());
    }

    private static ObjectNode address(AddressRegister.Address address) {
        return Json.object()
                .put("id", address.id().toString())
                .put("floating_network_id", address.network())
                .put("subnet_id", address.subnet())
                .put("floating_ip_address", address.address())
                .put("reservable", true);
    }
}
