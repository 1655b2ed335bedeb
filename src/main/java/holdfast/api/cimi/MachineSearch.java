package holdfast.api.cimi;

import holdfast.api.cimi.Kind.Found;
import holdfast.orchestrator.instances.InstanceFilter;
import holdfast.orchestrator.instances.InstanceOrder;
import holdfast.orchestrator.instances.InstanceView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// Finds the machines that a query asks for, of which there may be very many: what the database can tell apart it does,
/// and none but those of one page are held.
final class MachineSearch {
    private static final int PAGE = 500;

    private MachineSearch() {}

    static Found found(Face face, Query query) {
        var asked = MachineFilter.of(face, query.filters());
        var order = query.order().flatMap(MachineSearch::order).filter(_ -> query.limit() <= PAGE);
        if (!asked.exact() || query.order().isPresent() && order.isEmpty()) {
            return looked(face, asked.which(), query);
        }
        var documents = order.map(by -> face.cloud().sorted(asked.which(), by, query.offset(), query.limit()).stream()
                        .map(instance -> Machines.document(face, instance)))
                .orElseGet(() -> documents(face, asked.which(), query.offset(), query.limit()));
        return new Found(documents.iterator(), face.cloud().count(asked.which()));
    }

    /// An order that the database knows, of which it gives one page.
    private static Optional<InstanceOrder> order(Query.Order order) {
        return switch (order.attribute()) {
            case "id" -> Optional.of(new InstanceOrder(InstanceOrder.By.ID, order.descending()));
            case "name" -> Optional.of(new InstanceOrder(InstanceOrder.By.NAME, order.descending()));
            case "created" -> Optional.of(new InstanceOrder(InstanceOrder.By.CREATED, order.descending()));
            default -> Optional.empty();
        };
    }

    private static Stream<ObjectNode> documents(Face face, InstanceFilter which, int offset, int limit) {
        return face.cloud().instances(which, offset, limit).map(instance -> Machines.document(face, instance));
    }

    /// What the database cannot tell apart, or put in order, is looked at one by one; no more is kept of each than
    /// its place, and those that are shown are read again.
    private static Found looked(Face face, InstanceFilter which, Query query) {
        var found = new ArrayList<Place>();
        face.cloud().instances(which, 0, Integer.MAX_VALUE).forEach(instance -> {
            var document = Machines.document(face, instance);
            if (query.matches(document)) {
                found.add(new Place(instance.id(), key(query, document)));
            }
        });
        query.order().ifPresent(by -> found.sort(Comparator.comparing(Place::key, by.keys())));
        var some = query.slice(found);
        var shown = IntStream.iterate(0, from -> from < some.size(), from -> from + PAGE)
                .mapToObj(from -> some.subList(from, Math.min(from + PAGE, some.size())))
                .flatMap(part -> documents(face, part));
        return new Found(shown.iterator(), found.size());
    }

    /// Where a machine stands among others.
    private record Place(UUID id, JsonNode key) {}

    private static JsonNode key(Query query, ObjectNode document) {
        return query.order().map(by -> by.key(document)).orElse(MissingNode.getInstance());
    }

    /// In their order, without those that have gone meanwhile.
    private static Stream<ObjectNode> documents(Face face, List<Place> places) {
        var ids = places.stream().map(Place::id).collect(Collectors.toSet());
        var there = face.cloud()
                .instances(new InstanceFilter.Among(ids), 0, ids.size())
                .collect(Collectors.toMap(InstanceView::id, Function.identity()));
        return places.stream()
                .flatMap(place -> Optional.ofNullable(there.get(place.id())).stream())
                .map(instance -> Machines.document(face, instance));
    }
}
