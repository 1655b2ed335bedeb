package holdfast.api.resources;

import static java.util.stream.Collectors.toMap;

import holdfast.broker.Reservation;
import holdfast.broker.choice.Need;
import holdfast.core.Caller;
import holdfast.engine.Resource;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// What reservations show.
final class ReservationPart implements Part {
    static final String CONFIRM = "confirm";
    static final String CANCEL = "cancel";

    @Override
    public Map<UUID, ObjectNode> fields(Tx tx, List<Resource> page) {
        return page.stream().collect(toMap(Resource::id, ReservationPart::fields));
    }

    /// Its own fields.
    static ObjectNode fields(Resource resource) {
        var reservation = resource.as(Reservation.class);
        var when = reservation.when();
        var node = Json.object()
                .put("owner", reservation.user())
                .put("start", Values.shown(when.from()))
                .put("end", when.isBounded() ? Values.shown(when.until()) : null)
                .put("expiry", text(reservation.expiry()))
                .put("goodUntil", text(reservation.goodUntil()))
                .put("priority", reservation.priority())
                .put("atRisk", reservation.atRisk())
                .put("degraded", reservation.degraded());
        var items = node.putArray("items");
        reservation.items().forEach(part -> items.add(item(part)));
        node.set("error", reservation.refusal().map(Problem::what).orElse(null));
        return node;
    }

    private static @org.jspecify.annotations.Nullable String text(Optional<Instant> time) {
        return time.map(Values::shown).orElse(null);
    }

    private static ObjectNode item(Reservation.Part part) {
        var item = part.item();
        var node = Json.object().put("id", item.id().toString());
        switch (item.need()) {
            case Need.Hosts hosts ->
                node.put("kind", "hosts")
                        .put("min", hosts.min())
                        .put("max", hosts.max())
                        .put("query", hosts.query().text());
            case Need.Instances instances ->
                node.put("kind", "instances")
                        .put("min", instances.min())
                        .put("max", instances.max())
                        .set("flavor", Json.toTree(instances.flavor()));
            case Need.Quantity quantity -> {
                node.put("kind", "quantity");
                var steps = node.putArray("steps");
                quantity.steps()
                        .forEach(step -> steps.addObject()
                                .put("start", step.when().from().toString())
                                .put("end", step.when().until().toString())
                                .set("amounts", Json.toTree(step.amount().amounts())));
            }
            case Need.Addresses addresses -> node.put("kind", "addresses").put("count", addresses.count());
            case Need.Elements elements ->
                node.put("kind", "elements").put("count", elements.elements().size());
        }
        var placement = node.putArray("placement");
        part.placement()
                .forEach(place ->
                        placement.addObject().put("place", place.place()).put("slots", place.slots()));
        part.hold().ifPresent(hold -> {
            node.put("held", hold.phase().name().toLowerCase(Locale.ROOT));
            node.set("facts", Json.toTree(hold.facts()));
        });
        return node;
    }

    @Override
    public List<String> actions(Caller caller, Resource resource) {
        if (resource.removed().isPresent()) {
            return List.of();
        }
        return resource.state().equals("held") ? List.of(CONFIRM, CANCEL) : List.of(CANCEL);
    }
}
