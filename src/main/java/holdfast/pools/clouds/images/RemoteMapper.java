package holdfast.pools.clouds.images;

import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.WebhookClient;
import holdfast.pools.clouds.BrokerImage;
import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.ImageMapper;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Asks a server elsewhere what images are at accounts, all accounts in one call (aeolus.md 5.2.2). Which images there
/// are is told by another mapper. Its address must be open as those of callbacks must.
final class RemoteMapper implements ImageMapper {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteMapper.class);
    private static final String EVENT = "image.map";
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int OK = 200;
    private static final int LONGEST = 255;

    private final URI url;
    private final ImageMapper described;
    private final WebhookClient client;
    private final Platform platform;
    private final Remembered remembered;

    /// @param described knows which images there are
    /// @param remembered shared by all that ask
    RemoteMapper(URI url, ImageMapper described, WebhookClient client, Platform platform, Remembered remembered) {
        this.url = url;
        this.described = described;
        this.client = client;
        this.platform = platform;
        this.remembered = remembered;
    }

    @Override
    public List<BrokerImage> list(CloudPool pool) {
        return described.list(pool);
    }

    @Override
    public Optional<BrokerImage> describe(CloudPool pool, String image) {
        return described.describe(pool, image);
    }

    @Override
    public Map<UUID, Mapped> map(String image, Optional<String> build, Collection<CloudAccount> accounts) {
        var now = platform.now();
        var found = new HashMap<UUID, Mapped>();
        var unknown = new ArrayList<CloudAccount>();
        for (var account : accounts) {
            remembered
                    .find(new Remembered.Key(url, image, build, account.id()), now)
                    .ifPresentOrElse(
                            there -> found.put(account.id(), new Mapped.Usable(there)), () -> unknown.add(account));
        }
        if (!unknown.isEmpty()) {
            var results = ask(image, build, unknown);
            for (var account : unknown) {
                var result = results.getOrDefault(account.id().toString(), Json.object());
                var mapped = mapped(result);
                found.put(account.id(), mapped);
                if (mapped instanceof Mapped.Usable(var there) && is(result, MappingStatus.COMPLETE)) {
                    remembered.keep(new Remembered.Key(url, image, build, account.id()), there, now);
                }
            }
        }
        return found;
    }

    private static boolean is(JsonNode result, MappingStatus status) {
        return result.path("status").asString("").equals(status.name());
    }

    private static Mapped mapped(JsonNode result) {
        var image = result.path("provider_image").asString("");
        var status = MappingStatus.named(result.path("status").asString(""));
        if (status.isPresent() && status.get().hindrance().isEmpty() && !image.isBlank() && image.length() <= LONGEST) {
            return new Mapped.Usable(image);
        }
        var reason = result.path("reason")
                .asString("")
                .replaceAll("\\p{Cntrl}+", " ")
                .strip();
        return new Mapped.None(
                reason.isEmpty()
                        ? status.flatMap(MappingStatus::hindrance).orElse("no image")
                        : reason.substring(0, Math.min(LONGEST, reason.length())));
    }

    private Map<String, JsonNode> ask(String image, Optional<String> build, List<CloudAccount> accounts) {
        try {
            var answer = client.post(
                    url, EVENT, Json.text(question(image, build, accounts)), Optional.empty(), platform.now(), LIMIT);
            if (answer.status() != OK) {
                throw silent("it answered " + answer.status());
            }
            var byAccount = new HashMap<String, JsonNode>();
            var results = Json.tree(answer.text()).path("results");
            if (!results.isArray()) {
                throw silent("its answer has no results");
            }
            results.forEach(result -> byAccount.put(result.path("account").asString(""), result));
            return byAccount;
        } catch (IOException e) {
            throw silent(WebhookClient.inDetail(e));
        } catch (JacksonException _) {
            throw silent("its answer is not JSON");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw silent("the wait for its answer was broken off");
        }
    }

    /// What went wrong in the log, that it did to users.
    private UnavailableException silent(String why) {
        LOG.warn("image mapper {}: {}", url, why);
        return new UnavailableException("the image mapper of the pool's family does not answer");
    }

    private static JsonNode question(String image, Optional<String> build, List<CloudAccount> accounts) {
        var question = Json.object().put("image", image).put("build", build.orElse(null));
        var asked = question.putArray("accounts");
        for (var account : accounts) {
            var provider = account.provider();
            asked.addObject()
                    .put("id", account.id().toString())
                    .put("provider", provider.id().toString())
                    .put("type", provider.type().driver())
                    .put("deltacloud_provider", provider.region().orElse(null));
        }
        return question;
    }
}
