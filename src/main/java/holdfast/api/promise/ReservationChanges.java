package holdfast.api.promise;

import holdfast.api.Patience;
import holdfast.api.promise.Intent.Asked;
import holdfast.broker.ItemChange;
import holdfast.broker.Reservation;
import holdfast.broker.ReservationChange;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.engine.Resource;
import holdfast.platform.Tx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// Changes of reservations (promise.md 4.4, 10.9): of the capacity the keys that are given replace, the others stay,
/// and zero takes one away.
final class ReservationChanges {
    private static final int MOST_FLAVORS = 32;
    private static final long MOST_COUNT = 100_000;

    private final Parts parts;

    ReservationChanges(Parts parts) {
        this.parts = parts;
    }

    List<Intent> all() {
        return List.of(Intent.changing(
                "update-reservation",
                "Changes a reservation, all that is named or nothing.",
                List.of(
                        ReservationIntents.ID,
                        "name",
                        "start",
                        "end",
                        "expiry",
                        "priority",
                        "warn-at",
                        "capacity",
                        "instance",
                        "zone",
                        "elements"),
                List.of(ReservationIntents.ID, "status", "start", "end", "expiry", "deficit"),
                this::update));
    }

    private ObjectNode update(Asked asked) {
        var fields = asked.fields();
        var ref = fields.ref(ReservationIntents.ID);
        fields.missing(ReservationIntents.ID);
        for (var field : List.of("zone", "elements")) {
            fields.any(field)
                    .filter(node -> !node.isEmpty() || node.isString())
                    .ifPresent(_ -> fields.fault(field, "cannot be changed; make another reservation"));
        }
        var reservations = parts.broker().reservations();
        var changed = reservations
                .consulted(
                        asked.caller(),
                        policy -> parts.in(tx -> {
                            var known = ref.map(given -> parts.mine().reservation(tx, asked.caller(), given));
                            var change = known.map(reservation -> read(tx, fields, reservation.as(Reservation.class)));
                            asked.end();
                            var id = known.orElseThrow().id();
                            return reservations.update(
                                    tx, id, change.orElseThrow(), asked.caller().user(), policy);
                        }))
                .orThrow();
        return changed(parts, asked, changed, "changed");
    }

    /// The reservation when its providers have agreed to a change, or as it is when the patience is over.
    ///
    /// @param done what is said when they have
    static ObjectNode changed(Parts parts, Asked asked, Resource changed, String done) {
        var settled = parts.patience()
                .await(
                        asked.caller(),
                        changed.id(),
                        Patience.of(asked.http()),
                        resource -> !resource.as(Reservation.class).isUpdating());
        var reservation = settled.as(Reservation.class);
        var told = reservation
                .notUpdated()
                .map(Told::refused)
                .orElseGet(() -> Told.ok(
                        reservation.isUpdating() ? "providers are still to agree; query it, or hear of it" : done));
        return ReservationIntents.about(told, settled);
    }

    private ReservationChange read(Tx tx, Fields fields, Reservation before) {
        var start = fields.time("start");
        return new ReservationChange(
                fields.text("name"),
                start,
                fields.time("end"),
                ReservationWish.expiry(fields, start.orElse(before.when().from())),
                fields.time("warn-at"),
                fields.whole("priority", 0, 100).map(Math::toIntExact),
                items(tx, fields, before));
    }

    private List<ItemChange> items(Tx tx, Fields fields, Reservation before) {
        var changes = new ArrayList<ItemChange>();
        var vector = fields.vector("capacity", 0);
        if (!vector.isEmpty()) {
            loose(before)
                    .ifPresentOrElse(
                            item -> changes.add(ItemChange.amounts(item, ours(vector))),
                            () -> fields.fault("capacity", "is not what was reserved: instances of flavors were"));
        }
        var wishes = parts.wishes(tx);
        for (var one : fields.objects("instance", MOST_FLAVORS)) {
            var size = wishes.flavor(one, "flavor", Optional.empty());
            long count = one.whole("count", 1, MOST_COUNT).orElse(1L);
            one.end();
            size.ifPresent(flavor -> before.items().stream()
                    .map(Reservation.Part::item)
                    .filter(item -> item.need() instanceof Need.Instances instances
                            && instances.flavor().equals(flavor))
                    .findFirst()
                    .ifPresentOrElse(
                            item -> changes.add(ItemChange.count(item.id(), count, count)),
                            () -> one.fault("flavor", "is not among those that were reserved")));
        }
        return changes;
    }

    private static Optional<UUID> loose(Reservation reservation) {
        return reservation.items().stream()
                .map(Reservation.Part::item)
                .filter(item -> item.need() instanceof Need.Quantity)
                .map(Item::id)
                .findFirst();
    }

    /// By our names, zeros included.
    private static Map<String, Long> ours(Map<String, Long> vector) {
        var ours = new LinkedHashMap<String, Long>();
        vector.forEach((key, amount) -> ours.put(Keys.dimension(key), amount));
        return ours;
    }
}
