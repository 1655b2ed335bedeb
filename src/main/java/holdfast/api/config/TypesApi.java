package holdfast.api.config;

import holdfast.platform.Tx;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.ProviderType;
import holdfast.pools.clouds.ProviderType.Credential;
import holdfast.pools.clouds.ProviderType.Input;
import holdfast.pools.clouds.Right.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.Condition;

/// `/broker/provider_types`.
final class TypesApi extends Collection<ProviderType> {
    private static final String DEFINITIONS = "credential_definitions";
    private static final String DEFINITION = "credential_definition";
    private static final String DRIVER = "deltacloud_driver";
    private static final String IGNORED = "ignored_hardware_profiles";

    TypesApi(Desk desk) {
        super(desk, desk.configuration().types(), "provider_types", "provider_type", Target.PROVIDER_TYPE);
    }

    @Override
    boolean open() {
        return true;
    }

    @Override
    Map<String, Function<String, Condition>> filters() {
        return Map.of(DRIVER, text -> kept("driver", text));
    }

    @Override
    ProviderType read(Tx tx, Body body, Optional<Entry<ProviderType>> before) {
        var old = before.map(Entry::value)
                .orElseGet(() -> new ProviderType(
                        "",
                        "",
                        "deltacloud",
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        false,
                        false,
                        true,
                        Set.of("t1.micro", "opaque")));
        return new ProviderType(
                name(body, before),
                body.text(DRIVER).orElse(old.driver()),
                body.text("through").orElse(old.through()),
                body.optional("ssh_user").orElse(old.sshUser()),
                body.optional("home_dir").orElse(old.home()),
                body.many(DEFINITIONS)
                        .map(all -> all.stream().map(TypesApi::credential).toList())
                        .orElse(old.credentials()),
                body.flag("goes_to_stop_after_creation").orElse(old.stopsAfterCreation()),
                body.flag("stopped_instances_disappear").orElse(old.stoppedDisappear()),
                body.flag("destroy_supported").orElse(old.destroys()),
                body.many(IGNORED)
                        .map(all -> all.stream()
                                .flatMap(one -> one.own().stream())
                                .map(Object::toString)
                                .collect(Collectors.toSet()))
                        .orElse(old.ignored()));
    }

    private static Credential credential(Body body) {
        var name = body.text("name").orElse("");
        var word = body.text("input_type").orElse("string");
        var input = Arrays.stream(Input.values())
                .filter(one -> word(one).equals(word))
                .findFirst()
                .orElseThrow(() -> Failure.invalid("input_type", "Input type is string, password or file"));
        return new Credential(name, body.text("label").orElse(name), input);
    }

    private static String word(Input input) {
        return input.name().toLowerCase(Locale.ROOT);
    }

    @Override
    List<Element> show(Tx tx, Ask ask, List<Entry<ProviderType>> some) {
        return some.stream()
                .map(type -> {
                    var kept = type.value();
                    var element = head(ask, type)
                            .with("name", type.name())
                            .with(DRIVER, kept.driver())
                            .with("through", kept.through())
                            .with("ssh_user", kept.sshUser())
                            .with("home_dir", kept.home())
                            .with("goes_to_stop_after_creation", kept.stopsAfterCreation())
                            .with("stopped_instances_disappear", kept.stoppedDisappear())
                            .with("destroy_supported", kept.destroys())
                            .with(Element.many(
                                    IGNORED,
                                    new TreeSet<>(kept.ignored())
                                            .stream()
                                                    .map(name ->
                                                            Element.of("name").saying(name))
                                                    .toList()))
                            .with(Element.many(
                                    DEFINITIONS,
                                    kept.credentials().stream()
                                            .map(TypesApi::definition)
                                            .toList()));
                    return tail(element, type);
                })
                .toList();
    }

    private static Element definition(Credential credential) {
        return Element.of(DEFINITION)
                .attribute("id", credential.name())
                .with("name", credential.name())
                .with("label", credential.label())
                .with("input_type", word(credential.input()));
    }
}
