package holdfast.cli.setup;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a file says that is to be.
///
/// @param lists those that it names: what is in one of them at the server and not in the file may be pruned
public record Wanted(List<Item> items, Set<ListOf> lists) {
    public Wanted {
        items = List.copyOf(items);
        lists = Set.copyOf(lists);
    }

    /// All of a kind, or all that is within another one.
    ///
    /// @param owner the key of that one; empty for what is within none
    public record ListOf(Kind kind, Optional<String> owner) {}
}
