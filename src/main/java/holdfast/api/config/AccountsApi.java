package holdfast.api.config;

import static java.util.Objects.requireNonNull;

import holdfast.core.Answer;
import holdfast.engine.Resources;
import holdfast.platform.Stopwatch;
import holdfast.platform.Tx;
import holdfast.pools.clouds.CloudAccounts;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.Limits;
import holdfast.pools.clouds.ProviderType;
import holdfast.pools.clouds.Right.Action;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.Sites.Place;
import holdfast.pools.clouds.Sites.Seen;
import holdfast.pools.clouds.Stored.Account;
import holdfast.pools.clouds.Stored.Provider;
import holdfast.pools.clouds.Usage.Counts;
import holdfast.pools.clouds.Usage.Kind;
import holdfast.pools.clouds.Usage.Owner;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.Condition;

/// `/broker/provider_accounts`: taken only if they log in. What is secret of their credentials is shown to nobody.
final class AccountsApi extends Collection<Account> {
    private static final String PROVIDER = "provider";
    private static final String CREDENTIALS = "credentials";

    AccountsApi(Desk desk) {
        super(desk, desk.configuration().accounts(), "provider_accounts", "provider_account", Target.PROVIDER_ACCOUNT);
    }

    private CloudAccounts accounts() {
        return desk.configuration().accounts();
    }

    @Override
    Map<String, Function<String, Condition>> filters() {
        return Map.of(PROVIDER, Collection::partOf);
    }

    /// Those at one provider.
    Reply at(Ask ask, UUID provider) {
        return switch (ask.method()) {
            case Ask.GET -> listed(ask, Resources.partOf(provider));
            case Ask.POST -> create(ask, ask.body(singular), provider);
            default -> throw ask.wrongMethod("GET, POST");
        };
    }

    @Override
    Optional<UUID> parent(Body body) {
        return body.id(PROVIDER);
    }

    /// The label, which is also called name; the username if there is none.
    @Override
    String name(Body body, Optional<Entry<Account>> before) {
        return body.text("label")
                .or(() -> body.text("name"))
                .filter(text -> !text.isBlank())
                .or(() -> before.map(Entry::name))
                .or(() -> body.child(CREDENTIALS).flatMap(said -> said.text("username")))
                .orElse("");
    }

    @Override
    Account read(Tx tx, Body body, Optional<Entry<Account>> before) {
        var old = before.map(Entry::value);
        var said = body.child(CREDENTIALS).map(Body::texts).orElse(Map.of());
        var limits = body.limits(old.map(Account::limits).orElse(Limits.NONE));
        var priority = body.number("priority").or(() -> old.flatMap(Account::priority));
        if (old.isEmpty()) {
            return accounts().fresh(said, limits, priority);
        }
        var credentials =
                new HashMap<>(accounts().open(old.get(), place(tx, before.get()).type()));
        said.forEach((name, text) -> {
            if (!text.equals(CloudAccounts.MASK)) {
                credentials.put(name, text);
            }
        });
        return new Account(
                old.get().site(),
                credentials,
                limits,
                old.get().realms(),
                old.get().takes(),
                priority);
    }

    private Place place(Tx tx, Entry<Account> account) {
        var providers = desk.configuration().providers();
        return providers.place(
                tx, providers.get(tx, account.parent().orElseThrow()).orThrow().value());
    }

    @Override
    Reply create(Ask ask, Body body) {
        return create(ask, body, parent(body).orElseThrow(() -> Failure.invalid(PROVIDER, "Provider can't be blank")));
    }

    private Reply create(Ask ask, Body body, UUID provider) {
        record Wanted(Place place, Account account) {}
        var wanted = desk.in(tx -> {
            ask.need(tx, Action.CREATE, target, List.of(provider));
            var providers = desk.configuration().providers();
            var found = providers
                    .find(tx, provider)
                    .orElseThrow(() -> Failure.invalid(PROVIDER, "Provider names none that is there"));
            var place = providers.place(tx, found.value());
            var account = read(tx, body, Optional.empty());
            complete(place, account);
            entries.check(tx, Optional.of(provider), name(body, Optional.empty()), account, Optional.empty())
                    .orThrow();
            return new Wanted(place, account);
        });
        var seen =
                accounts().look(wanted.place(), wanted.account().credentials()).orThrow();
        var name = name(body, Optional.empty());
        return desk.in(tx -> made(
                tx,
                ask,
                accounts()
                        .enroll(tx, provider, name, wanted.account(), seen, ask.who())
                        .orThrow()));
    }

    private static void complete(Place place, Account account) {
        CloudAccounts.fault(place.type(), account.credentials()).ifPresent(why -> {
            throw refused(why);
        });
    }

    @Override
    void guard(Tx tx, Ask ask, Body body, Optional<Entry<Account>> before, Optional<UUID> parent) {
        quota(tx, ask, body, parent.stream().toList());
        if (parent(body).filter(other -> !Optional.of(other).equals(parent)).isPresent()) {
            throw Failure.invalid(PROVIDER, "Provider cannot be changed: add another account there");
        }
    }

    @Override
    Reply change(Ask ask, UUID id, Body body) {
        record Wanted(Place place, Account account, boolean otherwise) {}
        var wanted = desk.in(tx -> {
            var before = mine(tx, ask, id, Optional.of(body));
            guard(tx, ask, body, Optional.of(before), before.parent());
            var place = place(tx, before);
            var account = read(tx, body, Optional.of(before));
            boolean otherwise = !account.credentials().equals(accounts().open(before.value(), place.type()));
            if (otherwise) {
                complete(place, account);
            }
            entries.check(tx, before.parent(), name(body, Optional.of(before)), account, Optional.of(before))
                    .orThrow();
            return new Wanted(place, account, otherwise);
        });
        Optional<Seen> seen = wanted.otherwise()
                ? Optional.of(accounts()
                        .look(wanted.place(), wanted.account().credentials())
                        .orThrow())
                : Optional.empty();
        return desk.in(tx -> {
            var before = mine(tx, ask, id, Optional.of(body));
            var name = name(body, Optional.of(before));
            return shown(
                    tx,
                    ask,
                    accounts()
                            .change(tx, before, name, wanted.account(), seen, ask.who())
                            .orThrow());
        });
    }

    @Override
    List<Element> show(Tx tx, Ask ask, List<Entry<Account>> some) {
        Map<UUID, Entry<Provider>> providers = desk
                .configuration()
                .providers()
                .all(
                        tx,
                        some.stream()
                                .flatMap(one -> one.parent().stream())
                                .distinct()
                                .toList())
                .stream()
                .collect(Collectors.toMap(Entry::id, one -> one));
        Map<UUID, ProviderType> types = desk
                .configuration()
                .types()
                .all(
                        tx,
                        providers.values().stream()
                                .map(one -> one.value().type())
                                .distinct()
                                .toList())
                .stream()
                .collect(Collectors.toMap(Entry::id, Entry::value));
        var counts = Shown.counts(
                tx,
                desk.configuration(),
                Kind.ACCOUNT,
                some.stream().map(Entry::id).toList());
        return some.stream()
                .map(account -> {
                    var provider = requireNonNull(providers.get(account.parent().orElseThrow()));
                    var type = requireNonNull(types.get(provider.value().type()));
                    var used = counts.getOrDefault(new Owner(Kind.ACCOUNT, account.id()), Counts.NONE);
                    return shown(ask, account, provider, type, used);
                })
                .toList();
    }

    private Element shown(Ask ask, Entry<Account> account, Entry<Provider> provider, ProviderType type, Counts used) {
        var kept = account.value();
        var credentials = Element.of(CREDENTIALS);
        CloudAccounts.masked(kept, type).forEach(credentials::with);
        var realms = provider.value().realms().stream()
                .filter(realm -> kept.realms().contains(realm.key()))
                .map(realm -> ask.ref("provider_realm", "provider_realms", realm.id()))
                .toList();
        var element = head(ask, account)
                .with("name", account.name())
                .with(ask.ref(PROVIDER, "providers", provider.id()).saying(provider.name()))
                .with("provider_type", type.driver())
                .with(credentials)
                .with("quota_used", Shown.percentage(kept.limits(), used) + "%")
                .with(Shown.quota(kept.limits()))
                .with("priority", kept.priority())
                .with(Element.many("provider_realms", realms));
        return tail(element, account);
    }

    @Override
    Reply nested(Ask ask, UUID id, List<String> rest) {
        return switch (String.join("/", rest)) {
            case "test" -> test(ask, id);
            case "callback" -> callback(ask, id);
            default -> throw nothing(id.toString());
        };
    }

    /// Where the account's cloud may say that something has changed; for those who may tell it.
    private Reply callback(Ask ask, UUID id) {
        ask.must(Ask.GET);
        return desk.in(tx -> {
            ask.need(tx, Action.MODIFY, target, path(visible(tx, ask, id)));
            return Reply.ok(Element.of("callback")
                    .attribute("href", ask.href("callbacks", accounts().token(id))));
        });
    }

    private Reply test(Ask ask, UUID id) {
        ask.must(Ask.POST);
        record Known(UUID provider, Place place, Map<String, String> credentials) {}
        var known = desk.in(tx -> {
            var account = visible(tx, ask, id);
            ask.need(tx, Action.USE, target, path(account));
            var place = place(tx, account);
            return new Known(account.parent().orElseThrow(), place, accounts().open(account.value(), place.type()));
        });
        var watch = Stopwatch.start();
        var seen = desk.configuration().sites().look(known.place(), known.credentials());
        long millis = watch.elapsed().toMillis();
        if (seen instanceof Answer.Yes<Seen>(var look)) {
            desk.in(tx -> accounts().saw(tx, id, look, ask.who()));
        }
        var message = seen instanceof Answer.No<Seen>(var why) ? why.message() : "";
        return Reply.ok(Element.of("test")
                .with("available", message.isEmpty())
                .with("message", message)
                .with("latency_ms", millis));
    }
}
