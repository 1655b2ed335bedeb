package holdfast.api.config;

import holdfast.platform.Tx;
import holdfast.pools.clouds.CloudProvider;
import holdfast.pools.clouds.Entries;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.Realms;
import holdfast.pools.clouds.Right.Action;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.Stored.Account;
import holdfast.pools.clouds.Stored.Provider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.Condition;

/// `/broker/provider_realms`: the realms of providers, as seen last. They are looked at only.
final class ProviderRealmsApi implements Part {
    private static final String PLURAL = "provider_realms";
    private static final String SINGULAR = "provider_realm";
    private static final String FRONTEND = "frontend_realms";
    private static final String PROVIDER = "provider";

    private final Desk desk;

    private record Found(Entry<Provider> provider, CloudProvider.Realm realm) {}

    ProviderRealmsApi(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Reply serve(Ask ask, List<String> rest) {
        ask.must(Ask.GET);
        if (rest.isEmpty()) {
            ask.only(Set.of(PROVIDER, "name"));
            return desk.in(tx -> list(tx, ask));
        }
        var id = Ids.of(rest.getFirst()).orElseThrow(ProviderRealmsApi::nothing);
        boolean frontend = rest.equals(List.of(rest.getFirst(), FRONTEND));
        if (rest.size() > 1 && !frontend) {
            throw nothing();
        }
        return desk.in(tx -> {
            var found = find(tx, ask, id);
            return Reply.ok(
                    frontend
                            ? frontend(tx, ask, found)
                            : show(tx, ask, List.of(found)).getFirst());
        });
    }

    private static Failure nothing() {
        return Failure.notFound("there is no such provider realm");
    }

    private Found find(Tx tx, Ask ask, UUID id) {
        var found = desk.configuration().providers().realms(tx, List.of(id));
        return found.entrySet().stream()
                .filter(entry -> ask.held(tx)
                        .may(
                                Action.VIEW,
                                Target.PROVIDER,
                                List.of(entry.getKey().id())))
                .map(entry -> new Found(entry.getKey(), entry.getValue().getFirst()))
                .findFirst()
                .orElseThrow(ProviderRealmsApi::nothing);
    }

    private Reply list(Tx tx, Ask ask) {
        var all = new ArrayList<Found>();
        for (var provider :
                ProfilesApi.providers(tx, ask, desk, ask.parameter(PROVIDER).orElse("any"))) {
            for (var realm : provider.value().realms()) {
                if (ask.parameter("name").map(realm.name()::equals).orElse(true)) {
                    all.add(new Found(provider, realm));
                }
            }
        }
        return Reply.ok(Element.many(PLURAL, show(tx, ask, ask.page(all))))
                .with("X-Total-Count", String.valueOf(all.size()));
    }

    private Element frontend(Tx tx, Ask ask, Found found) {
        var leading = desk.configuration()
                .realms()
                .list(tx, Realms.toRealm(found.realm().id()));
        return Element.many(
                FRONTEND,
                leading.stream()
                        .map(realm -> ask.ref("frontend_realm", FRONTEND, realm.id()))
                        .toList());
    }

    private List<Element> show(Tx tx, Ask ask, List<Found> some) {
        var owners = some.stream().map(found -> found.provider().id()).collect(Collectors.toSet());
        Map<UUID, List<Entry<Account>>> accounts =
                desk.configuration().accounts().list(tx, Entries.partsOf(owners)).stream()
                        .collect(Collectors.groupingBy(
                                account -> account.parent().orElseThrow()));
        var frontend = leading(tx, some);
        return some.stream()
                .map(found -> {
                    var id = found.realm().id();
                    var seeing = accounts.getOrDefault(found.provider().id(), List.of()).stream()
                            .filter(account -> account.value()
                                    .realms()
                                    .contains(found.realm().key()))
                            .map(account -> ask.ref("provider_account", "provider_accounts", account.id()))
                            .toList();
                    return ask.ref(SINGULAR, PLURAL, id)
                            .with("name", found.realm().name())
                            .with("external_key", found.realm().key())
                            .with("available", found.realm().available())
                            .with(Element.many("provider_accounts", seeing))
                            .with(Element.many(
                                            FRONTEND,
                                            frontend.getOrDefault(id, List.of()).stream()
                                                    .map(realm -> ask.ref("frontend_realm", FRONTEND, realm))
                                                    .toList())
                                    .attribute("href", ask.href(PLURAL, id.toString(), FRONTEND)))
                            .with(ask.ref(
                                            PROVIDER,
                                            "providers",
                                            found.provider().id())
                                    .saying(found.provider().name()));
                })
                .toList();
    }

    /// Which front-end realms lead to each of these, in one question.
    private Map<UUID, List<UUID>> leading(Tx tx, List<Found> some) {
        var leading = new HashMap<UUID, List<UUID>>();
        Function<Found, UUID> id = found -> found.realm().id();
        some.stream()
                .map(id)
                .map(Realms::toRealm)
                .reduce(Condition::or)
                .ifPresent(which -> desk.configuration()
                        .realms()
                        .list(tx, which)
                        .forEach(realm -> realm.value()
                                .realms()
                                .forEach(target -> leading.computeIfAbsent(target, _ -> new ArrayList<>())
                                        .add(realm.id()))));
        return leading;
    }
}
