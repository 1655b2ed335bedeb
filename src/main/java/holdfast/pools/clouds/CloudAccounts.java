package holdfast.pools.clouds;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Copies;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Sites.Place;
import holdfast.pools.clouds.Sites.Seen;
import holdfast.pools.clouds.Stored.Account;
import holdfast.pools.clouds.Usage.Kind;
import holdfast.pools.clouds.Usage.Owner;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.impl.DSL;

/// Accounts at providers (aeolus.md 2.3). Each is a site under the same id, so its own record has an id that follows
/// from that.
public final class CloudAccounts extends Entries<Account> {
    /// What stands for a secret that is there.
    public static final String MASK = "********";

    private static final String TYPE = "cloudAccount";
    private static final int LONGEST = 65_536;

    private final Configuration all;
    private final Secrets secrets;

    CloudAccounts(Platform platform, Engine engine, Secrets secrets, Configuration all) {
        super(platform, engine, TYPE, "provider account", Account.class);
        this.secrets = secrets;
        this.all = all;
    }

    @Override
    UUID key(UUID id) {
        return Copies.id(TYPE, id);
    }

    @Override
    UUID id(Resource resource, Account value) {
        return value.site();
    }

    /// The accounts at a provider.
    public List<Entry<Account>> of(Tx tx, UUID provider) {
        return list(tx, Resources.partOf(provider));
    }

    /// An account that was not stored yet.
    public Account fresh(Map<String, String> plain, Limits limits, Optional<Integer> priority) {
        var id = platform().newId();
        return new Account(id, plain, limits, Set.of(), Optional.empty(), priority);
    }

    /// What is missing, or too much, in the credentials for a type (in clear).
    public static Optional<Refusal> fault(ProviderType type, Map<String, String> credentials) {
        for (var definition : type.credentials()) {
            var given = credentials.getOrDefault(definition.name(), "");
            if (given.isBlank()) {
                return blank(definition.name());
            }
            if (given.length() > LONGEST || given.indexOf('\0') >= 0) {
                return wrong(definition.name(), "is no text of at most " + LONGEST + " characters");
            }
        }
        var known =
                type.credentials().stream().map(ProviderType.Credential::name).collect(Collectors.toSet());
        return credentials.keySet().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .flatMap(name -> wrong(name, "is no credential of " + type.name()));
    }

    /// The credentials of an account in clear.
    ///
    /// @return those that are kept secret and cannot be opened any more are missing
    public Map<String, String> open(Account account, ProviderType type) {
        var open = new TreeMap<String, String>();
        for (var definition : type.credentials()) {
            Optional.ofNullable(account.credentials().get(definition.name()))
                    .flatMap(kept -> definition.input().secret()
                            ? secrets.unseal(account.site(), definition.name(), kept)
                            : Optional.of(kept))
                    .ifPresent(plain -> open.put(definition.name(), plain));
        }
        return open;
    }

    /// As they are shown: what is secret is masked.
    public static Map<String, String> masked(Account account, ProviderType type) {
        var shown = new TreeMap<String, String>();
        for (var definition : type.credentials()) {
            Optional.ofNullable(account.credentials().get(definition.name()))
                    .ifPresent(kept ->
                            shown.put(definition.name(), definition.input().secret() ? MASK : kept));
        }
        return shown;
    }

    private Map<String, String> sealed(UUID account, ProviderType type, Map<String, String> plain) {
        var sealed = new TreeMap<>(plain);
        for (var definition : type.credentials()) {
            if (definition.input().secret()) {
                sealed.computeIfPresent(definition.name(), (name, value) -> secrets.seal(account, name, value));
            }
        }
        return sealed;
    }

    /// The word with which the cloud of an account says that something has changed there (aeolus.md 4.5). It is
    /// kept nowhere, since it is found again, and nobody else can tell it.
    public String token(UUID account) {
        return account + "." + secrets.derived("callback", account.toString());
    }

    /// Keeps an account that has logged in, and makes it a site of the standard family.
    ///
    /// @param account its credentials in clear
    /// @param seen what it sees there
    public Answer<Entry<Account>> enroll(Tx tx, UUID provider, String label, Account account, Seen seen, String who) {
        var locked = all.providers().lock(tx, provider);
        if (locked instanceof Answer.No<Entry<Stored.Provider>>(var why)) {
            return Answer.no(Refusal.malformed("provider", why.message()));
        }
        var there = all.providers().seen(tx, locked.orThrow(), seen, who);
        var place = all.providers().place(tx, there.value());
        var plain = account.credentials();
        var kept = new Account(
                        account.site(),
                        sealed(account.site(), place.type(), plain),
                        account.limits(),
                        Set.of(),
                        Optional.empty(),
                        account.priority())
                .seeing(seen);
        return add(tx, account.site(), Optional.of(provider), label, kept, who).flatMap(entry -> {
            all.families().join(tx, entry.id(), who);
            return all.sites().put(tx, entry.id(), label, place, plain, who).map(_ -> entry);
        });
    }

    /// Changes one that is locked; what it sees is written if it was looked at anew.
    ///
    /// @param account its credentials in clear
    public Answer<Entry<Account>> change(
            Tx tx, Entry<Account> before, String label, Account account, Optional<Seen> seen, String who) {
        var provider = all.providers().lock(tx, before.parent().orElseThrow()).orThrow();
        seen.ifPresent(look -> all.providers().seen(tx, provider, look, who));
        var place = all.providers().place(tx, provider.value());
        var plain = account.credentials();
        boolean reached = seen.isPresent() || !label.equals(before.name());
        var kept = new Account(
                before.id(),
                seen.isPresent()
                        ? sealed(before.id(), place.type(), plain)
                        : before.value().credentials(),
                account.limits(),
                before.value().realms(),
                before.value().takes(),
                account.priority());
        return change(tx, before, label, seen.map(kept::seeing).orElse(kept), who)
                .flatMap(entry -> reached
                        ? all.sites()
                                .put(tx, entry.id(), label, place, plain, who)
                                .map(_ -> entry)
                        : Answer.yes(entry));
    }

    /// Writes what an account that was looked at sees.
    public Entry<Account> saw(Tx tx, UUID account, Seen seen, String who) {
        var provider = get(tx, account).orThrow().parent().orElseThrow();
        all.providers().seen(tx, all.providers().lock(tx, provider).orThrow(), seen, who);
        var before = lock(tx, account).orThrow();
        var after = before.value().seeing(seen);
        return after.equals(before.value()) ? before : write(tx, before, after, who);
    }

    /// Looks at a cloud with some credentials. Not in a transaction: it asks outside.
    ///
    /// @return MALFORMED, with what the provider says
    public Answer<Seen> look(Place place, Map<String, String> plain) {
        return switch (all.sites().look(place, plain)) {
            case Answer.No<Seen>(var why) -> Answer.no(Refusal.malformed("credentials", why.message()));
            case Answer.Yes<Seen> seen -> seen;
        };
    }

    @Override
    protected Optional<Refusal> fault(
            Tx tx, Optional<UUID> parent, String name, Account value, Optional<Entry<Account>> before) {
        var username = value.credentials().getOrDefault(Configuration.USERNAME, "");
        var same = Resources.partOf(parent.orElseThrow())
                .and(DSL.condition("{0} -> 'credentials' ->> 'username' = {1}", RESOURCE.DATA, DSL.val(username)));
        return label("label", name)
                .or(() -> another(tx, before, Resources.named(name)) ? Optional.of(taken("label")) : Optional.empty())
                .or(() -> another(tx, before, same) ? Optional.of(taken(Configuration.USERNAME)) : Optional.empty());
    }

    /// What is wrong if one of these is not there.
    Optional<Refusal> missing(Tx tx, String field, Collection<UUID> accounts) {
        return all(tx, accounts).size() == accounts.size()
                ? Optional.empty()
                : wrong(field, "name an account that is not there");
    }

    @Override
    protected Answer<Entry<Account>> removing(Tx tx, Entry<Account> account, String who) {
        var owner = new Owner(Kind.ACCOUNT, account.id());
        var keeping = all.usage().keeping(tx, owner);
        if (!keeping.isEmpty()) {
            return Answer.no(
                    Refusal.clash("The following Deployments have not been stopped: " + String.join(", ", keeping)));
        }
        var images = all.usage().images(tx, owner);
        if (!images.isEmpty()) {
            return Answer.no(Configuration.kept(account.name(), images));
        }
        all.families().leave(tx, account.id(), who);
        all.pools().forget(tx, account.id(), who);
        return all.sites().remove(tx, account.id(), who).map(_ -> account);
    }
}
