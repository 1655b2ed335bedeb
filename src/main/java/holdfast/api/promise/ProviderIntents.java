package holdfast.api.promise;

import holdfast.api.Patience;
import holdfast.api.promise.Intent.Asked;
import holdfast.authority.Provider.Account;
import holdfast.authority.Providers;
import holdfast.engine.Resource;
import holdfast.platform.Tx;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// Providers are added and taken out by administrators (promise.md 5.1).
final class ProviderIntents {
    private static final String ID = "provider-id";
    private static final String KEYSTONE = "http://localhost:5000/v3";
    private static final Pattern TAIL = Pattern.compile("(/auth)?/tokens/?$");
    private static final String DEFAULT = "Default";
    private static final int ADDRESS = 2_048;
    private static final int MOST_ZONES = 100;
    private static final int POLL = 60;
    private static final int LEAST_POLL = 5;
    private static final int DAY = 86_400;

    private enum Type {
        OPENSTACK,
        SIMULATED
    }

    /// Both mean a user with a password.
    private enum Strategy {
        OAUTH,
        KEYSTONE
    }

    private final Parts parts;
    private final Providers providers;

    ProviderIntents(Parts parts, Providers providers) {
        this.parts = parts;
        this.providers = providers;
    }

    List<Intent> all() {
        return List.of(
                Intent.changing(
                        "add-provider",
                        "Adds an account at a cloud; its capacity is for sale from then on.",
                        List.of(
                                "name",
                                "provider-type",
                                "strategy",
                                "endpoint",
                                "username",
                                "password",
                                "region",
                                "tenant",
                                "project",
                                "user-domain-name",
                                "zones",
                                "enforce",
                                "cleaning-seconds",
                                "poll-seconds"),
                        List.of(ID, "status"),
                        this::add),
                Intent.changing(
                        "remove-provider",
                        "Takes a provider out, if nothing of ours is there.",
                        List.of(ID),
                        List.of(ID),
                        this::remove));
    }

    /// The answer waits until it was looked at, so that its flavors are known.
    private ObjectNode add(Asked asked) {
        Parts.operate(asked.caller(), "add providers");
        var fields = asked.fields();
        fields.missing("provider-type");
        var type = fields.word("provider-type", Type.class).orElse(Type.SIMULATED);
        fields.word("strategy", Strategy.class);
        var endpoint = fields.text("endpoint", ADDRESS).orElse(KEYSTONE);
        if (endpoint.contains("/v2.0")) {
            fields.fault("endpoint", "is an address of Identity v2.0; only v3 is spoken here");
        }
        var project = fields.object("project").or(() -> fields.object("tenant"));
        var projectName = project.flatMap(given -> given.text("name").or(() -> given.text("id")))
                .orElse("");
        project.ifPresent(given -> given.any("id"));
        var account = new Account(
                type.name().toLowerCase(Locale.ROOT),
                type == Type.SIMULATED ? "" : TAIL.matcher(endpoint).replaceFirst(""),
                fields.text("region"),
                fields.text("username").orElse(""),
                fields.text("user-domain-name").orElse(DEFAULT),
                projectName,
                project.flatMap(given -> given.text("domain-name")).orElse(DEFAULT),
                fields.texts("zones", MOST_ZONES),
                fields.flag("enforce").orElse(true),
                Math.toIntExact(fields.whole("cleaning-seconds", 0, DAY).orElse(0L)),
                Math.toIntExact(fields.whole("poll-seconds", LEAST_POLL, DAY).orElse((long) POLL)));
        var password = fields.text("password", ADDRESS);
        var name = fields.text("name").orElseGet(() -> account.region().orElseGet(() -> host(account)));
        project.ifPresent(Fields::end);
        asked.end();
        var id = parts.in(tx -> providers
                .add(
                        tx,
                        name,
                        asked.caller().project(),
                        account,
                        password,
                        asked.caller().user())
                .map(resource -> parts.opened(tx, resource, asked.caller()).id())
                .orThrow());
        var state = state(parts.patience()
                .await(
                        asked.caller(),
                        id,
                        Patience.of(asked.http()),
                        provider -> !state(provider).equals("connecting")));
        return Told.ok(
                        switch (state) {
                            case "up" -> "added";
                            case "connecting" -> "added; it is being looked at";
                            default -> "added, but it cannot be reached; look whether the account is right";
                        })
                .put(ID, id.toString())
                .put("status", state);
    }

    private static String host(Account account) {
        var host = account.endpoint().isEmpty()
                ? null
                : URI.create(account.endpoint().replace(' ', '_')).getHost();
        return host == null ? account.driver() : host;
    }

    /// Up only when the broker knows it, too.
    private String state(Resource provider) {
        boolean sold = parts.in(
                tx -> parts.directory(tx).account(provider.id().toString()).isPresent());
        return provider.state().equals("up") && !sold ? "connecting" : provider.state();
    }

    private ObjectNode remove(Asked asked) {
        Parts.operate(asked.caller(), "remove providers");
        var ref = asked.fields().ref(ID);
        asked.fields().missing(ID);
        asked.end();
        var removed = parts.in(tx -> providers
                .remove(
                        tx,
                        find(tx, asked, ref.orElseThrow()).id(),
                        asked.caller().user())
                .orThrow());
        return Told.ok("taken out").put(ID, removed.id().toString());
    }

    /// By its name or id.
    private Resource find(Tx tx, Asked asked, Ref ref) {
        return parts.mine().present(tx, asked.caller(), Providers.TYPE).stream()
                .filter(one -> one.name().equals(ref.name()))
                .findFirst()
                .or(() -> Optional.of(ref)
                        .filter(one -> one.mayBe(Ref.Kind.PROVIDER))
                        .flatMap(one -> parts.mine().find(tx, asked.caller(), Providers.TYPE, one)))
                .orElseGet(() -> parts.mine().one(tx, asked.caller(), Providers.TYPE, ref));
    }
}
