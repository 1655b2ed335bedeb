package holdfast.drivers.openstack;

import holdfast.authority.Cloud.Order.Opener;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Keys that are made for one instance each, and dropped with it (aeolus.md 4.2). Nova keeps them by their names, for
/// our user.
final class Keys implements Kind {
    static final String PART = "key";

    private final KeyPairs pairs;
    private final Marks marks;

    Keys(KeyPairs pairs, Marks marks) {
        this.pairs = pairs;
        this.marks = marks;
    }

    /// A key of which only the cloud knows is of no use, so one that is there without having been told is made
    /// anew. Called only before there is an instance.
    Result ensure(Key key, Opener opener) {
        var name = marks.keyName(key.lease());
        pairs.delete(name);
        if (opener.publicKey().isPresent()) {
            pairs.make(Map.of("name", name, "public_key", opener.publicKey().get()));
            return new Result.Done(Map.of("name", name));
        }
        return new Result.Done(Map.of("name", name, "pem", pairs.create(name)));
    }

    @Override
    public Optional<Observed.Present> observe(Key key) {
        var name = marks.keyName(key.lease());
        return key.part().equals(PART) && pairs.names().contains(name)
                ? Optional.of(new Observed.Present(true, Map.of("name", name)))
                : Optional.empty();
    }

    /// One that is gone is gone at once.
    @Override
    public Optional<Result> remove(Key key) {
        if (key.part().equals(PART)) pairs.delete(marks.keyName(key.lease()));
        return Optional.empty();
    }

    @Override
    public List<Key> list() {
        return pairs.names().stream()
                .flatMap(name -> marks.leaseOfKey(name).stream())
                .map(lease -> new Key(lease, PART))
                .toList();
    }
}
