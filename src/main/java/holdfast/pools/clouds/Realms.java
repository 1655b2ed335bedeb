package holdfast.pools.clouds;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resources;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Stored.Provider;
import holdfast.pools.clouds.Stored.Realm;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// Front-end realms: parts of all clouds together (aeolus.md 2.3). What each leads to are realms of providers, or whole
/// providers.
public final class Realms extends Entries<Realm> {
    private static final int LONGEST_TEXT = 10_000;
    private static final int MOST_TARGETS = 500;

    private final Configuration all;

    Realms(Platform platform, Engine engine, Configuration all) {
        super(platform, engine, "frontendRealm", "frontend realm", Realm.class);
        this.all = all;
    }

    @Override
    protected Optional<Refusal> fault(
            Tx tx, Optional<UUID> parent, String name, Realm value, Optional<Entry<Realm>> before) {
        return label("name", name)
                .or(() -> name.equalsIgnoreCase(FrontendRealm.ANYWHERE)
                        ? wrong("name", "is that of the realm of what is launched without one")
                        : Optional.empty())
                .or(() -> another(tx, before, Resources.named(name)) ? Optional.of(taken("name")) : Optional.empty())
                .or(() -> value.description().length() > LONGEST_TEXT
                        ? wrong("description", "is too long")
                        : Optional.empty())
                .or(() -> targets(tx, value));
    }

    private Optional<Refusal> targets(Tx tx, Realm value) {
        if (value.realms().size() + value.providers().size() > MOST_TARGETS) {
            return wrong("mappings", "are at most " + MOST_TARGETS);
        }
        long realms = all.providers().realms(tx, value.realms()).values().stream()
                .mapToLong(List::size)
                .sum();
        if (realms != value.realms().size()) {
            return wrong("provider_realms", "name a realm that is not there");
        }
        return all.providers().all(tx, value.providers()).size()
                        == value.providers().size()
                ? Optional.empty()
                : wrong("providers", "name a provider that is not there");
    }

    /// As those know it who launch.
    public static FrontendRealm realm(Entry<Realm> entry) {
        var kept = entry.value();
        return new FrontendRealm(entry.id(), entry.name(), kept.description(), kept.providers(), kept.realms());
    }

    /// Selects those that lead to a realm of a provider.
    public static Condition toRealm(UUID realm) {
        return holding("realms", realm);
    }

    /// Selects those that lead to a whole provider.
    public static Condition toProvider(UUID provider) {
        return holding("providers", provider);
    }

    private static Condition holding(String field, UUID id) {
        return DSL.condition("{0} @> {1}", RESOURCE.DATA, DSL.val(Json.jsonb(Map.of(field, List.of(id.toString())))));
    }

    /// A provider that is gone is led to no more.
    void forget(Tx tx, Entry<Provider> provider, String who) {
        var gone =
                provider.value().realms().stream().map(CloudProvider.Realm::id).toList();
        var leading = gone.stream().map(Realms::toRealm).reduce(toProvider(provider.id()), Condition::or);
        for (var found : list(tx, leading)) {
            var realm = lock(tx, found.id()).orThrow();
            var realms = new HashSet<>(realm.value().realms());
            gone.forEach(realms::remove);
            var providers = new HashSet<>(realm.value().providers());
            providers.remove(provider.id());
            write(tx, realm, new Realm(realm.value().description(), realms, providers), who);
        }
    }
}
