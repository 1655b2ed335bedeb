package holdfast;

import holdfast.authority.Cloud.Look;
import holdfast.authority.Provider;
import holdfast.authority.Provider.Account;
import holdfast.authority.Provider.Account.Behind;
import holdfast.authority.Providers;
import holdfast.core.Answer;
import holdfast.core.CloudSupply;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.platform.Tx;
import holdfast.pools.clouds.LaunchRequest;
import holdfast.pools.clouds.Sites;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// Accounts of the cloud broker as accounts of the authority of clouds: each is the resource `provider` of the same id.
final class AccountSites implements Sites {
    private static final String DELTACLOUD = "deltacloud";
    private static final String USERNAME = "username";
    /// Of users and projects at an OpenStack, unless the type of its accounts asks for others.
    private static final String DOMAIN = "Default";
    private static final int POLL_SECONDS = 30;

    private final Providers providers;

    AccountSites(Providers providers) {
        this.providers = providers;
    }

    @Override
    public Answer<Place> alive(Place place) {
        var account = account(place, Map.of(USERNAME, "nobody+nobody"));
        return account.fault()
                .<Answer<Place>>map(Answer::no)
                .orElseGet(() -> told(providers.greet(account)).map(_ -> place));
    }

    @Override
    public Answer<Seen> look(Place place, Map<String, String> credentials) {
        var account = account(place, credentials);
        return account.fault().<Answer<Seen>>map(Answer::no).orElseGet(() -> switch (told(
                providers.tryOut(account, password(credentials)))) {
            case Answer.Yes<CloudSupply>(var supply) -> Answer.yes(seen(supply));
            case Answer.No<CloudSupply>(var why) -> Answer.no(explained(why));
        });
    }

    /// In the words of aeolus.md 4.1, with those of the provider.
    private static Refusal explained(Refusal why) {
        return why.kind() == Refusal.Kind.NOT_YOURS
                ? Refusal.notYours("Login Credentials are Invalid for this Provider: " + why.message())
                : Refusal.silent("Cannot reach provider: " + why.message());
    }

    /// What a look at a provider found, for those who choose accounts.
    ///
    /// @return nothing while it is down
    static Optional<Seen> seen(Resource provider) {
        return provider.as(Provider.class)
                .supply()
                .filter(_ -> !provider.state().equals("down"))
                .map(AccountSites::seen);
    }

    private static Seen seen(CloudSupply supply) {
        return new Seen(
                supply.profiles(),
                supply.realms().stream()
                        .map(realm -> new Part(realm.id(), realm.name(), realm.available()))
                        .toList(),
                Optional.ofNullable(supply.collections().get("instances")).map(known -> taken(supply, known)));
    }

    /// That keys can be brought along is a feature of keys, which matters to launches that name one.
    private static Set<String> taken(CloudSupply supply, Set<String> ofInstances) {
        var taken = new TreeSet<>(ofInstances);
        supply.collections().getOrDefault("keys", Set.of()).stream()
                .filter(LaunchRequest.IMPORT_KEY::equals)
                .forEach(taken::add);
        return taken;
    }

    private static <T> Answer<T> told(Look<T> look) {
        return switch (look) {
            case Look.Seen<T>(var what) -> Answer.yes(what);
            case Look.Away<T>(var why, var _) -> Answer.no(Refusal.silent(why));
            case Look.Denied<T>(var why) -> Answer.no(Refusal.notYours(why));
        };
    }

    @Override
    public Answer<UUID> put(
            Tx tx, UUID account, String label, Place place, Map<String, String> credentials, String who) {
        var how = account(place, credentials);
        var password = password(credentials);
        return (providers.find(tx, account).isPresent()
                        ? providers.change(tx, account, how, password, who)
                        : providers.add(tx, account, label, Providers.UNSOLD, how, password, who))
                .map(Resource::id);
    }

    @Override
    public Answer<UUID> remove(Tx tx, UUID account, String who) {
        return providers.remove(tx, account, who).map(Resource::id);
    }

    @Override
    public void hint(Tx tx, UUID account) {
        providers.hint(tx, account);
    }

    @Override
    public List<Orphan> orphans(Tx tx, UUID account) {
        return providers.find(tx, account).stream()
                .flatMap(provider -> provider.as(Provider.class).astray().orphans().stream())
                .map(one -> new Orphan(
                        one.lease(), one.part(), one.id(), one.name(), one.status(), one.since(), one.doomed()))
                .toList();
    }

    @Override
    public Answer<UUID> takeAway(Tx tx, UUID account, UUID lease, String part, String who) {
        return providers.takeAway(tx, account, lease, part, who).map(Resource::id);
    }

    private static Optional<String> password(Map<String, String> credentials) {
        return Optional.ofNullable(credentials.get("password"));
    }

    private static Account account(Place place, Map<String, String> credentials) {
        var type = place.type();
        var username = credentials.getOrDefault(USERNAME, "");
        if (type.through().equals(DELTACLOUD)) {
            var behind = new Behind(type.driver(), type.stoppedDisappear(), Optional.<Boolean>empty(), false);
            return Account.deltacloud(place.url(), place.region(), username, POLL_SECONDS, behind);
        }
        var sides = username.split("[+]", 2); // user+project, as Deltacloud has it
        return new Account(
                type.through(),
                place.url(),
                place.region(),
                sides[0],
                credentials.getOrDefault("user_domain", DOMAIN),
                credentials.getOrDefault("project", sides.length == 2 ? sides[1] : ""),
                credentials.getOrDefault("project_domain", DOMAIN),
                List.of(),
                false,
                0,
                POLL_SECONDS);
    }
}
