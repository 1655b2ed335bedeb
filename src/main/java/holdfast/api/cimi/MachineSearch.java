package holdfast.api.cimi;

import holdfast.api.cimi.Kind.Found;
import holdfast.orchestrator.instances.InstanceFilter;
import holdfast.orchestrator.instances.InstanceOrder;
import holdfast.orchestrator.instances.InstanceOrder.By;
import holdfast.orchestrator.instances.InstanceView;
import holdfast.orchestrator.instances.Measure;
import java.util.ArrayList;
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

/// Finds the machines that a query asks for, of which there may be very many: what the database can tell apart and put
/// in order it does, and none but those of one page are held.
final class MachineSearch {
    private static final int PAGE = 500;

    private MachineSearch() {}

    static Found found(Face face, Query query) {
        var asked = MachineFilter.of(face, query.filters());
        var groups = groups(query.order());
        return asked.exact() && !groups.isEmpty()
                ? found(face, asked.which(), groups, query)
                : looked(face, asked.which(), query);
    }

    /// Machines that come one behind the other, in an order that the database knows.
    ///
    /// @param order empty = as they were made
    private record Group(InstanceFilter which, Optional<InstanceOrder> order) {
        static Group of(InstanceFilter which, By by, boolean descending) {
            return new Group(which, Optional.of(new InstanceOrder(by, descending)));
        }
    }

    /// What an order is made of, one group behind the other; none if the database does not know it.
    private static List<Group> groups(Optional<Query.Order> order) {
        if (order.isEmpty()) {
            return List.of(new Group(InstanceFilter.every(), Optional.empty()));
        }
        boolean descending = order.get().descending();
        return switch (order.get().attribute()) {
            case "id" -> List.of(Group.of(InstanceFilter.every(), By.ID, descending));
            case "name" -> List.of(Group.of(InstanceFilter.every(), By.NAME, descending));
            case "created" -> List.of(Group.of(InstanceFilter.every(), By.CREATED, descending));
            case "cpu" -> sized(Measure.CPU, By.CPU, descending);
            case "memory" -> sized(Measure.MEMORY, By.MEMORY, descending);
            case "state" ->
                (descending ? Machines.STATES.reversed() : Machines.STATES)
                        .stream()
                                .map(word -> Group.of(MachineFilter.inState(word), By.CREATED, descending))
                                .toList();
            default -> List.of();
        };
    }

    /// Those of which it is not known come last either way.
    private static List<Group> sized(Measure measure, By by, boolean descending) {
        var known = new InstanceFilter.Sized(measure, Optional.empty(), Optional.empty());
        return List.of(
                Group.of(known, by, descending), Group.of(new InstanceFilter.Not(known), By.CREATED, descending));
    }

    private static Found found(Face face, InstanceFilter which, List<Group> groups, Query query) {
        int total = face.cloud().count(which);
        var counts = counts(face, which, groups, total);
        int left = query.limit();
        int skipped = query.offset();
        var shown = Stream.<InstanceView>empty();
        for (int at = 0; at < groups.size(); at++) {
            int taken = Math.clamp(counts.get(at) - (long) skipped, 0, left);
            if (taken > 0) {
                shown = Stream.concat(shown, instances(face, which, groups.get(at), skipped, taken));
            }
            skipped = Math.max(skipped - counts.get(at), 0);
            left -= taken;
        }
        return new Found(
                shown.map(instance -> Machines.document(face, instance)).iterator(), total);
    }

    /// How many each group has; the first has what the others leave, and is not counted itself.
    private static List<Integer> counts(Face face, InstanceFilter which, List<Group> groups, int total) {
        var counts = new ArrayList<Integer>(List.of(total));
        groups.stream()
                .skip(1)
                .map(group -> face.cloud().count(which.and(group.which())))
                .forEach(counts::add);
        counts.set(
                0,
                Math.max(
                        0,
                        2 * total - counts.stream().mapToInt(Integer::intValue).sum()));
        return counts;
    }

    private static Stream<InstanceView> instances(Face face, InstanceFilter which, Group group, int offset, int limit) {
        var both = which.and(group.which());
        return group.order()
                .map(order -> face.cloud().sorted(both, order, offset, limit))
                .orElseGet(() -> face.cloud().instances(both, offset, limit));
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
        var some = query.slice(query.ordered(found, Place::key));
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
