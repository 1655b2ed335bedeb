package holdfast.api.resources;

import holdfast.broker.Directory;
import holdfast.broker.ItemChange;
import holdfast.broker.ReservationChange;
import holdfast.broker.choice.Affinity;
import holdfast.broker.choice.PropertyQuery;
import holdfast.core.Refusal;
import holdfast.pools.WindowPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// Reads a change of a reservation: what is named changes, the rest stays.
final class ReservationChangeIntake {
    private static final String NEVER = "never";

    private final List<Refusal> faults = new ArrayList<>();
    private final ReservationIntake words;

    ReservationChangeIntake(Directory directory, Instant now, Supplier<UUID> ids) {
        this.words = new ReservationIntake(directory, now, ids, WindowPolicy.STANDARD, (_, name) -> name, faults);
    }

    /// @throws Problem with all that is wrong
    ReservationChange read(JsonNode body) {
        var form = new Form(body, "", faults);
        var name = form.text("name", ReservationIntake.NAME);
        var start = ReservationIntake.time(form, "start");
        var end = ReservationIntake.time(form, "end");
        var expiry = timeOrNever(form, "expiry");
        var warnAt = timeOrNever(form, "warnAt");
        var priority = form.whole("priority", 0, 100).map(Math::toIntExact);
        var items = new ArrayList<ItemChange>();
        for (var node : form.list("items", ReservationIntake.ITEMS)) {
            item(new Form(node, "items[" + items.size() + "]", faults)).ifPresent(items::add);
        }
        form.end();
        if (!faults.isEmpty()) {
            throw Problem.of(faults);
        }
        return new ReservationChange(name, start, end, expiry, warnAt, priority, items);
    }

    private static Optional<Instant> timeOrNever(Form form, String field) {
        return form.any(field)
                        .filter(JsonNode::isString)
                        .map(JsonNode::stringValue)
                        .filter(NEVER::equals)
                        .isPresent()
                ? Optional.of(Instant.MAX)
                : ReservationIntake.time(form, field);
    }

    private Optional<ItemChange> item(Form form) {
        var id = form.requiredText("id", 64);
        var min = form.whole("min", 1, ReservationIntake.COUNT);
        var max = form.whole("max", 1, ReservationIntake.COUNT);
        var count = form.whole("count", 1, ReservationIntake.COUNT);
        var required = required(form);
        var flavor = form.any("flavor").flatMap(node -> words.flavor(form, node, Optional.empty()));
        var affinity = affinity(form);
        var query = form.has("query") ? words.query(form) : Optional.<PropertyQuery>empty();
        var amounts = form.any("amounts")
                .map(node -> words.named(form, "amounts", node))
                .orElse(Map.of());
        var beforeEnd = ReservationIntake.beforeEnd(form);
        form.end();
        return id(form, id)
                .map(item -> new ItemChange(
                        item, min, max.or(() -> count), flavor, affinity, query, amounts, required, beforeEnd));
    }

    /// What was required can only be given up.
    private static Optional<Set<String>> required(Form form) {
        if (!form.texts("required", 1, 64).isEmpty()) {
            form.fault("required", form.at("required") + " can only be given up, by []");
        }
        return form.has("required") ? Optional.of(Set.of()) : Optional.empty();
    }

    private Optional<Affinity> affinity(Form form) {
        var any = form.any("affinity")
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .filter("none"::equals);
        return any.isPresent()
                ? Optional.of(Affinity.NONE)
                : form.flag("affinity").map(together -> together ? Affinity.TOGETHER : Affinity.APART);
    }

    private static Optional<UUID> id(Form form, String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException _) {
            if (!text.isEmpty()) {
                form.fault(
                        "id",
                        form.at("id") + " is '" + Form.shorten(text) + "'; the items of the reservation have ids");
            }
            return Optional.empty();
        }
    }
}
