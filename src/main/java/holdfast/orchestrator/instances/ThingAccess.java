package holdfast.orchestrator.instances;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.orchestrator.instances.ThingStore.Note;
import holdfast.platform.Tx;
import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.Held;
import holdfast.pools.clouds.LaunchRequest;
import holdfast.pools.clouds.Right;
import holdfast.pools.clouds.Right.Target;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// What one caller may do with what lives at the accounts of a pool. What somebody has made in a pool is like an
/// instance of that user there; what nobody has made here belongs to the account, and so do things of other pools.
final class ThingAccess {
    private final PoolClouds all;
    private final Caller caller;
    private final CloudPool pool;
    private final Held held;

    ThingAccess(PoolClouds all, Caller caller, CloudPool pool, Held held) {
        this.all = all;
        this.caller = caller;
        this.pool = pool;
        this.held = held;
    }

    /// Where a thing is, and what its provider calls it there.
    ///
    /// @param at an account, or the pool itself, to which keys belong that no account needs to have ([PoolKeys])
    record Place(UUID at, String key) {}

    Optional<CloudAccount> account(UUID id) {
        return pool.family().accounts().stream()
                .filter(account -> account.id().equals(id))
                .findFirst();
    }

    private boolean isPlace(ThingKind kind, UUID id) {
        return kind == ThingKind.KEY && id.equals(pool.id()) || account(id).isPresent();
    }

    /// Whether it is called by its name alone.
    boolean isPlain(ThingKind kind, Optional<Note> note) {
        return kind.isPlain() && note.flatMap(Note::pool).equals(Optional.of(pool.id()));
    }

    boolean may(Right.Action action, ThingKind kind, UUID at, Optional<Note> note) {
        boolean here = note.flatMap(Note::pool).equals(Optional.of(pool.id()));
        boolean own = here && note.flatMap(Note::owner).equals(Optional.of(caller.user()));
        boolean free = note.flatMap(Note::pool).isEmpty() && kind.isCommon() && action != Right.Action.MODIFY;
        return own
                || free
                || here && held.may(action, Target.INSTANCE, path())
                || account(at).filter(account -> may(action, account)).isPresent();
    }

    private boolean may(Right.Action action, CloudAccount account) {
        return held.may(
                action,
                Target.PROVIDER_ACCOUNT,
                List.of(account.id(), account.provider().id()));
    }

    /// Whether the caller may know of an account at all (aeolus.md 10, row 17).
    boolean knows(CloudAccount account) {
        return may(Right.Action.VIEW, account);
    }

    /// What is measured of an instance is seen by those who see it.
    boolean sees(Tx tx, ThingKind kind, UUID at, String key, Optional<Note> note) {
        return may(Right.Action.VIEW, kind, at, note) || kind == ThingKind.METRIC && sees(tx, at, key);
    }

    private List<UUID> path() {
        return List.of(pool.id(), pool.family().id());
    }

    /// One that is named by its id, or by the name that it was given in the pool.
    ///
    /// @return NOT_THERE, also if the caller may not see it; NOT_YOURS
    Answer<Place> place(Tx tx, ThingKind kind, String id, Right.Action action) {
        var named = kind.isCalledByName() ? called(tx, kind, id) : List.<Note>of();
        if (named.size() == 1) {
            return place(tx, kind, ThingNames.id(named.getFirst().account(), id), action);
        }
        var there = ThingNames.account(id).filter(uuid -> isPlace(kind, uuid));
        var rest = ThingNames.rest(id);
        var key = there.flatMap(
                uuid -> ThingNames.isSurrogate(rest) ? all.things().key(tx, uuid, rest) : Optional.of(rest));
        if (key.isEmpty()) {
            return Answer.no(gone(id));
        }
        var at = there.get();
        var note = all.things().find(tx, at, kind.collection(), key.get());
        if (!sees(tx, kind, at, key.get(), note)) {
            return Answer.no(gone(id));
        }
        return action == Right.Action.VIEW || may(action, kind, at, note)
                ? Answer.yes(new Place(at, key.get()))
                : Answer.no(Refusal.notYours("you may look at " + id + ", not change it"));
    }

    static Refusal gone(String id) {
        return Refusal.notThere("there is no " + id);
    }

    /// One of the pool that the caller may use, at its account.
    ///
    /// @return NOT_THERE, NOT_YOURS, CLASH while it is nowhere
    Answer<Place> instance(Tx tx, UUID id) {
        var found = all.resources().find(tx, id).filter(this::isHere);
        if (found.isEmpty() || !may(Right.Action.VIEW, found.get())) {
            return Answer.no(Refusal.notThere("there is no instance " + id));
        }
        var one = found.get();
        if (!may(Right.Action.USE, one)) {
            return Answer.no(Refusal.notYours("you may look at " + one.name() + ", not use it"));
        }
        var content = one.as(Instance.class);
        var place = content.attempt()
                .match()
                .flatMap(match -> account(match.account()))
                .flatMap(account -> content.sight().key().map(key -> new Place(account.id(), key)));
        return place.map(Answer::yes)
                .orElseGet(() -> Answer.no(Refusal.clash("the instance " + one.name() + " is not made yet")));
    }

    private boolean isHere(Resource one) {
        return one.type().equals(Instances.TYPE)
                && one.removed().isEmpty()
                && one.as(Instance.class).pool().equals(pool.id());
    }

    private boolean may(Right.Action action, Resource instance) {
        return instance.as(Instance.class).owner().equals(caller.user())
                || held.may(
                        action,
                        Target.INSTANCE,
                        List.of(instance.id(), pool.id(), pool.family().id()));
    }

    /// Whether it is an instance of the pool that an account calls so, and the caller may see it.
    private boolean sees(Tx tx, UUID account, String key) {
        return all.resources().list(tx, called(account, List.of(key)), 1).stream()
                .anyMatch(one -> isHere(one) && may(Right.Action.VIEW, one));
    }

    /// The instances of the pool that an account calls so, by what it calls them; one query for all.
    Map<String, UUID> instances(Tx tx, UUID account, Collection<String> keys) {
        var key = DSL.field("data -> 'sight' ->> 'key'", String.class);
        var found = new HashMap<String, UUID>();
        tx.sql()
                .select(key, RESOURCE.ID)
                .from(RESOURCE)
                .where(called(account, keys))
                .and(Resources.partOf(pool.id()))
                .forEach(row -> found.put(row.value1(), row.value2()));
        return found;
    }

    private static Condition called(UUID account, Collection<String> keys) {
        return Fleet.there()
                .and(DSL.condition(
                        "data -> 'sight' ->> 'key' = any({0}) and data -> 'attempt' -> 'match' ->> 'account' = {1}",
                        DSL.val(keys.toArray(String[]::new)), DSL.val(account.toString())));
    }

    /// What a launch names, in the words of the account that it is tied to by that.
    ///
    /// @param tied accounts; the launch can be made nowhere if there are several
    /// @param imported a key that does not tie it, since other accounts can take it, too
    record Bound(Set<UUID> tied, Map<String, String> extras, Optional<Instance.Imported> imported) {}

    /// Names in a launch become those of the provider.
    ///
    /// @return NOT_THERE, NOT_YOURS, CLASH if a name means several things
    Answer<Bound> bound(Tx tx, Launch launch) {
        var tied = new HashSet<>(launch.tied());
        var extras = new HashMap<>(launch.extras());
        launch.key().ifPresent(key -> extras.put(Launching.KEY, key));
        var imported = Optional.<Instance.Imported>empty();
        for (var field : Map.copyOf(extras).entrySet()) {
            var kind = named(field.getKey());
            if (kind.isEmpty()) {
                continue;
            }
            switch (meant(tx, kind.get(), field.getValue())) {
                case Answer.No<Optional<Place>>(var why) -> {
                    return Answer.no(why);
                }
                case Answer.Yes<Optional<Place>>(var found) -> {
                    var brought = found.flatMap(place -> imported(tx, kind.get(), place));
                    imported = imported.or(() -> brought);
                    found.ifPresent(place -> extras.put(field.getKey(), place.key()));
                    found.filter(_ -> brought.isEmpty()).ifPresent(place -> tied.add(place.at()));
                }
            }
        }
        return Answer.yes(new Bound(tied, extras, imported));
    }

    /// A key of the pool, or one at an account that its owner has brought along: any account can have it that takes
    /// such keys (aeolus.md 4.8).
    private Optional<Instance.Imported> imported(Tx tx, ThingKind kind, Place place) {
        boolean known = place.at().equals(pool.id())
                || account(place.at())
                        .flatMap(CloudAccount::takes)
                        .orElse(Set.of())
                        .contains(LaunchRequest.IMPORT_KEY);
        return Optional.of(place)
                .filter(_ -> kind == ThingKind.KEY && known)
                .flatMap(one -> all.things().find(tx, one.at(), kind.collection(), one.key()))
                .flatMap(Note::publicKey)
                .map(half -> new Instance.Imported(place.at(), half));
    }

    /// By its id, or by the provider's word. A word that the caller has not given itself is handed on only where
    /// that shows nothing of others: else whoever guesses it would boot what another has stored.
    ///
    /// @return empty for a word that is handed on as it is
    private Answer<Optional<Place>> meant(Tx tx, ThingKind kind, String word) {
        if (ThingNames.account(word).isPresent()) {
            return place(tx, kind, word, Right.Action.USE).map(Optional::of);
        }
        var mine = called(tx, kind, word).stream()
                .filter(note -> may(Right.Action.USE, kind, note.account(), Optional.of(note)))
                .map(note -> new Place(note.account(), word))
                .toList();
        if (mine.size() > 1) {
            return Answer.no(Refusal.clash(word + " is at several accounts; name it by its id"));
        }
        boolean handedOn = kind.isCommon()
                || pool.family().accounts().stream()
                        .allMatch(account -> may(Right.Action.USE, kind, account.id(), Optional.empty()));
        return mine.isEmpty() && !handedOn
                ? Answer.no(gone(word))
                : Answer.yes(mine.stream().findFirst());
    }

    private static Optional<ThingKind> named(String field) {
        return switch (field) {
            case Launching.KEY -> Optional.of(ThingKind.KEY);
            case "snapshot_id" -> Optional.of(ThingKind.SNAPSHOT);
            case "load_balancer_id" -> Optional.of(ThingKind.LOAD_BALANCER);
            default -> field.startsWith(Launching.FIREWALLS) ? Optional.of(ThingKind.FIREWALL) : Optional.empty();
        };
    }

    /// What has been made in the pool under a name.
    List<Note> called(Tx tx, ThingKind kind, String name) {
        return all.things().called(tx, places(), kind.collection(), name, pool.id());
    }

    /// Where things of the pool may be.
    List<UUID> places() {
        return Stream.concat(
                        Stream.of(pool.id()), pool.family().accounts().stream().map(CloudAccount::id))
                .toList();
    }
}
