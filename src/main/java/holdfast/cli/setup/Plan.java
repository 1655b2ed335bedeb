package holdfast.cli.setup;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// What is to be done so that all that is wanted is there: in the order of [Kind], so that what something refers to
/// comes before it. What nobody asks for is left alone, unless it is to be pruned; that comes last, in the other order.
public record Plan(List<Step> steps) {
    private static final int MOST_NAMES = 20;

    /// @param renew whether to give all credentials again: secrets cannot be compared
    /// @throws SetupException if something refers to what neither is there nor is wanted
    public static Plan of(List<Item> wanted, List<Item> there, boolean renew) {
        missing(wanted, there);
        var known = new HashMap<Item.Ref, Item>();
        there.forEach(item -> known.put(item.ref(), item));
        var steps = new ArrayList<Step>();
        for (var kind : Kind.values())
            for (var item : wanted) {
                if (item.kind() != kind) continue;
                var now = known.get(item.ref());
                if (now == null) steps.add(Step.create(item));
                else change(item, difference(item, now, renew)).ifPresent(steps::add);
            }
        return new Plan(List.copyOf(steps));
    }

    /// Takes out what else there is in the lists that are named, unless something that is wanted refers to it.
    public Plan pruning(Wanted wanted, There there) {
        var kept = kept(wanted, there);
        var going = there.items().stream()
                .filter(item -> item.kind().removable() && wanted.lists().contains(item.list()))
                .filter(item -> !kept.contains(item.ref()))
                .sorted(Comparator.comparing(Item::kind).reversed())
                .toList();
        var all = new ArrayList<>(steps);
        for (var item : going)
            all.add(Step.remove(
                    item,
                    there.items().stream()
                            .filter(part -> item.kind().takes(part.kind()) && !going.contains(part))
                            .filter(part -> part.refs().contains(item.ref()))
                            .map(Item::name)
                            .toList()));
        return new Plan(List.copyOf(all));
    }

    /// What stays, what is wanted, what that refers to, and what all of these would go with.
    private static Set<Item.Ref> kept(Wanted wanted, There there) {
        var known = there.items().stream().collect(Collectors.toMap(Item::ref, Item::refs, (one, _) -> one));
        var left = new ArrayDeque<>(there.staying());
        wanted.items().forEach(item -> {
            left.add(item.ref());
            left.addAll(item.refs());
        });
        var kept = new HashSet<Item.Ref>();
        while (!left.isEmpty()) {
            var ref = left.remove();
            if (!kept.add(ref)) continue;
            known.getOrDefault(ref, List.of()).stream()
                    .filter(whole -> whole.kind().takes(ref.kind()))
                    .forEach(left::add);
        }
        return kept;
    }

    /// How many of its steps do that.
    public long count(Step.Verb verb) {
        return steps.stream().filter(step -> step.verb() == verb).count();
    }

    private static Optional<Step> change(Item item, Map<String, JsonNode> difference) {
        return difference.isEmpty() ? Optional.empty() : Optional.of(Step.change(item, difference));
    }

    /// The fields that are not as they are wanted, as they are.
    private static Map<String, JsonNode> difference(Item wanted, Item now, boolean renew) {
        var difference = new LinkedHashMap<String, JsonNode>();
        for (var field : wanted.kind().fields()) {
            var said = wanted.fields().get(field.name());
            var is = now.fields().get(field.name());
            if (said == null || is == null || field.identifies()) continue;
            boolean again = renew && field.shape() == Field.Shape.CREDENTIALS;
            if (again || !Forms.same(field, said, is)) difference.put(field.name(), is);
        }
        return difference;
    }

    private static void missing(List<Item> wanted, List<Item> there) {
        var known = new HashSet<Item.Ref>();
        wanted.forEach(item -> known.add(item.ref()));
        there.forEach(item -> known.add(item.ref()));
        for (var item : wanted)
            for (var ref : item.refs())
                if (!known.contains(ref) && !mayCome(ref, there)) throw nothing(item, ref, known);
    }

    /// Whether a look at a provider that is still to be added may show it.
    private static boolean mayCome(Item.Ref ref, List<Item> there) {
        if (!ref.kind().onlySeen()) return false;
        var provider = ref.key().split("/", 2)[0];
        return there.stream()
                .noneMatch(item ->
                        item.kind() == ref.kind() && item.text("provider").equals(provider));
    }

    private static SetupException nothing(Item item, Item.Ref ref, Set<Item.Ref> known) {
        var names = new TreeSet<String>();
        known.stream().filter(one -> one.kind() == ref.kind()).forEach(one -> names.add(one.key()));
        return new SetupException("%s %s: there is no %s %s, neither in the file nor at the server%s"
                .formatted(
                        item.kind().called(),
                        item.key(),
                        ref.kind().called(),
                        ref.key(),
                        names.isEmpty()
                                ? ""
                                : "; there are "
                                        + String.join(
                                                ", ",
                                                names.stream().limit(MOST_NAMES).toList())));
    }
}
