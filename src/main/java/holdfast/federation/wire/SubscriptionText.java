package holdfast.federation.wire;

import holdfast.core.Answer;
import holdfast.core.RefusedException;
import holdfast.platform.Json;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.MarketScope;
import holdfast.protocol.rear.Selector;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// SUBSCRIBE, as JSON (fluidos.md 5.9).
public final class SubscriptionText {
    private static final int LONGEST_URL = 2_048;
    private static final int SHORTEST_SECRET = 16;
    private static final int LONGEST_SECRET = 255;

    private SubscriptionText() {}

    /// What somebody asks for.
    ///
    /// @param webhook where it is to be told; empty: it comes and listens
    public record Wanted(MarketScope scope, Optional<Webhook> webhook) {}

    /// @param secret signs what is sent
    public record Webhook(URI url, Optional<String> secret) {
        /// Without the secret.
        @Override
        public String toString() {
            return url.toString();
        }
    }

    /// What was agreed.
    ///
    /// @param until when it ends, unless it is renewed
    /// @param last the number of the last event before it
    public record Agreed(String id, Instant until, long last) {}

    /// To be told of everything, by listening.
    static String everything() {
        var asked = Json.object();
        asked.putObject("scope").put("all", true);
        asked.putObject("deliver").put("kind", "sse");
        return Json.text(asked);
    }

    public static Answer<Wanted> wanted(String body) {
        return RearReader.read(
                body, message -> new Wanted(scope(message.at("scope").object()), webhook(message.at("deliver"))));
    }

    private static MarketScope scope(Item scope) {
        boolean all = scope.at("all").isThere() && scope.at("all").truth();
        var flavor = scope.at("flavorID").said(Item.NAME);
        var type = scope.at("flavorType");
        long said = List.of(all, flavor.isPresent(), type.isThere()).stream()
                .filter(one -> one)
                .count();
        if (said != 1) {
            throw scope.refused("must have one of flavorID, flavorType and all");
        }
        if (all) {
            return MarketScope.ALL;
        }
        return new MarketScope(flavor, type.isThere() ? Optional.of(selector(scope, type)) : Optional.empty());
    }

    private static Selector selector(Item scope, Item type) {
        var known = FlavorType.of(type.text(Item.NAME))
                .orElseThrow(() -> type.refused("must be K8Slice, VM, Service or Sensor"));
        var asked = Json.object().put("flavorType", known.identifier());
        scope.at("selector").at("filters").maybe().ifPresent(filters -> asked.set("filters", filters.node()));
        return CustomResources.selector(asked).orThrow();
    }

    private static Optional<Webhook> webhook(Item deliver) {
        var kind = deliver.at("kind");
        return switch (kind.said(Item.NAME).orElse("sse")) {
            case "sse" -> Optional.empty();
            case "webhook" ->
                Optional.of(new Webhook(
                        url(deliver.at("url")),
                        deliver.at("secret").hidden().maybe().map(SubscriptionText::secret)));
            default -> throw kind.refused("must be sse or webhook");
        };
    }

    private static String secret(Item secret) {
        var text = secret.text(LONGEST_SECRET);
        if (text.length() < SHORTEST_SECRET) {
            throw secret.refused("must be a text of " + SHORTEST_SECRET + " to " + LONGEST_SECRET + " characters");
        }
        return text;
    }

    private static URI url(Item item) {
        try {
            var url = new URI(item.text(LONGEST_URL));
            boolean web = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            if (web && url.getHost() != null && url.getRawUserInfo() == null && url.getRawFragment() == null) {
                return url;
            }
        } catch (URISyntaxException _) {
            // refused like others
        }
        throw bad(item);
    }

    private static RefusedException bad(Item item) {
        return item.refused("must be an address of http or https, without user and fragment");
    }

    public static String agreed(Agreed agreed) {
        return Json.text(Json.object()
                .put("subscriptionID", agreed.id())
                .put("expiresAt", agreed.until().toString())
                .put("lastEventID", String.valueOf(agreed.last())));
    }

    /// Reads what [#agreed] writes.
    static Answer<Agreed> agreement(String body) {
        return RearReader.read(
                body,
                message -> new Agreed(
                        message.at("subscriptionID").id(),
                        message.at("expiresAt").time(),
                        message.at("lastEventID").isThere() ? number(message.at("lastEventID")) : 0));
    }

    private static long number(Item item) {
        var text = item.text(Item.NAME);
        if (!text.matches("\\d{1,18}")) {
            throw item.refused("must be a number");
        }
        return Long.parseLong(text);
    }
}
