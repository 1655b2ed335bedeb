package holdfast.core;

import java.util.Optional;
import java.util.function.Supplier;

/// Finds something when it is asked for, and only once. For one thread.
public final class Once<T> implements Supplier<T> {
    private final Supplier<T> finder;
    private Optional<T> found = Optional.empty();

    /// @param finder asked by the first who asks
    public Once(Supplier<T> finder) {
        this.finder = finder;
    }

    /// What was found, the same each time.
    @Override
    public T get() {
        var value = found.orElseGet(finder);
        found = Optional.of(value);
        return value;
    }
}
