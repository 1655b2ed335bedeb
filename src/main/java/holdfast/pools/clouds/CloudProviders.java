package holdfast.pools.clouds;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Copies;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resources;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Sites.Place;
import holdfast.pools.clouds.Sites.Seen;
import holdfast.pools.clouds.Stored.Provider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// Endpoints of clouds (aeolus.md 2.3), with the hardware profiles and realms that were seen there.
public final class CloudProviders extends Entries<Provider> {
    private static final int LONGEST_URL = 100;
    private static final int MOST_PARTS = 10_000;
    private static final int MOST_TOLD = 10;

    private final Configuration all;

    CloudProviders(Platform platform, Engine engine, Configuration all) {
        super(platform, engine, "cloudProvider", "provider", Provider.class);
        this.all = all;
    }

    /// Selects those of a type.
    public static Condition ofType(UUID type) {
        return DSL.condition("{0} ->> 'type' = {1}", RESOURCE.DATA, DSL.val(type.toString()));
    }

    @Override
    protected Optional<Refusal> fault(
            Tx tx, Optional<UUID> parent, String name, Provider value, Optional<Entry<Provider>> before) {
        return name(name)
                .or(() -> another(tx, before, Resources.named(name)) ? Optional.of(taken("name")) : Optional.empty())
                .or(() -> Addresses.url("url", value.url(), LONGEST_URL))
                .or(() -> value.region().flatMap(region -> label("deltacloud_provider", region)))
                .or(() -> all.types().lock(tx, value.type()) instanceof Answer.No<Entry<ProviderType>>(var why)
                        ? Optional.of(Refusal.malformed("provider_type", why.message()))
                        : Optional.empty());
    }

    /// The endpoint of one, as those know it who reach it.
    public Place place(Tx tx, Provider provider) {
        var type = all.types().get(tx, provider.type()).orThrow();
        return new Place(type.value(), provider.url(), provider.region());
    }

    /// Writes what was seen at one that answered. A realm that is gone stays, not available: others name it.
    ///
    /// @param provider locked
    public Entry<Provider> seen(Tx tx, Entry<Provider> provider, Seen seen, String who) {
        var realms = new TreeMap<String, CloudProvider.Realm>();
        provider.value().realms().forEach(old -> realms.put(old.key(), gone(old)));
        seen.realms().stream()
                .limit(MOST_PARTS)
                .forEach(part -> realms.put(
                        part.key(),
                        new CloudProvider.Realm(
                                realm(provider.id(), part.key()), part.key(), part.name(), part.available())));
        var profiles = seen.profiles().stream().limit(MOST_PARTS).toList();
        var value = provider.value().seen(true, profiles, new ArrayList<>(realms.values()));
        return value.equals(provider.value()) ? provider : write(tx, provider, value, who);
    }

    private static CloudProvider.Realm gone(CloudProvider.Realm realm) {
        return new CloudProvider.Realm(realm.id(), realm.key(), realm.name(), false);
    }

    /// Writes whether one answers.
    public Answer<Entry<Provider>> answers(Tx tx, UUID provider, boolean answers, String who) {
        return lock(tx, provider).map(found -> {
            var value = found.value();
            return value.available() == answers
                    ? found
                    : write(tx, found, value.seen(answers, value.profiles(), value.realms()), who);
        });
    }

    /// The id of a realm of a provider.
    static UUID realm(UUID provider, String key) {
        return Copies.id("realm of " + provider, key);
    }

    /// Those of which realms are among `ids`, with these.
    public Map<Entry<Provider>, List<CloudProvider.Realm>> realms(Tx tx, Collection<UUID> ids) {
        var found = new LinkedHashMap<Entry<Provider>, List<CloudProvider.Realm>>();
        var holding = ids.stream().map(CloudProviders::holding).reduce(Condition::or);
        if (holding.isPresent()) {
            for (var provider : list(tx, holding.get())) {
                found.put(
                        provider,
                        provider.value().realms().stream()
                                .filter(realm -> ids.contains(realm.id()))
                                .toList());
            }
        }
        return found;
    }

    private static Condition holding(UUID realm) {
        var held = Map.of("realms", List.of(Map.of("id", realm.toString())));
        return DSL.condition("{0} @> {1}", RESOURCE.DATA, DSL.val(Json.jsonb(held)));
    }

    /// Switches one off (aeolus.md 2.3): what runs there is asked to stop; if nobody can be reached there, it is
    /// taken for stopped, which the caller must have confirmed. Not in a transaction: it asks outside.
    ///
    /// It may be off already: then what runs there all the same is asked to stop.
    ///
    /// @param terminate the caller knows that nothing can be asked to stop
    /// @return CLASH if it cannot be reached and the caller did not confirm, or if something could not be stopped
    public Answer<UUID> disable(UUID provider, boolean terminate, String who) {
        record Known(Place place, List<UUID> accounts, boolean idle) {}
        var known = all.database()
                .inTransaction(tx -> get(tx, provider).map(entry -> {
                    var accounts = all.accounts().of(tx, provider).stream()
                            .map(Entry::id)
                            .toList();
                    return new Known(
                            place(tx, entry.value()), accounts, !entry.value().enabled() && isIdle(tx, accounts));
                }));
        if (known instanceof Answer.No<Known>(var why)) {
            return Answer.no(why);
        }
        var there = known.orThrow();
        boolean reached = all.sites().alive(there.place()) instanceof Answer.Yes<Place>;
        if (reached) {
            var left = stopped(there.accounts(), who);
            if (left.isPresent()) {
                return Answer.no(left.get());
            }
        } else if (!terminate && !there.idle()) {
            return Answer.no(Refusal.clash("the provider cannot be reached, so nothing there can be stopped; "
                    + "send terminate to have all of it taken for stopped"));
        }
        var off = all.database()
                .inTransaction(tx -> lock(tx, provider).map(entry -> {
                    if (!reached) {
                        all.usage().forceStopped(tx, there.accounts(), who);
                    }
                    if (entry.value().enabled()) {
                        write(tx, entry, entry.value().enabled(false), who);
                    }
                    return provider;
                }));
        return off.flatMap(id -> stopped(reached ? there.accounts() : List.of(), who) // what was started meanwhile
                .<Answer<UUID>>map(Answer::no)
                .orElseGet(() -> Answer.yes(id)));
    }

    private boolean isIdle(Tx tx, List<UUID> accounts) {
        return accounts.stream()
                .map(id -> new Usage.Owner(Usage.Kind.ACCOUNT, id))
                .allMatch(owner -> all.usage().keeping(tx, owner).isEmpty());
    }

    /// Asks all that runs at these accounts to stop.
    ///
    /// @return why not, if something cannot be asked
    private Optional<Refusal> stopped(List<UUID> accounts, String who) {
        var failed = all.usage().stopAll(accounts, who);
        if (failed.isEmpty()) {
            return Optional.empty();
        }
        var told = failed.stream().limit(MOST_TOLD).collect(Collectors.joining("; "));
        var more = failed.size() > MOST_TOLD ? " and " + (failed.size() - MOST_TOLD) + " more" : "";
        return Optional.of(Refusal.clash("not all could be stopped: " + told + more));
    }

    /// Its accounts go with it.
    @Override
    protected Answer<Entry<Provider>> removing(Tx tx, Entry<Provider> provider, String who) {
        for (var account : all.accounts().of(tx, provider.id())) {
            var removed = all.accounts()
                    .lock(tx, account.id())
                    .flatMap(one -> all.accounts().remove(tx, one, who));
            if (removed instanceof Answer.No<Entry<Stored.Account>>(var why)) {
                return Answer.no(why);
            }
        }
        all.realms().forget(tx, provider, who);
        all.pools().forget(tx, provider.id(), who);
        return Answer.yes(provider);
    }
}
