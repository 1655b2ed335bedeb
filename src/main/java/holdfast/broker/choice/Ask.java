package holdfast.broker.choice;

import holdfast.core.Interval;
import java.util.HashSet;
import java.util.List;

/// A request as a whole: all its items or none.
///
/// @param project whose it is; units that the project uses already are liked
/// @param when the time of all items; the steps of a quantity lie inside
/// @param firm whether it is counted against later requests (promise.md 4.5)
/// @param prefer which of several hosts that would do
/// @param items 1 to 64, or none: a lease without items is accepted (promise.md 10.18)
/// @param own claims that it has already and that are replaced: an update is decided without them
public record Ask(String project, Interval when, boolean firm, Prefer prefer, List<Item> items, List<Claim> own) {
    /// Which of several hosts that would do is taken (promise.md 6.8).
    public enum Prefer {
        /// The one with the tightest gap around the time.
        TIGHTEST,
        /// The one that stays free for longest afterwards.
        EXTENDABLE
    }

    /// @throws holdfast.core.RefusedException if there are too many items, two with one id, or steps out of the
    ///     window
    public Ask {
        items = List.copyOf(items);
        own = List.copyOf(own);
        Limits.within("items", items.size(), 0, Limits.ITEMS);
        var ids = new HashSet<>();
        for (var item : items) {
            if (!ids.add(item.id())) {
                throw Limits.malformed("items", "two items have the id " + item.id());
            }
            if (item.need() instanceof Need.Quantity(var steps)) {
                steps.stream()
                        .map(Step::when)
                        .filter(step -> !when.contains(step))
                        .findFirst()
                        .ifPresent(step -> {
                            throw Limits.malformed("steps", "step " + step + " lies outside of " + when);
                        });
            }
        }
    }

    /// A first request for firm capacity, with the tightest gap.
    public static Ask of(String project, Interval when, List<Item> items) {
        return new Ask(project, when, true, Prefer.TIGHTEST, items, List.of());
    }

    /// The same with other items.
    public Ask asking(List<Item> others) {
        return new Ask(project, when, firm, prefer, others, own);
    }

    /// The same as a change of what it has.
    public Ask replacing(List<Claim> claims) {
        return new Ask(project, when, firm, prefer, items, claims);
    }
}
