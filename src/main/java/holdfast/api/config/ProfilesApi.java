package holdfast.api.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.core.HardwareProfile;
import holdfast.core.Property;
import holdfast.platform.Tx;
import holdfast.pools.clouds.CloudProviders;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.Landscape;
import holdfast.pools.clouds.Right.Action;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.Stored.Provider;
import holdfast.pools.clouds.choice.Profiles;
import holdfast.pools.clouds.choice.Profiles.Fit;
import holdfast.pools.clouds.choice.Reason;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jooq.impl.DSL;

/// `/broker/hardware_profiles`: front-end profiles; with `provider=ID` those of a provider as it has them, with
/// `provider=any` those of all. Those of providers are looked at only. Their ids are that of the provider, `~`, and the
/// provider's own word, in base64 behind `~~` if it has other characters than ids have.
final class ProfilesApi extends Collection<HardwareProfile> {
    private static final String PROVIDER = "provider";
    private static final String MATCHING = "matching";
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.-]+");
    private static final int UUID_LENGTH = 36;

    ProfilesApi(Desk desk) {
        super(desk, desk.configuration().profiles(), "hardware_profiles", "hardware_profile", Target.HARDWARE_PROFILE);
    }

    @Override
    HardwareProfile read(Tx tx, Body body, Optional<Entry<HardwareProfile>> before) {
        var nothing = new Property.Any();
        return Measures.read(
                body,
                name(body, before),
                before.map(Entry::value)
                        .orElseGet(() ->
                                new HardwareProfile("", "", nothing, nothing, nothing, List.of(), Optional.empty())));
    }

    @Override
    List<Element> show(Tx tx, Ask ask, List<Entry<HardwareProfile>> some) {
        return some.stream()
                .map(entry -> tail(
                        Measures.show(
                                head(ask, entry).with("name", entry.name()),
                                entry.id().toString(),
                                entry.value()),
                        entry))
                .toList();
    }

    @Override
    Reply list(Ask ask) {
        return ask.parameter(PROVIDER).map(which -> atProviders(ask, which)).orElseGet(() -> super.list(ask));
    }

    private Reply atProviders(Ask ask, String which) {
        ask.only(Set.of(PROVIDER, "name"));
        return desk.in(tx -> {
            var all = new ArrayList<Element>();
            for (var provider : providers(tx, ask, desk, which)) {
                for (var profile : provider.value().profiles()) {
                    if (ask.parameter("name").map(profile.name()::equals).orElse(true)) {
                        all.add(backend(ask, provider, profile));
                    }
                }
            }
            return Reply.ok(Element.many(plural, ask.page(all))).with("X-Total-Count", String.valueOf(all.size()));
        });
    }

    /// The providers that the caller may see, of those that are asked for: one by its id, or `any`.
    static List<Entry<Provider>> providers(Tx tx, Ask ask, Desk desk, String which) {
        CloudProviders providers = desk.configuration().providers();
        var some = which.equals("any")
                ? providers.list(tx, DSL.noCondition())
                : Ids.of(which).flatMap(id -> providers.find(tx, id)).stream().toList();
        return some.stream()
                .filter(one -> ask.held(tx).may(Action.VIEW, Target.PROVIDER, path(one)))
                .toList();
    }

    private Element backend(Ask ask, Entry<Provider> provider, HardwareProfile profile) {
        var id = id(provider.id(), profile.id());
        return Measures.show(
                ask.ref(singular, plural, id)
                        .with("name", profile.name())
                        .with("external_key", profile.id())
                        .with(ask.ref(PROVIDER, "providers", provider.id()).saying(provider.name())),
                id,
                profile);
    }

    static String id(UUID provider, String key) {
        return PLAIN.matcher(key).matches()
                ? provider + "~" + key
                : provider + "~~" + Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(UTF_8));
    }

    /// The provider of a back-end profile, by its id here.
    static UUID provider(String id) {
        return Optional.of(id)
                .filter(text -> text.length() > UUID_LENGTH + 1 && text.charAt(UUID_LENGTH) == '~')
                .flatMap(text -> Ids.of(text.substring(0, UUID_LENGTH)))
                .orElseThrow(() -> Failure.invalid(
                        "hardware_profile", "Hardware profile is not the id of one that a provider has"));
    }

    /// The provider's own word for a back-end profile, by its id here.
    static String key(String id) {
        provider(id);
        var word = id.substring(UUID_LENGTH + 1);
        if (!word.startsWith("~")) {
            return word;
        }
        try {
            return new String(Base64.getUrlDecoder().decode(word.substring(1)), UTF_8);
        } catch (IllegalArgumentException _) {
            return word;
        }
    }

    @Override
    Optional<Reply> special(Ask ask, List<String> rest) {
        var id = rest.getFirst();
        if (rest.equals(List.of(MATCHING))) {
            return Optional.of(matching(ask));
        }
        if (rest.size() > 1 || id.length() <= UUID_LENGTH || id.charAt(UUID_LENGTH) != '~') {
            return Optional.empty();
        }
        if (!ask.method().equals(Ask.GET)) {
            throw Failure.never("a hardware profile of a provider is changed there, and not here");
        }
        return Optional.of(desk.in(tx -> {
            for (var provider : providers(tx, ask, desk, id.substring(0, UUID_LENGTH))) {
                for (var profile : provider.value().profiles()) {
                    if (id(provider.id(), profile.id()).equals(id)) {
                        return Reply.ok(backend(ask, provider, profile));
                    }
                }
            }
            throw nothing(id);
        }));
    }

    /// Which profile of each provider that the caller may see would serve a front-end profile (aeolus.md 6.3).
    private Reply matching(Ask ask) {
        ask.must(Ask.POST);
        var body = ask.body(singular);
        return desk.in(tx -> {
            var wanted = read(tx, body, Optional.empty());
            var landscape = new Landscape(desk.configuration());
            var all = providers(tx, ask, desk, "any").stream()
                    .map(provider -> match(
                            ask, provider, Profiles.choose(wanted, Optional.empty(), landscape.provider(tx, provider))))
                    .toList();
            return Reply.ok(Element.many("matches", ask.page(all))).total(all.size());
        });
    }

    private Element match(Ask ask, Entry<Provider> provider, Optional<Fit> fit) {
        var element = Element.of("match")
                .with(ask.ref(PROVIDER, "providers", provider.id()).saying(provider.name()));
        if (fit.isEmpty()) {
            var why = Reason.HW_PROFILE_MATCH_NOT_FOUND;
            return element.with(Element.of("reason").with("code", why.code()).with("message", why.text()));
        }
        var profile = fit.get().profile();
        return element.with(ask.ref(singular, plural, id(provider.id(), profile.id()))
                        .saying(profile.name()))
                .with(Explained.sizes(fit.get().sizes()));
    }

    @Override
    Reply create(Ask ask, Body body) {
        if (body.child(PROVIDER).isPresent()) {
            throw Failure.never("hardware profiles of providers are made there, and not here");
        }
        return super.create(ask, body);
    }
}
