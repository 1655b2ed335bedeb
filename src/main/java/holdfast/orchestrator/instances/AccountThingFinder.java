package holdfast.orchestrator.instances;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.engine.Convoy;
import holdfast.platform.Tx;
import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.LaunchRequest;
import holdfast.pools.clouds.Stored;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Leads callers to what lives at the accounts of their pools.
public final class AccountThingFinder implements AccountThings.Finder {
    private static final String KEYS = ThingKind.KEY.collection();

    private final PoolClouds all;
    private final AccountSides sides;
    private final Captures captures;
    /// Those who ask while others are answered are answered together.
    private final Convoy<Asked, AccountThings.Offer> offers = new Convoy<>(this::offers);

    /// @param captures notes images that are made of instances
    public AccountThingFinder(PoolClouds all, AccountSides sides, Captures captures) {
        this.all = all;
        this.sides = sides;
        this.captures = captures;
    }

    @Override
    public AccountThings.Offer offer(Optional<String> pool, String driver) {
        return all.database().inTransaction(tx -> {
            var setup = all.configuration().setup(tx);
            var pools = all.landscape().pools(tx, setup);
            return PoolWords.meant(pools, pool) instanceof Answer.Yes<Entry<Stored.Pool>>(var meant)
                    ? offer(tx, all.landscape().pool(tx, setup, meant), driver)
                    : AccountThings.Offer.NOTHING;
        });
    }

    @Override
    public AccountThings.Offer offer(VirtualCloud cloud, String driver) {
        return offers.ask(new Asked(cloud.pool(), driver));
    }

    private record Asked(CloudPool pool, String driver) {}

    private List<AccountThings.Offer> offers(List<Asked> some) {
        return all.database().inTransaction(tx -> {
            var known = new HashMap<List<Object>, AccountThings.Offer>();
            return some.stream()
                    .map(one -> known.computeIfAbsent(
                            List.of(one.pool.id(), one.driver), _ -> offer(tx, one.pool, one.driver)))
                    .toList();
        });
    }

    private AccountThings.Offer offer(Tx tx, CloudPool pool, String driver) {
        var offered = offered(tx, pool, driver).values();
        var features = new HashMap<String, Set<String>>();
        for (var one : offered) {
            one.forEach((collection, known) -> {
                var common = features.computeIfAbsent(collection, _ -> new HashSet<>(known));
                common.retainAll(known);
            });
        }
        if (takesKeys(offered)) {
            // such keys are the pool's, and handed on where they are taken
            features.computeIfAbsent(KEYS, _ -> new HashSet<>()).add(LaunchRequest.IMPORT_KEY);
        }
        return new AccountThings.Offer(features.keySet(), features);
    }

    /// @param offered by collection, of each account
    static boolean takesKeys(Collection<Map<String, Set<String>>> offered) {
        return offered.stream().anyMatch(one -> one.getOrDefault(KEYS, Set.of()).contains(LaunchRequest.IMPORT_KEY));
    }

    /// What the accounts offer that may be used now, as far as they have been seen.
    Map<UUID, Map<String, Set<String>>> offered(Tx tx, CloudPool pool, String driver) {
        return sides.offered(
                tx, usable(pool, driver).stream().map(CloudAccount::id).toList());
    }

    static List<CloudAccount> usable(CloudPool pool, String driver) {
        return pool.family().accounts().stream()
                .filter(account -> account.provider().enabled())
                .filter(account -> driver.equals(PoolClouds.BROKER)
                        || account.provider().type().driver().equalsIgnoreCase(driver))
                .toList();
    }

    @Override
    public AccountThings in(Caller caller, VirtualCloud cloud, String driver) {
        return all.database().inTransaction(tx -> {
            var held = all.configuration().grants().held(tx, caller);
            var open = all.configuration()
                    .pools()
                    .get(tx, cloud.pool().id())
                    .orThrow()
                    .value()
                    .standard();
            return new PoolThings(this, caller, cloud, held, open, driver);
        });
    }

    PoolClouds all() {
        return all;
    }

    AccountSides sides() {
        return sides;
    }

    Captures captures() {
        return captures;
    }
}
