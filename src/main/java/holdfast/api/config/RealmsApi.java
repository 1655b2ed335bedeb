package holdfast.api.config;

import holdfast.platform.Tx;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.Stored.Realm;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// `/broker/frontend_realms`, and below them `mappings`: the realms of providers and whole providers to which each
/// leads.
final class RealmsApi extends Collection<Realm> {
    private static final String MAPPINGS = "mappings";
    private static final String REALM = "provider_realm";
    private static final String REALMS = "provider_realms";
    private static final String PROVIDER = "provider";
    private static final String PROVIDERS = "providers";

    RealmsApi(Desk desk) {
        super(desk, desk.configuration().realms(), "frontend_realms", "frontend_realm", Target.REALM);
    }

    @Override
    boolean open() {
        return true;
    }

    @Override
    Realm read(Tx tx, Body body, Optional<Entry<Realm>> before) {
        var old = before.map(Entry::value).orElseGet(() -> new Realm("", Set.of(), Set.of()));
        return new Realm(
                body.text("description").orElse(old.description()),
                body.ids(REALMS).map(Set::copyOf).orElse(old.realms()),
                body.ids(PROVIDERS).map(Set::copyOf).orElse(old.providers()));
    }

    @Override
    List<Element> show(Tx tx, Ask ask, List<Entry<Realm>> some) {
        return some.stream()
                .map(realm -> tail(
                        head(ask, realm)
                                .with("name", realm.name())
                                .with("description", realm.value().description())
                                .with(ChoiceApi.refs(
                                        ask, REALMS, REALM, realm.value().realms()))
                                .with(ChoiceApi.refs(
                                        ask, PROVIDERS, PROVIDER, realm.value().providers())),
                        realm))
                .toList();
    }

    @Override
    Reply nested(Ask ask, UUID id, List<String> rest) {
        if (!rest.getFirst().equals(MAPPINGS) || rest.size() > 2) {
            throw nothing(id.toString());
        }
        if (rest.size() == 2) {
            ask.must(Ask.DELETE);
            return unmap(ask, id, id(rest.get(1)));
        }
        return switch (ask.method()) {
            case Ask.GET -> desk.in(tx -> Reply.ok(mappings(ask, visible(tx, ask, id))));
            case Ask.POST -> map(ask, id, ask.body("mapping"));
            default -> throw ask.wrongMethod("GET, POST");
        };
    }

    private Element mappings(Ask ask, Entry<Realm> realm) {
        var all = Element.many(MAPPINGS);
        realm.value().realms().stream().sorted().forEach(target -> all.with(mapping(ask, realm, target, true)));
        realm.value().providers().stream().sorted().forEach(target -> all.with(mapping(ask, realm, target, false)));
        return all;
    }

    private Element mapping(Ask ask, Entry<Realm> realm, UUID target, boolean isRealm) {
        return Element.of("mapping")
                .attribute("id", target.toString())
                .attribute("href", ask.href(plural, realm.id().toString(), MAPPINGS, target.toString()))
                .with(isRealm ? ask.ref(REALM, REALMS, target) : ask.ref(PROVIDER, PROVIDERS, target));
    }

    private Reply map(Ask ask, UUID id, Body body) {
        var realm = body.id(REALM);
        var provider = body.id(PROVIDER);
        if (realm.isPresent() == provider.isPresent()) {
            throw Failure.invalid(REALM, "a mapping names either a provider realm or a provider");
        }
        return desk.in(tx -> {
            var before = mine(tx, ask, id, Optional.of(body));
            var target = realm.or(() -> provider).orElseThrow();
            var kept = before.value();
            var realms = new HashSet<>(kept.realms());
            var providers = new HashSet<>(kept.providers());
            if (!(realm.isPresent() ? realms : providers).add(target)) {
                throw Failure.invalid(REALM, "the realm leads there already");
            }
            var next = new Realm(kept.description(), realms, providers);
            var changed =
                    entries.change(tx, before, before.name(), next, ask.who()).orThrow();
            var element = mapping(ask, changed, target, realm.isPresent());
            return Reply.created(element, ask.href(plural, id.toString(), MAPPINGS, target.toString()))
                    .tagged(changed.version());
        });
    }

    private Reply unmap(Ask ask, UUID id, UUID target) {
        return desk.in(tx -> {
            var before = mine(tx, ask, id, Optional.empty());
            var realms = new HashSet<>(before.value().realms());
            var providers = new HashSet<>(before.value().providers());
            if (!realms.remove(target) && !providers.remove(target)) {
                throw Failure.notFound("the realm does not lead there");
            }
            var next = new Realm(before.value().description(), realms, providers);
            entries.change(tx, before, before.name(), next, ask.who()).orThrow();
            return Reply.nothing();
        });
    }
}
