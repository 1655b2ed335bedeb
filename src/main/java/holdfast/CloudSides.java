package holdfast;

import static holdfast.db.Tables.RESOURCE;

import holdfast.authority.CloudAuthority;
import holdfast.authority.CloudThings;
import holdfast.authority.CloudThings.Kind;
import holdfast.authority.CloudThings.Thing;
import holdfast.authority.CloudThings.Told;
import holdfast.authority.Providers;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.engine.Resources;
import holdfast.orchestrator.instances.AccountSides;
import holdfast.orchestrator.instances.AccountThing;
import holdfast.orchestrator.instances.Blobs;
import holdfast.orchestrator.instances.ThingKind;
import holdfast.orchestrator.instances.ThingNames;
import holdfast.orchestrator.instances.Wish;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.JSONB;
import org.jooq.impl.DSL;

/// What lives at the accounts of the cloud broker beside instances, through the drivers of the authority of clouds.
final class CloudSides implements AccountSides {
    private final Platform platform;
    private final Database database;
    private final Providers providers;
    /// By account, of the version that was read last.
    private final Map<UUID, Offered> known = new ConcurrentHashMap<>();

    private record Offered(long version, Optional<Map<String, Set<String>>> collections) {}

    CloudSides(Platform platform, Database database, Providers providers) {
        this.platform = platform;
        this.database = database;
        this.providers = providers;
    }

    @Override
    public Map<UUID, Map<String, Set<String>>> offered(Tx tx, Collection<UUID> accounts) {
        var versions = tx.sql()
                .select(RESOURCE.ID, RESOURCE.VERSION)
                .from(RESOURCE)
                .where(there(accounts))
                .fetch();
        var news = versions.stream()
                .filter(row -> {
                    var offered = known.get(row.value1());
                    return offered == null || offered.version != row.value2();
                })
                .map(row -> row.value1())
                .toList();
        if (!news.isEmpty()) {
            read(tx, news);
        }
        var found = new HashMap<UUID, Map<String, Set<String>>>();
        versions.forEach(row -> Optional.ofNullable(known.get(row.value1()))
                .flatMap(Offered::collections)
                .ifPresent(collections -> found.put(row.value1(), collections)));
        return found;
    }

    private void read(Tx tx, List<UUID> accounts) {
        var collections = DSL.field("data -> 'supply' -> 'collections'", JSONB.class);
        tx.sql()
                .select(RESOURCE.ID, RESOURCE.VERSION, collections)
                .from(RESOURCE)
                .where(there(accounts))
                .forEach(row -> known.put(
                        row.value1(),
                        new Offered(
                                row.value2(), Optional.ofNullable(row.value3()).map(CloudSides::collections))));
    }

    private static Condition there(Collection<UUID> accounts) {
        return Resources.withIds(accounts).and(RESOURCE.TYPE.eq(Providers.TYPE)).and(RESOURCE.REMOVED.isNull());
    }

    private static Map<String, Set<String>> collections(JSONB told) {
        var found = new HashMap<String, Set<String>>();
        for (var one : Json.tree(told.data()).properties()) {
            var features = new HashSet<String>();
            one.getValue().forEach(feature -> features.add(feature.asString()));
            found.put(one.getKey(), features);
        }
        return found;
    }

    private <T> Answer<T> at(UUID account, Function<CloudThings, Answer<T>> work) {
        return things(account).flatMap(work);
    }

    private Answer<CloudThings> things(UUID account) {
        if (database.inTransaction(tx -> providers.find(tx, account)).isEmpty()) {
            return Answer.no(Refusal.notThere("there is no account " + account));
        }
        return providers
                .things(account)
                .map(Answer::yes)
                .orElseGet(() -> Answer.no(Refusal.clash("this cloud has instances and nothing else")));
    }

    /// What a driver said, as an answer.
    static <T> Answer<T> answer(Told<T> told) {
        return switch (told) {
            case Told.Done<T>(var what) -> Answer.yes(what);
            case Told.Gone<T>(var why) -> Answer.no(Refusal.notThere(why));
            case Told.Unsupported<T>(var why) -> Answer.no(Refusal.clash("the cloud cannot do that: " + why));
            case Told.Refused<T>(var why, var conflict) ->
                Answer.no(
                        conflict
                                ? Refusal.clash(why)
                                : Refusal.malformed("request", "the cloud will not do it: " + why));
            case Told.Away<T>(var why, var unsure) -> Answer.no(unsure ? Refusal.broken(why) : Refusal.silent(why));
        };
    }

    /// The kinds have the same names on both sides.
    private static Kind kind(ThingKind kind) {
        return Kind.valueOf(kind.name());
    }

    @Override
    public Answer<List<AccountThing>> list(ThingKind kind, ThingNames names) {
        return at(
                names.account(),
                things -> answer(things.list(kind(kind))).map(found -> {
                    names.meet(found.stream().flatMap(ThingWords::attached).toList());
                    return found.stream()
                            .flatMap(one -> ThingWords.read(one, names).stream())
                            .toList();
                }));
    }

    @Override
    public Answer<AccountThing> find(ThingKind kind, String key, ThingNames names) {
        return at(names.account(), things -> found(things, kind(kind), key, names));
    }

    private static Answer<AccountThing> found(CloudThings things, Kind kind, String key, ThingNames names) {
        return answer(things.find(kind, key)).flatMap(thing -> read(thing, names));
    }

    private static Answer<AccountThing> read(Thing thing, ThingNames names) {
        return ThingWords.read(thing, names)
                .map(Answer::yes)
                .orElseGet(() -> Answer.no(Refusal.broken("it answered with something else than was asked for")));
    }

    @Override
    public Answer<AccountThing> make(Wish<?> wish, ThingNames names) {
        return at(names.account(), things -> switch (ThingWords.order(wish, names)) {
            case ThingWords.Order.Make(var made) -> answer(things.create(made)).flatMap(one -> read(one, names));
            case ThingWords.Order.Alter(var change, var kind, var key) ->
                answer(things.change(change)).flatMap(told -> {
                    if (kind == Kind.ADDRESS) { // the instance that it leads to has it from now on
                        lookAgain(names.account());
                    }
                    return told.map(thing -> read(thing, names)).orElseGet(() -> found(things, kind, key, names));
                });
        });
    }

    @Override
    public Answer<Boolean> remove(UUID account, ThingKind kind, String key) {
        return at(account, things -> gone(things.remove(kind(kind), key)));
    }

    private static Answer<Boolean> gone(Told<Boolean> told) {
        return told instanceof Told.Gone<Boolean> ? Answer.yes(true) : answer(told);
    }

    @Override
    public Answer<String> capture(UUID account, String instance, String name, Optional<String> description) {
        var wish = new CloudThings.Wish.Image(instance, Optional.of(name), description);
        return at(account, things -> answer(things.create(wish))).map(image -> {
            lookAgain(account);
            return image.id();
        });
    }

    @Override
    public Answer<Boolean> removeImage(UUID account, String key) {
        return at(account, things -> gone(things.remove(Kind.IMAGE, key))).map(done -> {
            lookAgain(account);
            return done;
        });
    }

    /// Images, and addresses of instances, are known from the last look.
    private void lookAgain(UUID account) {
        database.inTransaction(tx -> providers.refresh(tx, account, CloudAuthority.NAME));
    }

    @Override
    public Optional<Opener> opener(Tx tx, SliverId sliver) {
        var lease = CloudAuthority.lease(sliver);
        var facts = DSL.field("data -> 'facts'", JSONB.class);
        return tx.sql()
                .select(facts)
                .from(RESOURCE)
                .where(RESOURCE.ID.eq(lease).and(RESOURCE.REMOVED.isNull()))
                .fetchOptional(facts)
                .map(told -> Json.tree(told.data()))
                .filter(told -> told.has("key.name"))
                .map(told -> new Opener(
                        told.path("key.name").asString(),
                        Optional.of(told.path("key.pem").asString(""))
                                .filter(hidden -> !hidden.isEmpty())
                                .flatMap(hidden -> providers.pem(lease, hidden))));
    }

    @Override
    public Blobs blobs(UUID account) {
        return new CloudBlobs(() -> things(account), platform);
    }
}
