package holdfast.cli.setup;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// What is to be done so that all that is wanted is there: in the order of [Kind], so that what something refers to
/// comes before it. What nobody asks for is left alone.
public record Plan(List<Step> steps) {
    private static final int MOST_NAMES = 20;

    /// @param renew whether to give all credentials again: secrets cannot be compared
    /// @throws SetupException if something refers to what neither is there nor is wanted
    public static Plan of(List<Item> wanted, List<Item> there, boolean renew) {
        missing(wanted, there);
        var known = new HashMap<Item.Ref, Item>();
        there.forEach(item -> known.put(new Item.Ref(item.kind(), item.key()), item));
        var steps = new ArrayList<Step>();
        for (var kind : Kind.values())
            for (var item : wanted) {
                if (item.kind() != kind) continue;
                var now = known.get(new Item.Ref(kind, item.key()));
                if (now == null)
                    steps.add(new Step(item, List.copyOf(item.fields().keySet()), Map.of()));
                else change(item, difference(item, now, renew)).ifPresent(steps::add);
            }
        return new Plan(List.copyOf(steps));
    }

    private static Optional<Step> change(Item item, Map<String, JsonNode> difference) {
        return difference.isEmpty()
                ? Optional.empty()
                : Optional.of(new Step(item, List.copyOf(difference.keySet()), difference));
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
        wanted.forEach(item -> known.add(new Item.Ref(item.kind(), item.key())));
        there.forEach(item -> known.add(new Item.Ref(item.kind(), item.key())));
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
