package holdfast.pools;

import holdfast.core.Refusal;
import holdfast.engine.RuntimeSettings;
import holdfast.engine.RuntimeSettings.Known;
import holdfast.engine.SettingRule.Address;
import holdfast.engine.SettingRule.Flag;
import holdfast.engine.SettingRule.Secret;
import holdfast.platform.Json;
import holdfast.platform.Secrets;
import holdfast.platform.WebClient;
import holdfast.platform.WebClient.Call;
import holdfast.platform.WebClient.NoAnswerException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An external policy that is asked by HTTP, as Blazar asks one (promise.md 5.5): 204 is yes, all else is no. Where it
/// is, administrators say while the server runs; no address of a user is called.
public final class PolicyService implements ExternalPolicy {
    /// How long each answer is waited for.
    public static final Duration LIMIT = Duration.ofSeconds(5);

    /// The longest answer that is read, in bytes.
    public static final long ANSWER = 1 << 16;

    private static final Logger LOG = LoggerFactory.getLogger(PolicyService.class);
    private static final int TRIES = 2;
    private static final int LONGEST_REASON = 500;
    private static final int YES = 204;
    private static final int NO = 403;
    private static final String NOT_ALLOWED = "the policy of this installation does not allow it";
    private static final String SILENT =
            "the policy service of this installation cannot say whether it is allowed; ask again later";

    private static final Known BASE = known(
            "url", new Address(), "Where the policy service is that has a say in reservations; empty = there is none.");
    private static final Known CREATE =
            known("create.url", new Address(), "Where it is asked about new ones, instead of check-create there.");
    private static final Known UPDATE =
            known("update.url", new Address(), "Where it is asked about changes, instead of check-update there.");
    private static final Known END =
            known("end.url", new Address(), "Where it is told what has ended, instead of on-end there.");
    private static final Known TOKEN =
            known("token", new Secret(), "What it is shown in X-Auth-Token; kept sealed and not shown.");
    private static final Known OPEN = new Known(
            "reservation.policy.fail.open",
            "false",
            new Flag(),
            "Whether all is allowed while the policy service does not answer.");

    private final RuntimeSettings settings;
    private final Secrets secrets;
    private final WebClient client;
    private final Duration limit;
    private final Supplier<String> keystone;
    private final String region;

    /// @param keystone where tokens are issued
    /// @param limit for each try
    public PolicyService(
            RuntimeSettings settings,
            Secrets secrets,
            WebClient client,
            Duration limit,
            Supplier<String> keystone,
            String region) {
        this.settings = settings;
        this.secrets = secrets;
        this.client = client;
        this.limit = limit;
        this.keystone = keystone;
        this.region = region;
        settings.add(List.of(BASE, CREATE, UPDATE, END, TOKEN, OPEN));
    }

    private static Known known(String name, holdfast.engine.SettingRule rule, String description) {
        return new Known("reservation.policy." + name, "", rule, description);
    }

    @Override
    public boolean hears(Moment moment) {
        return address(moment).isPresent();
    }

    private Optional<URI> address(Moment moment) {
        var own = switch (moment) {
            case CREATE -> CREATE;
            case UPDATE -> UPDATE;
            case END -> END;
        };
        return settings.text(own)
                .or(() -> settings.text(BASE).map(base -> base.replaceFirst("/+$", "") + "/" + path(moment)))
                .map(URI::create);
    }

    private static String path(Moment moment) {
        return switch (moment) {
            case CREATE -> "check-create";
            case UPDATE -> "check-update";
            case END -> "on-end";
        };
    }

    @Override
    public Optional<Refusal> objection(PolicyQuestion question) {
        var address = address(question.moment());
        var body = question.body();
        return address.flatMap(url -> objection(question.moment(), url, body));
    }

    private Optional<Refusal> objection(Moment moment, URI url, ObjectNode body) {
        var trouble = "";
        for (int tried = 0; tried < TRIES; tried++) {
            try {
                var answer = post(url, body);
                if (answer.status() == YES) {
                    return Optional.empty();
                }
                if (answer.status() < 500) {
                    return denied(answer.status() == NO ? reason(answer.text()) : NOT_ALLOWED);
                }
                trouble = "it answered " + answer.status();
            } catch (NoAnswerException e) {
                trouble = e.getMessage();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return denied(SILENT);
            }
        }
        boolean open = settings.flag(OPEN);
        LOG.warn("{} of the policy service: {}; {}", path(moment), trouble, open ? "taken for a yes" : "refused");
        return open ? Optional.empty() : denied(SILENT);
    }

    private static Optional<Refusal> denied(String why) {
        return Optional.of(Refusal.notYours(why).because("policy", Optional.empty(), true));
    }

    /// What it says, as far as it can be shown.
    private static String reason(String text) {
        try {
            var said = Json.tree(text)
                    .path("message")
                    .asString("")
                    .replaceAll("\\p{Cntrl}+", " ")
                    .strip();
            var shown = said.length() > LONGEST_REASON ? said.substring(0, LONGEST_REASON) + "..." : said;
            return shown.isEmpty() ? NOT_ALLOWED : shown;
        } catch (JacksonException _) {
            return NOT_ALLOWED;
        }
    }

    @Override
    public void tell(JsonNode ended) throws IOException, InterruptedException {
        var address = address(Moment.END);
        if (address.isPresent()) {
            int status = post(address.get(), ended).status();
            if (status < 200 || status > 299) {
                throw new IOException("the policy service answered " + status);
            }
        }
    }

    private WebClient.Answer post(URI url, JsonNode body) throws NoAnswerException, InterruptedException {
        var token = settings.secret(TOKEN, secrets);
        var headers = token.map(secret -> Map.of("X-Auth-Token", secret)).orElse(Map.of());
        var sent = (ObjectNode) body.deepCopy();
        sent.withObject("context").put("auth_url", keystone.get()).put("region_name", region);
        return client.call(new Call("POST", url, headers, Optional.of(Json.text(sent))), limit);
    }
}
