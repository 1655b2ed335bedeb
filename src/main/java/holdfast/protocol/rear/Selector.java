package holdfast.protocol.rear;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import java.util.EnumSet;
import java.util.List;

/// What flavors somebody wants to hear of (fluidos.md 2.7). Made by [#of]. No selector at all means any flavor.
///
/// @param filters all of them must pass; none means any flavor of the type
public record Selector(FlavorType type, List<Filter> filters) {
    public Selector {
        filters = List.copyOf(filters);
    }

    /// Sees that flavors of the type have what the filters look at, and that none is looked at twice.
    public static Answer<Selector> of(FlavorType type, List<Filter> filters) {
        var seen = EnumSet.noneOf(Attribute.class);
        for (var filter : filters) {
            var attribute = filter.attribute();
            if (!attribute.isOf(type)) {
                return Answer.no(Refusal.malformed(
                        attribute.word(),
                        "flavors of type " + type.word() + " have no " + attribute.word() + ": leave the filter out"));
            }
            if (!seen.add(attribute)) {
                return Answer.no(Refusal.malformed(
                        attribute.word(),
                        "there is more than one filter of " + attribute.word() + ": give a value or a range"));
            }
        }
        return Answer.yes(new Selector(type, filters));
    }

    /// Whether the flavor as a whole passes (fluidos.md 6.1): `cpu` = 2 does not find a flavor of 8 CPUs, though it
    /// could be cut.
    public boolean matches(Flavor flavor) {
        return flavor.kind().type() == type && filters.stream().allMatch(filter -> filter.passes(flavor));
    }
}
