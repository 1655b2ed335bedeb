package holdfast.pools.clouds;

import static java.util.Objects.requireNonNull;

import holdfast.core.Answer;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Stored.Account;
import holdfast.pools.clouds.Stored.Family;
import holdfast.pools.clouds.Stored.Pool;
import holdfast.pools.clouds.Stored.Provider;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.impl.DSL;

/// Reads what is set up as those use it who launch: a pool with its family, the accounts of that, their providers and
/// types. Five queries, however much it is, and none as long as nothing of it changes.
public final class Landscape {
    private final Configuration all;

    public Landscape(Configuration all) {
        this.all = all;
    }

    private enum Pools implements Setup.Key<List<Entry<Pool>>> {
        ALL
    }

    private record FamilyKey(UUID id) implements Setup.Key<PoolFamily> {}

    /// @return the pool, or NOT_THERE
    public Answer<CloudPool> pool(Tx tx, UUID id) {
        var setup = all.setup(tx);
        return pools(tx, setup).stream()
                .filter(entry -> entry.id().equals(id))
                .findFirst()
                .map(Answer::yes)
                .orElseGet(() -> all.pools().get(tx, id))
                .map(entry -> pool(tx, setup, entry));
    }

    /// All pools, in the order of their creation.
    public List<Entry<Pool>> pools(Tx tx, Setup setup) {
        return setup.get(Pools.ALL, () -> all.pools().list(tx, DSL.noCondition()));
    }

    /// One of them with all that belongs to it.
    public CloudPool pool(Tx tx, Setup setup, Entry<Pool> entry) {
        var id = entry.parent().orElseThrow();
        return pool(entry, setup.get(new FamilyKey(id), () -> family(tx, id)));
    }

    private PoolFamily family(Tx tx, UUID id) {
        var family = all.families().get(tx, id).orThrow();
        return family(family, accounts(tx, all.accounts().all(tx, family.value().accounts())));
    }

    /// The account with its provider, or NOT_THERE.
    public Answer<CloudAccount> account(Tx tx, UUID id) {
        return all.accounts()
                .get(tx, id)
                .map(entry -> accounts(tx, List.of(entry)).getFirst());
    }

    private enum Off implements Setup.Key<Set<UUID>> {
        ACCOUNTS
    }

    /// The accounts at providers that are switched off, where nothing runs and nothing is started (aeolus.md 2.3).
    public Set<UUID> off(Tx tx, Setup setup) {
        return setup.get(
                Off.ACCOUNTS,
                () -> all.providers().list(tx, DSL.condition("data ->> 'enabled' = 'false'")).stream()
                        .flatMap(provider -> all.accounts().of(tx, provider.id()).stream())
                        .map(Entry::id)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /// All accounts at a provider.
    public List<CloudAccount> accountsOf(Tx tx, UUID provider) {
        return accounts(tx, all.accounts().of(tx, provider));
    }

    private List<CloudAccount> accounts(Tx tx, List<Entry<Account>> entries) {
        var sites = byId(
                all.providers().all(tx, ids(entries, entry -> entry.parent().orElseThrow())));
        var types = byId(
                all.types().all(tx, ids(sites.values(), entry -> entry.value().type())));
        Map<UUID, CloudProvider> providers = sites.values().stream()
                .collect(Collectors.toMap(
                        Entry::id,
                        entry -> provider(
                                entry,
                                requireNonNull(types.get(entry.value().type())).value())));
        return entries.stream()
                .map(entry -> new CloudAccount(
                        entry.id(),
                        entry.name(),
                        requireNonNull(providers.get(entry.parent().orElseThrow())),
                        entry.value().limits(),
                        entry.value().realms(),
                        entry.value().takes()))
                .sorted(Comparator.comparing(CloudAccount::label))
                .toList();
    }

    private static <T> Set<UUID> ids(Collection<Entry<T>> entries, Function<Entry<T>, UUID> id) {
        return entries.stream().map(id).collect(Collectors.toSet());
    }

    private static <T> Map<UUID, Entry<T>> byId(List<Entry<T>> entries) {
        return entries.stream().collect(Collectors.toMap(Entry::id, entry -> entry));
    }

    /// A provider with its type.
    public CloudProvider provider(Tx tx, Entry<Provider> entry) {
        return provider(
                entry, all.types().get(tx, entry.value().type()).orThrow().value());
    }

    private static CloudProvider provider(Entry<Provider> entry, ProviderType type) {
        var kept = entry.value();
        return new CloudProvider(
                entry.id(),
                entry.name(),
                kept.url(),
                type,
                kept.region(),
                kept.enabled(),
                kept.available(),
                kept.profiles(),
                kept.realms());
    }

    private static PoolFamily family(Entry<Family> entry, List<CloudAccount> accounts) {
        return new PoolFamily(
                entry.id(),
                entry.name(),
                entry.value().limits(),
                accounts,
                entry.value().mapper());
    }

    private static CloudPool pool(Entry<Pool> entry, PoolFamily family) {
        var kept = entry.value();
        return new CloudPool(
                entry.id(),
                entry.name(),
                family,
                kept.limits(),
                kept.enabled(),
                kept.deterministic(),
                Strategies.inForce(kept),
                kept.groups(),
                kept.weights());
    }
}
