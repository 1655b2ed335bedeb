package holdfast.orchestrator.instances;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.orchestrator.instances.ThingAccess.Place;
import holdfast.platform.Tx;
import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.CloudProvider;
import holdfast.pools.clouds.FrontendRealm;
import holdfast.pools.clouds.LaunchRequest;
import holdfast.pools.clouds.choice.Reason;
import holdfast.pools.clouds.choice.Selection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/// At which accounts of a pool something is asked for (aeolus.md 4.8): where what it names is, or else where the choice
/// of accounts for launches leads, in which images and sizes do not matter here.
final class ThingPlaces {
    private final AccountThingFinder finder;
    private final PoolClouds all;
    private final Caller caller;
    private final VirtualCloud cloud;
    private final CloudPool pool;
    private final String driver;
    private final ThingAccess access;
    private Optional<List<FrontendRealm>> known = Optional.empty();

    ThingPlaces(AccountThingFinder finder, Caller caller, VirtualCloud cloud, String driver, ThingAccess access) {
        this.finder = finder;
        this.all = finder.all();
        this.caller = caller;
        this.cloud = cloud;
        this.pool = cloud.pool();
        this.driver = driver;
        this.access = access;
    }

    private <T> T look(Function<Tx, T> question) {
        return all.database().inTransaction(question);
    }

    /// Those that have such things.
    List<CloudAccount> offering(ThingKind kind) {
        return look(tx -> {
            var offered = finder.offered(tx, pool, driver);
            return AccountThingFinder.usable(pool, driver).stream()
                    .filter(account ->
                            offered.getOrDefault(account.id(), Map.of()).containsKey(kind.collection()))
                    .toList();
        });
    }

    /// Whether some account takes the public half of a key, wherever the pair was made.
    boolean takeKeys() {
        return look(tx ->
                AccountThingFinder.takesKeys(finder.offered(tx, pool, driver).values()));
    }

    /// @param part the realm of the provider in which something is to be made
    ThingNames names(CloudAccount account, Optional<String> part) {
        return new ThingNames(
                account.id(),
                keys -> look(tx -> access.instances(tx, account.id(), keys)),
                key -> realm(account.provider(), key),
                part);
    }

    /// The first of those that lead there.
    private Optional<String> realm(CloudProvider provider, String key) {
        return realms().stream()
                .filter(realm -> provider.realms().stream()
                        .anyMatch(one -> one.key().equals(key) && realm.realms().contains(one.id())))
                .map(FrontendRealm::name)
                .findFirst();
    }

    /// Read once, however many things are in one.
    private synchronized List<FrontendRealm> realms() {
        var now = known.orElseGet(
                () -> cloud.realms().stream().map(VirtualCloud.Realm::realm).toList());
        known = Optional.of(now);
        return now;
    }

    /// Where a wish may be asked, in this order, with the names in it.
    ///
    /// @return NOT_THERE, NOT_YOURS, CLASH if no account will do
    Answer<List<ThingNames>> of(Needs needs) {
        return realm(needs).flatMap(realm -> look(tx -> places(tx, needs, realm)));
    }

    private Answer<List<ThingNames>> places(Tx tx, Needs needs, Optional<FrontendRealm> realm) {
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
        named.forEach(place -> tied.add(place.at()));
        if (tied.size() > 1) {
            return Answer.no(Refusal.clash(
                    Reason.BOUND_ELSEWHERE.code() + ": " + (instance.isPresent() ? "the instance " : "it ")
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
                ? chosen(tx, needs, realm, tied)
                        .map(list -> list.stream().map(knowing).toList())
                : Answer.yes(List.of(knowing.apply(known(tx, needs.kind(), named.getFirst()))));
    }

    /// The names at the account of something that is there.
    private ThingNames known(Tx tx, ThingKind kind, Place place) {
        var account = account(place.at());
        boolean plain = access.isPlain(kind, all.things().find(tx, account.id(), kind.collection(), place.key()));
        return names(account, Optional.empty()).plain(_ -> plain);
    }

    private Answer<Optional<FrontendRealm>> realm(Needs needs) {
        if (needs.realm().isEmpty()) {
            return Answer.yes(Optional.empty());
        }
        var word = needs.realm().get();
        return realms().stream()
                .filter(one -> one.name().equals(word) || one.id().toString().equals(word))
                .findFirst()
                .<Answer<Optional<FrontendRealm>>>map(one -> Answer.yes(Optional.of(one)))
                .orElseGet(() -> Answer.no(Refusal.notThere("there is no realm " + word)));
    }

    /// The accounts at which something new may be tried, in this order (aeolus.md 4.8, 6.5).
    private Answer<List<ThingNames>> chosen(Tx tx, Needs needs, Optional<FrontendRealm> realm, Set<UUID> tied) {
        var request = new LaunchRequest(
                pool,
                caller.user(),
                realm,
                Optional.of(driver).filter(word -> !word.equals(PoolClouds.BROKER)),
                tied,
                List.of());
        var facts = all.occasion().facts(tx, pool, all.platform().now(), List.of(), Set.of());
        var explanation = Selection.choose(
                        request, facts, all.platform().newId().getLeastSignificantBits())
                .knowing(access::knows);
        if (explanation.refusal().isPresent()) {
            return Answer.no(explanation.refusal().get());
        }
        var offered = finder.offered(tx, pool, driver);
        var collection = needs.kind().collection();
        var names = explanation.candidates().stream()
                .filter(one -> offered.getOrDefault(one.account(), Map.of()).containsKey(collection))
                .map(one -> names(account(one.account()), one.realm().or(() -> firstPart(needs.kind(), one.account())))
                        .plain(key -> needs.kind().isPlain() && needs.name().equals(Optional.of(key))))
                .toList();
        return names.isEmpty()
                ? Answer.no(Refusal.clash("no account that would do has " + collection.replace('_', ' ')))
                : Answer.yes(names);
    }

    /// Load balancers are always in a realm of the provider.
    private Optional<String> firstPart(ThingKind kind, UUID account) {
        return Optional.of(account(account))
                .filter(_ -> kind == ThingKind.LOAD_BALANCER)
                .flatMap(one -> one.realms().stream().sorted().findFirst());
    }

    CloudAccount account(UUID id) {
        return pool.family().accounts().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
