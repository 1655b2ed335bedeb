package holdfast.api.config;

import static java.util.Objects.requireNonNull;

import holdfast.core.Answer;
import holdfast.platform.Tx;
import holdfast.pools.clouds.CloudProviders;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.ProviderType;
import holdfast.pools.clouds.Right.Action;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.Sites.Place;
import holdfast.pools.clouds.Stored.Provider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.Condition;

/// `/broker/providers`, and below them their accounts. One is taken only if it answers; one that is switched off has
/// all that runs there stopped first.
final class ProvidersApi extends Collection<Provider> {
    static final String TYPE = "provider_type";
    private static final String ENABLED = "enabled";
    private static final String URL = "url";

    private final AccountsApi accounts;

    ProvidersApi(Desk desk, AccountsApi accounts) {
        super(desk, desk.configuration().providers(), "providers", "provider", Target.PROVIDER);
        this.accounts = accounts;
    }

    @Override
    Map<String, Function<String, Condition>> filters() {
        return Map.of(ENABLED, text -> kept(ENABLED, text), "available", text -> kept("available", text));
    }

    @Override
    Provider read(Tx tx, Body body, Optional<Entry<Provider>> before) {
        var type = body.ref(TYPE)
                .map(said -> type(tx, said))
                .or(() -> before.map(old -> old.value().type()))
                .orElseThrow(() -> Failure.invalid(TYPE, "Provider type can't be blank"));
        var old = before.map(Entry::value)
                .orElseGet(() -> new Provider("", type, Optional.empty(), true, true, List.of(), List.of()));
        return new Provider(
                body.text(URL).orElse(old.url()),
                type,
                body.optional("deltacloud_provider").orElse(old.region()),
                body.flag(ENABLED).orElse(old.enabled()),
                old.available(),
                old.profiles(),
                old.realms());
    }

    /// A type by its id, its driver or its name.
    private UUID type(Tx tx, String said) {
        var types = desk.configuration().types();
        return Ids.of(said)
                .flatMap(id -> types.find(tx, id))
                .or(() -> types.list(tx, kept("driver", said)).stream().findFirst())
                .or(() -> types.named(tx, said))
                .map(Entry::id)
                .orElseThrow(() -> Failure.invalid(
                        TYPE,
                        "Provider type names none that is there; say an id, name or driver of /broker/provider_types"));
    }

    @Override
    Reply create(Ask ask, Body body) {
        var place = desk.in(tx -> {
            ask.need(tx, Action.CREATE, target, List.of());
            var value = read(tx, body, Optional.empty());
            entries.check(tx, Optional.empty(), name(body, Optional.empty()), value, Optional.empty())
                    .orThrow();
            return providers().place(tx, value);
        });
        alive(place);
        return super.create(ask, body);
    }

    private CloudProviders providers() {
        return desk.configuration().providers();
    }

    private void alive(Place place) {
        if (desk.configuration().sites().alive(place) instanceof Answer.No<Place>(var why)) {
            throw Failure.invalid(URL, "Url is not that of a provider: " + why.message());
        }
    }

    @Override
    Reply change(Ask ask, UUID id, Body body) {
        record Known(Provider before, Place after) {}
        var known = desk.in(tx -> {
            var before = mine(tx, ask, id, Optional.of(body));
            var value = read(tx, body, Optional.of(before));
            entries.check(tx, Optional.empty(), name(body, Optional.of(before)), value, Optional.of(before))
                    .orThrow();
            return new Known(before.value(), providers().place(tx, value));
        });
        var before = known.before();
        boolean moved = !known.after().url().equals(before.url())
                || !known.after().region().equals(before.region())
                || body.ref(TYPE).isPresent();
        boolean enabled = body.flag(ENABLED).orElse(before.enabled());
        if (moved || (enabled && !before.enabled())) {
            alive(known.after());
        }
        if (!enabled && (before.enabled() || body.flag(ENABLED).isPresent())) { // said again: nothing runs there
            return off(ask, id, body);
        }
        return super.change(ask, id, body);
    }

    private Reply off(Ask ask, UUID id, Body body) {
        providers().disable(id, body.flag("terminate").orElse(false), ask.who()).orThrow();
        return desk.in(tx -> {
            var before = entries.lock(tx, id).orThrow();
            var value = read(tx, body, Optional.of(before));
            return shown(
                    tx,
                    ask,
                    entries.change(tx, before, name(body, Optional.of(before)), value, ask.who())
                            .orThrow());
        });
    }

    /// Its accounts (aeolus.md 2.3).
    @Override
    List<? extends Entry<?>> along(Tx tx, Entry<Provider> provider) {
        return desk.configuration().accounts().of(tx, provider.id());
    }

    @Override
    Element gone(Ask ask, Entry<Provider> provider, List<? extends Entry<?>> along) {
        var went = along.stream()
                .map(account -> ask.ref("provider_account", "provider_accounts", account.id())
                        .with("name", account.name()))
                .toList();
        return super.gone(ask, provider, along).with(Element.many("provider_accounts", went));
    }

    @Override
    List<Element> show(Tx tx, Ask ask, List<Entry<Provider>> some) {
        Map<UUID, ProviderType> types = desk
                .configuration()
                .types()
                .all(
                        tx,
                        some.stream()
                                .map(provider -> provider.value().type())
                                .distinct()
                                .toList())
                .stream()
                .collect(Collectors.toMap(Entry::id, Entry::value));
        return some.stream()
                .map(provider -> {
                    var kept = provider.value();
                    var id = provider.id().toString();
                    var element = head(ask, provider)
                            .with("name", provider.name())
                            .with(URL, kept.url())
                            .with(TYPE, requireNonNull(types.get(kept.type())).driver())
                            .with("deltacloud_provider", kept.region())
                            .with(ENABLED, kept.enabled())
                            .with("available", kept.available())
                            .with(Element.of("provider_accounts")
                                    .attribute("href", ask.href(plural, id, "provider_accounts")))
                            .with(Element.of("hardware_profiles")
                                    .attribute("href", ask.href("hardware_profiles") + "?provider=" + id))
                            .with(Element.of("provider_realms")
                                    .attribute("href", ask.href("provider_realms") + "?provider=" + id));
                    return tail(element, provider);
                })
                .toList();
    }

    @Override
    Reply nested(Ask ask, UUID id, List<String> rest) {
        if (!rest.equals(List.of("provider_accounts"))) {
            throw nothing(id.toString());
        }
        desk.in(tx -> visible(tx, ask, id));
        return accounts.at(ask, id);
    }
}
