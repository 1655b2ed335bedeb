package holdfast.drivers.deltacloud;

import holdfast.authority.Cloud.Order.Opener;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Result;
import holdfast.drivers.deltacloud.Outcome.NotDoneException;
import holdfast.platform.XmlTree;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Keys that are made for one instance each, and dropped with it (aeolus.md 4.2).
final class Keys {
    static final String PART = "key";
    static final String FEATURE = "authentication_key";
    private static final String COLLECTION = "keys";

    private final Api api;
    private final Marks marks;
    private final InstantSource clock;

    Keys(Api api, Marks marks, InstantSource clock) {
        this.api = api;
        this.marks = marks;
        this.clock = clock;
    }

    /// A key of which only the cloud knows is of no use, so one that is there without having been told is made
    /// anew. Called only before there is an instance.
    Result ensure(Key key, Opener opener) {
        if (!made()) return new Result.Done(Map.of());
        if (!opener.first()) drop(key);
        var name = marks.key(key, opener.instance(), clock.instant().getEpochSecond());
        var form = new TreeMap<>(Map.of("name", name));
        opener.publicKey().ifPresent(half -> form.put("public_key", half));
        return switch (api.post(api.of(COLLECTION), form, api.limits().read())) {
            case Outcome.Done(var _, var body, var _) ->
                new Result.Done(facts(name, body, opener.publicKey().isEmpty()));
            case Outcome.Unknown(var why) ->
                new Result.Later(why, Optional.of(api.limits().pause()));
            case Outcome other -> throw new NotDoneException(other);
        };
    }

    /// @param fresh of a pair that the cloud has made
    private static Map<String, String> facts(String name, Optional<XmlTree> body, boolean fresh) {
        var facts = new TreeMap<String, String>();
        facts.put("name", body.flatMap(root -> root.attribute("id")).orElse(name));
        body.filter(_ -> fresh).flatMap(Reading::pem).ifPresent(pem -> facts.put("pem", pem));
        return facts;
    }

    private boolean made() {
        var entry = api.entry();
        return entry.find(COLLECTION).isPresent()
                && entry.features(Instances.COLLECTION).contains(FEATURE);
    }

    /// Whether there was one.
    ///
    /// @throws NotDoneException if that is not sure
    boolean drop(Key key) {
        var named = named(key);
        for (var name : named) {
            var outcome = api.delete(api.of(COLLECTION, name));
            if (!(outcome instanceof Outcome.Gone)) outcome.orThrow();
        }
        return !named.isEmpty();
    }

    /// What the cloud calls it; several if it was made more than once.
    List<String> named(Key key) {
        return ours().filter(one -> one.lease.equals(key.lease()))
                .map(Ours::name)
                .toList();
    }

    /// The leases of all that there are; none where keys are not made.
    List<String> leases() {
        return ours().map(Ours::lease).toList();
    }

    private record Ours(String name, String lease) {}

    /// A cloud may have another id for a name that is too long for one, and then the mark is in the name only.
    private Stream<Ours> ours() {
        if (!made()) return Stream.empty();
        return api.get(api.of(COLLECTION)).all("key").stream()
                .limit(Limits.LONGEST_LIST)
                .flatMap(one -> {
                    var id = one.attribute("id");
                    var said = one.says("name");
                    var lease = id.flatMap(marks::leaseOfKey).or(() -> said.flatMap(marks::leaseOfKey));
                    return id.or(() -> said).flatMap(name -> lease.map(found -> new Ours(name, found))).stream();
                });
    }
}
