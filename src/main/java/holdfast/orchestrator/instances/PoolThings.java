package holdfast.orchestrator.instances;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.orchestrator.instances.ThingAccess.Place;
import holdfast.platform.Fanout;
import holdfast.platform.Tx;
import holdfast.pools.clouds.BrokerImage;
import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.CloudProvider;
import holdfast.pools.clouds.FrontendRealm;
import holdfast.pools.clouds.Held;
import holdfast.pools.clouds.LaunchRequest;
import holdfast.pools.clouds.Right;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.choice.Selection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What lives at the accounts of a pool, as one caller sees it: names are resolved, rights checked and accounts chosen
/// here; the rest is the provider's. No transaction is open while one is asked.
final class PoolThings implements AccountThings {
    private static final Logger LOG = LoggerFactory.getLogger(PoolThings.class);
    /// Of a list, for all accounts together.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final AccountThingFinder finder;
    private final PoolClouds all;
    private final AccountSides sides;
    private final Caller caller;
    private final VirtualCloud cloud;
    private final CloudPool pool;
    private final Held held;
    private final boolean open;
    private final String driver;
    private final ThingAccess access;

    /// @param open whether everybody may make things in it
    PoolThings(AccountThingFinder finder, Caller caller, VirtualCloud cloud, Held held, boolean open, String driver) {
        this.finder = finder;
        this.all = finder.all();
        this.sides = finder.sides();
        this.caller = caller;
        this.cloud = cloud;
        this.pool = cloud.pool();
        this.held = held;
        this.open = open;
        this.driver = driver;
        this.access = new ThingAccess(all, caller, pool, held);
    }

    private <T> T look(Function<Tx, T> question) {
        return all.database().inTransaction(question);
    }

    private static Refusal gone(String id) {
        return ThingAccess.gone(id);
    }

    // --------------------------------------------------------------------------------------------------------------
    // what there is

    @Override
    public <T extends AccountThing> List<T> list(Class<T> type) {
        var kind = ThingKind.of(type);
        var accounts = offering(kind);
        var told = Fanout.PARALLEL.each(accounts, PATIENCE, account -> listed(kind, account));
        var found = new ArrayList<T>();
        var silent = new ArrayList<String>();
        for (int i = 0; i < accounts.size(); i++) {
            switch (told.get(i).orElseGet(() -> Answer.no(Refusal.silent("it does not answer in time")))) {
                case Answer.Yes<List<AccountThing>>(var things) ->
                    things.stream().map(type::cast).forEach(found::add);
                case Answer.No<List<AccountThing>>(var why) -> {
                    LOG.warn(
                            "{} of {} are not known: {}",
                            kind.collection(),
                            accounts.get(i).label(),
                            why.message());
                    silent.add(why.message());
                }
            }
        }
        if (!silent.isEmpty() && silent.size() == accounts.size()) {
            throw new RefusedException(Refusal.silent("no account of the pool tells its "
                    + kind.collection().replace('_', ' ') + ": " + silent.getFirst()));
        }
        return found;
    }

    private List<CloudAccount> offering(ThingKind kind) {
        return look(tx -> {
            var offered = finder.offered(tx, pool, driver);
            return AccountThingFinder.usable(pool, driver).stream()
                    .filter(account ->
                            offered.getOrDefault(account.id(), Map.of()).containsKey(kind.collection()))
                    .toList();
        });
    }

    private Answer<List<AccountThing>> listed(ThingKind kind, CloudAccount account) {
        var names = names(account, Optional.empty());
        return sides.list(kind, names)
                .map(things -> look(tx -> {
                    var notes = all.things().at(tx, account.id(), kind.collection());
                    all.things().shortened(tx, account.id(), kind.collection(), names.odd());
                    return things.stream()
                            .filter(thing -> {
                                var key = names.key(thing.id());
                                return access.sees(tx, kind, account, key, Optional.ofNullable(notes.get(key)));
                            })
                            .toList();
                }));
    }

    private ThingNames names(CloudAccount account, Optional<String> part) {
        return new ThingNames(
                account.id(),
                key -> look(tx -> access.instance(tx, account.id(), key, false)),
                key -> realm(account.provider(), key),
                part);
    }

    /// The first of those that lead there.
    private Optional<String> realm(CloudProvider provider, String key) {
        return cloud.realms().stream()
                .map(VirtualCloud.Realm::realm)
                .filter(realm -> provider.realms().stream()
                        .anyMatch(one -> one.key().equals(key) && realm.realms().contains(one.id())))
                .map(FrontendRealm::name)
                .findFirst();
    }

    @Override
    public <T extends AccountThing> Optional<T> find(Class<T> type, String id) {
        var kind = ThingKind.of(type);
        if (!(look(tx -> access.place(tx, kind, id, Right.Action.VIEW)) instanceof Answer.Yes<Place>(var place))) {
            return Optional.empty();
        }
        return switch (seen(kind, place)) {
            case Answer.Yes<AccountThing>(var thing) -> Optional.of(type.cast(thing));
            case Answer.No<AccountThing>(var why) -> {
                if (why.kind() == Refusal.Kind.NOT_THERE) {
                    yield Optional.empty();
                }
                throw new RefusedException(why);
            }
        };
    }

    private Answer<AccountThing> seen(ThingKind kind, Place place) {
        var names = names(place.account(), Optional.empty());
        return sides.find(kind, place.key(), names).map(thing -> kept(kind, names, thing));
    }

    private AccountThing kept(ThingKind kind, ThingNames names, AccountThing thing) {
        if (!names.odd().isEmpty()) {
            look(tx -> {
                all.things().shortened(tx, names.account(), kind.collection(), names.odd());
                return thing;
            });
        }
        return thing;
    }

    // --------------------------------------------------------------------------------------------------------------
    // what is made of it

    @Override
    @SuppressWarnings("unchecked") // a wish is for what it says
    public <T extends AccountThing> Answer<T> make(Wish<T> wish) {
        var needs = Needs.of(wish);
        if (needs.fresh() && !open && !held.may(Right.Action.CREATE, Target.INSTANCE, path())) {
            return Answer.no(Refusal.notYours("you may not make anything in the pool " + pool.name()));
        }
        if (needs.name().isPresent() && isTaken(needs.kind(), needs.name().get())) {
            return Answer.no(Refusal.clash(
                    "there is a " + word(needs.kind()) + " " + needs.name().get() + " already; take another name"));
        }
        return (Answer<T>) look(tx -> places(tx, needs)).flatMap(places -> made(wish, needs, places));
    }

    private List<UUID> path() {
        return List.of(pool.id(), pool.family().id());
    }

    private static String word(ThingKind kind) {
        return kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }

    /// Asked of the provider, since it may have been taken away there.
    private boolean isTaken(ThingKind kind, String name) {
        for (var note : look(tx -> access.called(tx, kind, name))) {
            var account = pool.family().accounts().stream()
                    .filter(one -> one.id().equals(note.account()))
                    .findFirst()
                    .orElseThrow();
            boolean gone = seen(kind, new Place(account, name)) instanceof Answer.No<AccountThing>(var why)
                    && why.kind() == Refusal.Kind.NOT_THERE;
            if (!gone) {
                return true;
            }
            forget(kind.collection(), new Place(account, name));
        }
        return false;
    }

    private void forget(String collection, Place place) {
        look(tx -> {
            all.things().forget(tx, place.account().id(), collection, place.key());
            return place;
        });
    }

    /// Where a wish may be asked, with the names in it.
    private Answer<List<ThingNames>> places(Tx tx, Needs needs) {
        var named = new ArrayList<Place>();
        var keys = new ArrayList<String>();
        for (var ref : needs.things()) {
            switch (access.place(tx, ref.kind(), ref.id(), needs.action())) {
                case Answer.No<Place>(var why) -> {
                    return Answer.no(why);
                }
                case Answer.Yes<Place>(var place) -> {
                    named.add(place);
                    keys.add(ref.id());
                }
            }
        }
        var instance = needs.instance().map(id -> access.instance(tx, id));
        if (instance.isPresent() && instance.get() instanceof Answer.No<Place>(var why)) {
            return Answer.no(why);
        }
        instance.map(Answer::orThrow).ifPresent(named::add);
        var tied = new HashSet<UUID>();
        named.forEach(place -> tied.add(place.account().id()));
        if (tied.size() > 1) {
            return Answer.no(Refusal.clash((instance.isPresent() ? "the instance " : "it ")
                    + "belongs to another account; what is at one cannot be used at another"));
        }
        Function<ThingNames, ThingNames> knowing = names -> {
            for (int i = 0; i < keys.size(); i++) {
                names.know(keys.get(i), named.get(i).key());
            }
            instance.ifPresent(at ->
                    names.know(needs.instance().orElseThrow(), at.orThrow().key()));
            return names;
        };
        return needs.fresh()
                ? chosen(tx, needs, tied).map(list -> list.stream().map(knowing).toList())
                : Answer.yes(List.of(knowing.apply(names(named.getFirst().account(), Optional.empty()))));
    }

    /// The accounts at which something new may be tried, in this order (aeolus.md 4.8, 6.5).
    private Answer<List<ThingNames>> chosen(Tx tx, Needs needs, Set<UUID> tied) {
        var realm = needs.realm()
                .map(word -> cloud.realms().stream()
                        .map(VirtualCloud.Realm::realm)
                        .filter(one ->
                                one.name().equals(word) || one.id().toString().equals(word))
                        .findFirst());
        if (realm.isPresent() && realm.get().isEmpty()) {
            return Answer.no(
                    Refusal.notThere("there is no realm " + needs.realm().orElseThrow()));
        }
        var request = new LaunchRequest(
                pool,
                caller.user(),
                realm.flatMap(Function.identity()),
                Optional.of(driver).filter(word -> !word.equals(PoolClouds.BROKER)),
                tied,
                List.of());
        var facts = all.occasion().facts(tx, pool, all.platform().now(), List.of(), Set.of());
        var explanation =
                Selection.choose(request, facts, all.platform().newId().getLeastSignificantBits());
        if (explanation.refusal().isPresent()) {
            return Answer.no(explanation.refusal().get());
        }
        var offered = finder.offered(tx, pool, driver);
        var collection = needs.kind().collection();
        var names = explanation.candidates().stream()
                .filter(one -> offered.getOrDefault(one.account(), Map.of()).containsKey(collection))
                .map(one -> names(account(one.account()), one.realm()))
                .toList();
        return names.isEmpty()
                ? Answer.no(Refusal.clash("no account that would do has " + collection.replace('_', ' ')))
                : Answer.yes(names);
    }

    private CloudAccount account(UUID id) {
        return pool.family().accounts().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /// The next account is asked only if the one before has certainly not done it.
    private Answer<? extends AccountThing> made(Wish<?> wish, Needs needs, List<ThingNames> places) {
        Answer<AccountThing> last = Answer.no(Refusal.silent("no account was asked"));
        for (var names : places) {
            last = sides.make(wish, names);
            if (!(last instanceof Answer.No<AccountThing>(var why)) || why.kind() != Refusal.Kind.SILENT) {
                if (last instanceof Answer.Yes<AccountThing>(var thing) && needs.fresh()) {
                    noted(needs.kind().collection(), names.account(), names.key(thing.id()));
                }
                return last;
            }
        }
        return last;
    }

    private void noted(String collection, UUID account, String key) {
        look(tx -> {
            all.things().made(tx, account, collection, key, pool.id(), caller.user());
            return key;
        });
    }

    @Override
    public <T extends AccountThing> Answer<T> delete(Class<T> type, String id) {
        var kind = ThingKind.of(type);
        return look(tx -> access.place(tx, kind, id, Right.Action.MODIFY))
                .flatMap(place -> seen(kind, place)
                        .flatMap(thing -> thing instanceof AccountThing.Bucket bucket
                                        && !bucket.blobs().isEmpty()
                                ? Answer.no(Refusal.clash("the bucket " + bucket.name() + " is not empty"))
                                : sides.remove(place.account().id(), kind, place.key())
                                        .map(_ -> {
                                            forget(kind.collection(), place);
                                            return type.cast(thing);
                                        })));
    }

    // --------------------------------------------------------------------------------------------------------------
    // images

    @Override
    public Answer<BrokerImage> capture(UUID instance, Optional<String> name, Optional<String> description) {
        var view = cloud.instance(instance);
        return look(tx -> access.instance(tx, instance)).flatMap(place -> {
            var called = name.orElseGet(() -> view.map(InstanceView::name).orElse("image"));
            var account = place.account().id();
            var like = view.flatMap(one -> cloud.image(one.image()));
            return sides.capture(account, place.key(), called, description)
                    .flatMap(key -> look(tx -> {
                        all.things().made(tx, account, Captures.COLLECTION, key, pool.id(), caller.user());
                        return finder.captures().note(tx, pool, called, description, like, caller.user(), account, key);
                    }));
        });
    }

    @Override
    public Answer<BrokerImage> deleteImage(String id) {
        var image = cloud.image(id);
        if (image.isEmpty()) {
            return Answer.no(Captures.gone(id));
        }
        if (!image.get().owner().equals(caller.user()) && !held.may(Right.Action.MODIFY, Target.IMAGE, path())) {
            return Answer.no(Refusal.notYours("the image " + id + " is not yours to delete"));
        }
        var captured = look(tx -> captured(tx, id));
        if (look(tx -> finder.captures().isBooted(tx, all.resources(), id))) {
            return Answer.no(Refusal.clash("there are instances of the image " + id + "; destroy them first"));
        }
        for (var place : captured) {
            if (sides.removeImage(place.account().id(), place.key()) instanceof Answer.No<Boolean>(var why)
                    && why.kind() != Refusal.Kind.NOT_THERE) {
                return Answer.no(why);
            }
            forget(Captures.COLLECTION, place);
        }
        return look(tx -> finder.captures().find(tx, id).isPresent()
                ? finder.captures().remove(tx, id, caller.user())
                : captured.isEmpty()
                        ? Answer.no(Refusal.notYours("the image " + id + " was not made here"))
                        : Answer.yes(image.get()));
    }

    /// Where an image that was captured is; what somebody else has put there stays.
    private List<Place> captured(Tx tx, String id) {
        var named = ThingNames.account(id).stream().map(account -> Map.entry(account, ThingNames.rest(id)));
        var mapped = finder.captures().mappings(tx, id).stream()
                .flatMap(mapping -> mapping.content().account().stream()
                        .map(account -> Map.entry(account, mapping.content().providerImage())));
        return java.util.stream.Stream.concat(named, mapped)
                .filter(one -> all.things()
                        .find(tx, one.getKey(), Captures.COLLECTION, one.getValue())
                        .flatMap(ThingStore.Note::pool)
                        .isPresent())
                .flatMap(one -> pool.family().accounts().stream()
                        .filter(account -> account.id().equals(one.getKey()))
                        .map(account -> new Place(account, one.getValue())))
                .toList();
    }

    @Override
    public Blobs blobs() {
        return new PoolBlobs(sides, (bucket, action) -> look(tx -> access.place(tx, ThingKind.BUCKET, bucket, action)));
    }
}
