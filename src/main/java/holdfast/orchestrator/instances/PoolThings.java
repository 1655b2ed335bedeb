package holdfast.orchestrator.instances;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.orchestrator.instances.ThingAccess.Place;
import holdfast.orchestrator.instances.ThingStore.Note;
import holdfast.platform.Fanout;
import holdfast.platform.Tx;
import holdfast.pools.clouds.BrokerImage;
import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.Held;
import holdfast.pools.clouds.Right;
import holdfast.pools.clouds.Right.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What lives at the accounts of a pool, as one caller sees it: names are resolved, rights checked and accounts chosen
/// here; the rest is the provider's. No transaction is open while one is asked.
final class PoolThings implements AccountThings {
    private static final Logger LOG = LoggerFactory.getLogger(PoolThings.class);
    /// Of a list, for all accounts together.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final PoolClouds all;
    private final AccountSides sides;
    private final Caller caller;
    private final CloudPool pool;
    private final Held held;
    private final boolean open;
    private final ThingAccess access;
    private final ThingPlaces places;
    private final PoolKeys keys;
    private final PoolImages images;
    private final Mounts mounts;

    /// @param open whether everybody may make things in it
    PoolThings(AccountThingFinder finder, Caller caller, VirtualCloud cloud, Held held, boolean open, String driver) {
        this.all = finder.all();
        this.sides = finder.sides();
        this.caller = caller;
        this.pool = cloud.pool();
        this.held = held;
        this.open = open;
        this.access = new ThingAccess(all, caller, pool, held);
        this.places = new ThingPlaces(finder, caller, cloud, driver, access);
        this.keys = new PoolKeys(all, pool);
        this.images = new PoolImages(finder, caller, cloud, held, access);
        this.mounts = new Mounts(all.things(), pool.id());
    }

    private <T> T look(Function<Tx, T> question) {
        return all.database().inTransaction(question);
    }

    // --------------------------------------------------------------------------------------------------------------
    // what there is

    @Override
    public <T extends AccountThing> List<T> list(Class<T> type) {
        var kind = ThingKind.of(type);
        var accounts = places.offering(kind);
        var told = Fanout.PARALLEL.each(accounts, PATIENCE, account -> listed(kind, account));
        var found = new ArrayList<T>();
        if (kind == ThingKind.KEY) {
            ofPool().map(type::cast).forEach(found::add);
        }
        var refused = new ArrayList<Refusal>();
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
                    refused.add(why);
                }
            }
        }
        if (!refused.isEmpty() && refused.size() == accounts.size() && found.isEmpty()) {
            throw new RefusedException(none(kind, refused));
        }
        return found;
    }

    private Stream<AccountThing.Key> ofPool() {
        return look(keys::all).stream()
                .filter(note -> access.may(Right.Action.VIEW, ThingKind.KEY, pool.id(), Optional.of(note)))
                .map(keys::key);
    }

    /// One that has failed says more than others that say nothing.
    private static Refusal none(ThingKind kind, List<Refusal> refused) {
        var worst = refused.stream()
                .filter(why -> why.kind() == Refusal.Kind.BROKEN)
                .findFirst()
                .orElseGet(() -> Refusal.silent(refused.getFirst().message()));
        return worst.saying(
                "no account of the pool tells its " + kind.collection().replace('_', ' ') + ": " + worst.message());
    }

    private Answer<List<AccountThing>> listed(ThingKind kind, CloudAccount account) {
        var notes = look(tx -> all.things().at(tx, account.id(), kind.collection()));
        var names = places.names(account, Optional.empty())
                .plain(key -> access.isPlain(kind, Optional.ofNullable(notes.get(key))));
        return sides.list(kind, names)
                .map(things -> look(tx -> {
                    all.things().shortened(tx, account.id(), kind.collection(), names.odd());
                    if (kind == ThingKind.VOLUME) {
                        mounts.seen(tx, names, notes, things);
                    }
                    return things.stream()
                            .filter(thing -> {
                                var key = names.key(thing.id());
                                return access.sees(tx, kind, account.id(), key, Optional.ofNullable(notes.get(key)));
                            })
                            .toList();
                }));
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
        var note = look(tx -> all.things().find(tx, place.at(), kind.collection(), place.key()));
        if (place.at().equals(pool.id())) {
            return note.<Answer<AccountThing>>map(one -> Answer.yes(keys.key(one)))
                    .orElseGet(() -> Answer.no(ThingAccess.gone(place.key())));
        }
        var names = places.names(places.account(place.at()), Optional.empty()).plain(_ -> access.isPlain(kind, note));
        return sides.find(kind, place.key(), names).map(thing -> kept(kind, names, note, thing));
    }

    private AccountThing kept(ThingKind kind, ThingNames names, Optional<Note> note, AccountThing thing) {
        if (names.odd().isEmpty() && kind != ThingKind.VOLUME) {
            return thing;
        }
        return look(tx -> {
            all.things().shortened(tx, names.account(), kind.collection(), names.odd());
            if (kind == ThingKind.VOLUME) {
                mounts.seen(tx, names, note.map(one -> Map.of(one.key(), one)).orElse(Map.of()), List.of(thing));
            }
            return thing;
        });
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
        if (wish instanceof Wish.NewKey key && places.takeKeys()) {
            return (Answer<T>) keys.make(key, caller.user());
        }
        return (Answer<T>) places.of(needs).flatMap(names -> {
            if (wish instanceof Wish.Detach(var volume, var instance)
                    && instance.filter(one -> !isIn(volume, one)).isPresent()) {
                return Answer.no(Refusal.clash("the volume " + volume + " is not attached to that instance"));
            }
            return made(wish, needs, names);
        });
    }

    private boolean isIn(String volume, UUID instance) {
        return find(AccountThing.Volume.class, volume)
                .flatMap(AccountThing.Volume::mount)
                .filter(mount -> mount.instance().equals(instance))
                .isPresent();
    }

    private List<UUID> path() {
        return List.of(pool.id(), pool.family().id());
    }

    private static String word(ThingKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// Asked of the provider, since it may have been taken away there.
    private boolean isTaken(ThingKind kind, String name) {
        for (var note : look(tx -> access.called(tx, kind, name))) {
            var place = new Place(note.account(), name);
            boolean gone = seen(kind, place) instanceof Answer.No<AccountThing>(var why)
                    && why.kind() == Refusal.Kind.NOT_THERE;
            if (!gone) {
                return true;
            }
            forget(kind.collection(), place);
        }
        return false;
    }

    private void forget(String collection, Place place) {
        look(tx -> {
            all.things().forget(tx, place.at(), collection, place.key());
            return place;
        });
    }

    /// The next account is asked only if the one before has certainly not done it.
    private Answer<? extends AccountThing> made(Wish<?> wish, Needs needs, List<ThingNames> accounts) {
        Answer<AccountThing> last = Answer.no(Refusal.silent("no account was asked"));
        for (var names : accounts) {
            last = sides.make(wish, names);
            if (!(last instanceof Answer.No<AccountThing>(var why)) || why.kind() != Refusal.Kind.SILENT) {
                if (last instanceof Answer.Yes<AccountThing>(var thing)) {
                    noted(wish, needs, names, thing);
                }
                return last;
            }
        }
        return last;
    }

    private void noted(Wish<?> wish, Needs needs, ThingNames names, AccountThing thing) {
        var publicKey = wish instanceof Wish.NewKey(var _, var brought) ? brought : Optional.<String>empty();
        look(tx -> {
            if (needs.fresh()) {
                var collection = needs.kind().collection();
                var key = names.key(thing.id());
                all.things().made(tx, names.account(), collection, key, pool.id(), caller.user(), publicKey);
            }
            mounts.changed(tx, names, wish, thing);
            return thing;
        });
    }

    @Override
    public <T extends AccountThing> Answer<T> delete(Class<T> type, String id) {
        var kind = ThingKind.of(type);
        return look(tx -> access.place(tx, kind, id, Right.Action.MODIFY))
                .flatMap(place -> seen(kind, place)
                        .flatMap(thing -> keeping(thing)
                                .<Answer<T>>map(why -> Answer.no(Refusal.clash(why)))
                                .orElseGet(() -> removed(kind, place).map(_ -> {
                                    forget(kind.collection(), place);
                                    return type.cast(thing);
                                }))));
    }

    /// Why something stays: it is in use.
    private static Optional<String> keeping(AccountThing thing) {
        return switch (thing) {
            case AccountThing.Bucket bucket
            when !bucket.blobs().isEmpty() -> Optional.of("the bucket " + bucket.name() + " is not empty");
            case AccountThing.Volume volume
            when volume.mount().isPresent() ->
                Optional.of("the volume " + volume.id() + " is attached to an instance; detach it first");
            case AccountThing.Address address
            when address.instance().isPresent() ->
                Optional.of("the address " + address.ip() + " leads to an instance; disassociate it first");
            default -> Optional.empty();
        };
    }

    /// A key of the pool is nowhere else; what instances have of it goes when they stop.
    private Answer<Boolean> removed(ThingKind kind, Place place) {
        return place.at().equals(pool.id()) ? Answer.yes(true) : sides.remove(place.at(), kind, place.key());
    }

    // --------------------------------------------------------------------------------------------------------------
    // what is said of it

    @Override
    public <T extends AccountThing> Map<String, Said> said(Class<T> type) {
        var kind = ThingKind.of(type);
        var said = new HashMap<String, Said>();
        look(tx -> all.things().said(tx, access.places(), kind.collection())).forEach((note, words) -> {
            said.put(ThingNames.id(note.account(), note.key()), words);
            if (access.isPlain(kind, Optional.of(note))) {
                said.put(note.key(), words);
            }
        });
        return said;
    }

    @Override
    public <T extends AccountThing> Answer<Said> say(Class<T> type, String id, Said said) {
        var kind = ThingKind.of(type);
        return look(tx -> access.place(tx, kind, id, Right.Action.MODIFY).map(place -> {
            all.things().say(tx, place.at(), kind.collection(), place.key(), said);
            return said;
        }));
    }

    // --------------------------------------------------------------------------------------------------------------
    // images and blobs

    @Override
    public Answer<BrokerImage> capture(UUID instance, Optional<String> name, Optional<String> description) {
        return images.capture(instance, name, description);
    }

    @Override
    public Answer<BrokerImage> deleteImage(String id) {
        return images.delete(id);
    }

    @Override
    public Blobs blobs() {
        return new PoolBlobs(sides, (bucket, action) -> look(tx -> access.place(tx, ThingKind.BUCKET, bucket, action)));
    }
}
