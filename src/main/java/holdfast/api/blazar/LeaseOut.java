package holdfast.api.blazar;

import holdfast.broker.Places;
import holdfast.broker.Reservation;
import holdfast.broker.Reservation.Hold;
import holdfast.broker.Reservation.Part;
import holdfast.broker.choice.Affinity;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.ReadyOrder.What;
import holdfast.core.Copies;
import holdfast.engine.Resource;
import holdfast.platform.Json;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A reservation of ours as a lease, with every field that Blazar has (promise.md 5.4).
final class LeaseOut {
    private final Resource resource;
    private final Reservation reservation;
    private final LeaseStatus status;
    private final Said said;
    private final UnaryOperator<String> network;
    private final Instant now;

    private LeaseOut(Resource resource, LeaseStatus status, Said said, UnaryOperator<String> network, Instant now) {
        this.resource = resource;
        this.reservation = resource.as(Reservation.class);
        this.status = status;
        this.said = said;
        this.network = network;
        this.now = now;
    }

    /// @param network what one is called, by its place
    static ObjectNode show(
            Resource resource, LeaseStatus status, Said said, UnaryOperator<String> network, Instant now) {
        return new LeaseOut(resource, status, said, network, now).lease();
    }

    private ObjectNode lease() {
        var id = resource.id();
        var lease = Json.object()
                .put("id", id.toString())
                .put("name", resource.name())
                .put("user_id", reservation.user())
                .put("project_id", resource.project())
                .put("start_date", Dates.time(start()))
                .put("end_date", end())
                .put("trust_id", Copies.id("trust", id).toString().replace("-", ""))
                .put("status", status.name())
                .put("degraded", reservation.degraded() || reservation.atRisk());
        var reservations = lease.putArray("reservations");
        reservation.items().forEach(part -> reservations.add(reservation(part)));
        events(lease.putArray("events"));
        return stamped(lease);
    }

    /// What began `now` began with its minute.
    private Instant start() {
        var start = reservation.when().from();
        return said.here() ? Dates.minute(start) : start;
    }

    private @Nullable String end() {
        return reservation.when().isBounded() ? Dates.time(reservation.when().until()) : null;
    }

    private ObjectNode stamped(ObjectNode node) {
        return node.put("created_at", Dates.stamp(resource.created()))
                .put("updated_at", Dates.stamp(resource.updated()));
    }

    private ObjectNode reservation(Part part) {
        var id = part.item().id();
        var node = Json.object()
                .put("id", id.toString())
                .put("lease_id", resource.id().toString())
                .put("resource_id", Copies.id("resource", id).toString());
        details(node, part, Optional.ofNullable(said.reservations().get(id)));
        node.put("status", status.ofReservations(reservation.when().from(), now))
                .put("missing_resources", reservation.atRisk())
                .put("resources_changed", reservation.degraded() && !reservation.atRisk());
        return stamped(node);
    }

    /// What the type of the reservation adds. What was asked for in another interface is told in the words that
    /// come nearest.
    private void details(ObjectNode node, Part part, Optional<Said.OfReservation> words) {
        switch (part.item().need()) {
            case Need.Hosts hosts ->
                node.put("resource_type", Kind.HOSTS.word())
                        .put("min", hosts.min())
                        .put("max", hosts.max())
                        .put(
                                "hypervisor_properties",
                                words.map(Said.OfReservation::hypervisorProperties)
                                        .orElse(hosts.query().text()))
                        .put(
                                "resource_properties",
                                words.map(Said.OfReservation::resourceProperties)
                                        .orElse(""))
                        .put(
                                "before_end",
                                words.map(Said.OfReservation::beforeEnd).orElse(""));
            case Need.Instances instances -> {
                node.put(
                                "resource_type",
                                words.map(Said.OfReservation::type)
                                        .orElse(Kind.INSTANCES)
                                        .word())
                        .put("vcpus", instances.flavor().vcpus())
                        .put("memory_mb", instances.flavor().memoryMb())
                        .put("disk_gb", instances.flavor().diskGb())
                        .put("amount", instances.max())
                        .put("affinity", affinity(instances.affinity()))
                        .put(
                                "resource_properties",
                                words.map(Said.OfReservation::resourceProperties)
                                        .orElse(instances.query().text()));
                held(node, part);
            }
            case Need.Addresses addresses -> {
                node.put("resource_type", Kind.ADDRESSES.word())
                        .put("network_id", network.apply(addresses.network()))
                        .put("amount", addresses.count());
                var required = node.putArray("required_floatingips");
                addresses.required().stream().map(Places::address).sorted().forEach(required::add);
            }
            case Need.Quantity _ -> node.put("resource_type", "holdfast:quantity");
            case Need.Elements _ -> node.put("resource_type", "holdfast:elements");
        }
    }

    private static @Nullable Boolean affinity(Affinity affinity) {
        return switch (affinity) {
            case TOGETHER -> true;
            case APART -> false;
            case NONE -> null;
        };
    }

    /// What the provider made of it: the flavor that servers are to have.
    private static void held(ObjectNode node, Part part) {
        var facts = part.hold().map(Hold::facts).orElse(Map.of());
        node.put(
                        "flavor_id",
                        facts.getOrDefault("held.flavor_id", part.item().id().toString()))
                .put("aggregate_id", facts.get("held.aggregate_id"))
                .put("server_group_id", facts.get("held.server_group_id"));
    }

    private void events(ArrayNode events) {
        add(
                events,
                "start_lease",
                Optional.of(start()),
                status.start(reservation.when().from(), now));
        add(
                events,
                "end_lease",
                Optional.of(reservation.when().until())
                        .filter(_ -> reservation.when().isBounded()),
                status.end());
        reservation.warnAt().ifPresent(at -> add(events, "before_end_lease", Optional.of(at), warning(at)));
        said.reminders()
                .forEach(at -> add(
                        events,
                        LeaseIn.NOTIFICATION,
                        Optional.of(at),
                        isToCome(at) ? LeaseStatus.Event.UNDONE : LeaseStatus.Event.DONE));
    }

    /// What was to happen after the lease was over never does.
    private boolean isToCome(Instant at) {
        return at.isAfter(resource.removed().filter(now::isAfter).orElse(now));
    }

    /// It is done when the servers are kept that it asked for.
    private LeaseStatus.Event warning(Instant at) {
        return reservation
                .images()
                .map(images -> {
                    if (!images.waits().isEmpty()) {
                        return LeaseStatus.Event.IN_PROGRESS;
                    }
                    return images.refusal().isPresent() ? LeaseStatus.Event.ERROR : LeaseStatus.Event.DONE;
                })
                .orElseGet(() ->
                        status == LeaseStatus.ACTIVE && !reservation.done().contains(What.WARNING)
                                ? LeaseStatus.Event.UNDONE
                                : status.warning(at, now));
    }

    private void add(ArrayNode events, String type, Optional<Instant> at, LeaseStatus.Event event) {
        var id = resource.id();
        UUID own = Copies.id(type.equals(LeaseIn.NOTIFICATION) ? type + at.orElseThrow() : type, id);
        events.add(stamped(Json.object()
                .put("id", own.toString())
                .put("lease_id", id.toString())
                .put("event_type", type)
                .put("time", at.map(Dates::time).orElse(null))
                .put("status", event.name())));
    }
}
