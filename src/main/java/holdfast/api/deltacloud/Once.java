package holdfast.api.deltacloud;

import java.util.Optional;
import java.util.function.Supplier;

/// Finds something when it is asked for, and only once. For one thread.
final class Once<T> implements Supplier<T> {
    private final Supplier<T> finder;
    private Optional<T> found = Optional.empty();

    Once(Supplier<T> finder) {
        this.finder = finder;
    }

    @Override
    public T get() {
        var value = found.orElseGet(finder);
        found = Optional.of(value);
        return value;
    }
}
