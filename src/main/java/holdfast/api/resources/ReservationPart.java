package holdfast.api.resources;

import static java.util.stream.Collectors.toMap;

import holdfast.broker.Directory;
import holdfast.broker.Reservation;
import holdfast.broker.choice.FlexibleWindow;
import holdfast.core.Caller;
import holdfast.engine.Engine;
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
    static final String ACTIVATE = "activate";

    private final Engine engine;

    ReservationPart(Engine engine) {
        this.engine = engine;
    }

    @Override
    public Map<UUID, ObjectNode> fields(Tx tx, List<Resource> page) {
        var directory = Directory.read(tx, engine.resources());
        return page.stream().collect(toMap(Resource::id, resource -> fields(resource, directory)));
    }

    /// Its own fields.
    static ObjectNode fields(Resource resource, Directory directory) {
        var reservation = resource.as(Reservation.class);
        var when = reservation.when();
        var node = Json.object()
                .put("owner", reservation.user())
                .put("start", Values.shown(when.from()))
                .put("end", when.isBounded() ? Values.shown(when.until()) : null)
                .put("expiry", text(reservation.expiry()))
                .put("goodUntil", text(reservation.goodUntil()))
                .put("warnAt", text(reservation.warnAt()))
                .put("priority", reservation.priority())
                .put("atRisk", reservation.atRisk())
                .put("degraded", reservation.degraded())
                .put("updating", reservation.isUpdating());
        var items = node.putArray("items");
        reservation.items().forEach(part -> items.add(item(part, reservation, directory)));
        node.set("released", Json.toTree(reservation.released().amounts()));
        reservation.images().ifPresent(images -> node.set("images", images(images)));
        node.set("updateError", reservation.notUpdated().map(Problem::what).orElse(null));
        node.set("error", reservation.refusal().map(Problem::what).orElse(null));
        return node;
    }

    /// The servers that were kept before the end.
    private static ObjectNode images(Reservation.Images images) {
        var node = Json.object().put("complete", images.waits().isEmpty());
        node.set("made", Json.toTree(images.made()));
        node.set("error", images.refusal().map(Problem::what).orElse(null));
        return node;
    }

    private static @org.jspecify.annotations.Nullable String text(Optional<Instant> time) {
        return time.map(Values::shown).orElse(null);
    }

    private static ObjectNode item(Reservation.Part part, Reservation reservation, Directory directory) {
        var node = new ItemView(directory).show(part.item(), reservation.when());
        node.put("id", part.item().id().toString());
        var placement = node.putArray("placement");
        part.placement()
                .forEach(place -> placement
                        .addObject()
                        .put("place", directory.words(place.place()))
                        .put("slots", place.slots()));
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
        if (resource.state().equals("held")) {
            return List.of(CONFIRM, CANCEL);
        }
        boolean open = resource.as(Reservation.class)
                .flexible()
                .filter(flexible -> flexible.mode() != FlexibleWindow.Mode.FIX)
                .isPresent();
        return open ? List.of(ACTIVATE, CANCEL) : List.of(CANCEL);
    }
}
