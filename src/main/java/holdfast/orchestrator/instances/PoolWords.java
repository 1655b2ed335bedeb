package holdfast.orchestrator.instances;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.Stored;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The words by which clients name pools (aeolus.md 5.3.3).
final class PoolWords {
    private static final int MOST_NAMED = 10;

    private PoolWords() {}

    /// The pool that is meant of some: the only one or the standard one, if none is named.
    static Answer<Entry<Stored.Pool>> meant(List<Entry<Stored.Pool>> some, Optional<String> word) {
        if (word.isPresent()) {
            return named(some, word.get());
        }
        return (some.size() == 1
                        ? some.stream()
                        : some.stream().filter(one -> one.value().standard()))
                .findFirst()
                .map(Answer::yes)
                .orElseGet(() -> nothing(""));
    }

    /// An id, or what a pool is exported as, means one; a name is unique in a family only.
    private static Answer<Entry<Stored.Pool>> named(List<Entry<Stored.Pool>> some, String word) {
        var sure = some.stream().filter(one -> isSurely(one, word)).findFirst();
        var called = some.stream().filter(one -> one.name().equals(word)).toList();
        if (sure.isEmpty() && called.size() > 1) {
            return Answer.no(Refusal.clash("Pool '" + shortened(word) + "' is one of " + called.size()
                    + " of that name; say an id, or what it is exported as: "
                    + called.stream().limit(MOST_NAMED).map(PoolWords::unique).collect(Collectors.joining(", "))));
        }
        return sure.or(() -> called.stream().findFirst()).map(Answer::yes).orElseGet(() -> nothing(word));
    }

    private static String unique(Entry<Stored.Pool> pool) {
        return pool.value().exportedAs().orElseGet(() -> pool.id().toString());
    }

    private static <T> Answer<T> nothing(String word) {
        return Answer.no(Refusal.notThere("pool", "Pool '" + shortened(word) + "' not found"));
    }

    static String shortened(String name) {
        return name.substring(0, Math.min(name.length(), 100));
    }

    private static boolean isSurely(Entry<Stored.Pool> pool, String word) {
        return pool.id().toString().equals(word)
                || pool.value().exportedAs().filter(word::equals).isPresent();
    }
}
