package holdfast.drivers.simulated;

import holdfast.authority.Cloud.Order;
import holdfast.authority.CloudThings.Thing;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Result;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Keys of which the public halves were put there, for one instance each (aeolus.md 4.2). Nobody logs in where nothing
/// runs, so it makes none of its own.
final class CloudKeys {
    private static final String PART = "key";
    private static final String MARK = "key-";

    private final Map<String, Thing.Key> there;

    CloudKeys(ThingMemory things) {
        this.there = things.keys;
    }

    Result ensure(Key key, Order.Opener opener) {
        if (opener.publicKey().isEmpty()) return new Result.Done(Map.of());
        var name = name(key);
        there.put(name, new Thing.Key(name, name, Optional.empty(), Optional.empty()));
        return new Result.Done(Map.of("name", name));
    }

    Optional<String> find(Key key) {
        return Optional.of(name(key)).filter(name -> key.part().equals(PART) && there.containsKey(name));
    }

    void remove(Key key) {
        find(key).ifPresent(there::remove);
    }

    List<Key> all() {
        return there.keySet().stream()
                .filter(name -> name.startsWith(MARK))
                .map(name -> new Key(name.substring(MARK.length()), PART))
                .toList();
    }

    private static String name(Key key) {
        return MARK + key.lease();
    }
}
