package holdfast.api.deltacloud;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is served under one name below the entry point.
///
/// @param open whether it is for those, too, who do not say who they are
/// @param always whether it is there whatever the accounts of a pool offer
record Collection(String name, boolean open, boolean always, List<Operation> operations) {
    static Collection open(String name, Operation... operations) {
        return new Collection(name, true, true, Arrays.asList(operations));
    }

    static Collection always(String name, Operation... operations) {
        return new Collection(name, false, true, Arrays.asList(operations));
    }

    static Collection offered(String name, Operation... operations) {
        return new Collection(name, false, false, Arrays.asList(operations));
    }

    /// What `Allow` says of a path, or of all of it.
    ///
    /// @param path empty: all
    String allowed(List<String> path) {
        return Stream.concat(
                        Stream.of("OPTIONS"),
                        operations.stream()
                                .filter(operation -> path.isEmpty() || operation.isAt(path))
                                .map(Operation::method))
                .distinct()
                .collect(Collectors.joining(","));
    }
}
