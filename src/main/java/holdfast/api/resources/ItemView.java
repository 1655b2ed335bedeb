package holdfast.api.resources;

import holdfast.broker.Directory;
import holdfast.broker.Places;
import holdfast.broker.Thing;
import holdfast.broker.choice.Affinity;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.core.Interval;
import holdfast.platform.Json;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/// Items of reservations in the words of a request, so that what is shown can be asked for again ([ReservationIntake]).
record ItemView(Directory directory) {
    /// @param when what steps that last for all of it need not say
    ObjectNode show(Item item, Interval when) {
        var node = Json.object();
        switch (item.need()) {
            case Need.Hosts hosts ->
                node.put("kind", "hosts")
                        .put("min", hosts.min())
                        .put("max", hosts.max())
                        .put("query", query(hosts.query().text()));
            case Need.Instances instances -> {
                node.put("kind", "instances").put("min", instances.min()).put("max", instances.max());
                node.set("flavor", Json.toTree(instances.flavor()));
                node.put("query", query(instances.query().text()));
                if (instances.affinity() != Affinity.NONE) {
                    node.put("affinity", instances.affinity() == Affinity.TOGETHER);
                }
            }
            case Need.Quantity(var steps) -> {
                node.put("kind", "quantity");
                if (steps.size() == 1 && steps.getFirst().when().equals(when)) {
                    node.set("amounts", Json.toTree(steps.getFirst().amount().amounts()));
                } else {
                    var list = node.putArray("steps");
                    steps.forEach(step -> list.addObject()
                            .put("start", step.when().from().toString())
                            .put("end", step.when().until().toString())
                            .set("amounts", Json.toTree(step.amount().amounts())));
                }
            }
            case Need.Addresses addresses -> {
                node.put("kind", "addresses")
                        .put("network", directory.words(addresses.network()))
                        .put("count", addresses.count());
                var required = node.putArray("required");
                addresses.required().stream().sorted().map(Places::address).forEach(required::add);
            }
            case Need.Elements(var elements) -> {
                var list = node.put("kind", "elements").putArray("elements");
                elements.forEach(element -> Thing.at(element.id())
                        .ifPresent(thing -> list.addObject()
                                .put("kind", thing.kind().word())
                                .put("id", directory.called(thing))
                                .put("exclusive", element.exclusive())));
            }
        }
        item.provider().ifPresent(place -> node.put("provider", directory.words(place)));
        if (!item.zones().isEmpty()) {
            var zones = node.putArray("zones");
            item.zones().forEach(place -> zones.add(directory.words(place)));
        }
        node.put("beforeEnd", item.beforeEnd().name().toLowerCase(Locale.ROOT));
        return node.put("within", item.within().name().toLowerCase(Locale.ROOT));
    }

    /// No query is no field.
    private static @org.jspecify.annotations.Nullable String query(String text) {
        return text.isEmpty() ? null : text;
    }
}
