package holdfast.drivers.holdfast;

import holdfast.platform.Json;
import holdfast.platform.WebClient;
import holdfast.platform.WebClient.NoAnswerException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Calls of a peer.
final class Peer implements AutoCloseable {
    static final Duration WHEN_DENIED = Duration.ofSeconds(60);
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final long LARGEST = 32L << 20;
    private static final int PAGE = 1_000;
    private static final int MOST_PAGES = 100;

    private final WebClient web = new WebClient(CONNECT, LARGEST);
    private final Account account;

    Peer(Account account) {
        this.account = account;
    }

    /// What a peer answered: yes or no, for good.
    record Said(int status, JsonNode body) {
        boolean isYes() {
            return status < 300;
        }

        /// In its own words.
        String why() {
            var message = body.path("message").asString("");
            return "the peer says: " + (message.isEmpty() ? "status " + status : message);
        }
    }

    /// It cannot be told now.
    static final class NotNowException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final boolean denied;

        NotNowException(String message, boolean denied) {
            super(message);
            this.denied = denied;
        }

        /// Whether we are not let in.
        boolean isDenied() {
            return denied;
        }
    }

    /// @throws NotNowException if it does not answer, not even with a no
    Said get(String path) {
        return call("GET", path, Optional.empty(), Map.of());
    }

    Said send(String method, String path, JsonNode body, Map<String, String> headers) {
        return call(method, path, Optional.of(body.toString()), headers);
    }

    Said delete(String path) {
        return call("DELETE", path, Optional.empty(), Map.of());
    }

    /// The whole of a collection.
    List<JsonNode> all(String collection) {
        var found = new ArrayList<JsonNode>();
        var path = "/v1/" + collection + "?limit=" + PAGE;
        for (int page = 0; page < MOST_PAGES && !path.isEmpty(); page++) {
            var answer = seen(get(path));
            answer.path("data").forEach(found::add);
            var next = answer.at("/pagination/next").asString("");
            int query = next.indexOf('?');
            path = query < 0 ? "" : "/v1/" + collection + next.substring(query);
        }
        return found;
    }

    /// @throws NotNowException if it says no
    static JsonNode seen(Said said) {
        if (!said.isYes()) {
            throw new NotNowException(said.why(), false);
        }
        return said.body;
    }

    static String word(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private Said call(String method, String path, Optional<String> body, Map<String, String> more) {
        var headers = new HashMap<>(more);
        headers.put("Authorization", account.authorization());
        try {
            var url = URI.create(account.address().toString().replaceAll("/{1,9}$", "") + path);
            var answer = web.call(new WebClient.Call(method, url, headers, body), PATIENCE);
            return read(answer);
        } catch (NoAnswerException e) {
            throw new NotNowException("no answer of the peer: " + e.getMessage(), false);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new NotNowException("interrupted while asking the peer", false);
        }
    }

    private static Said read(WebClient.Answer answer) {
        int status = answer.status();
        JsonNode body;
        try {
            body = answer.text().isEmpty() ? Json.object() : Json.tree(answer.text());
        } catch (JacksonException _) {
            throw new NotNowException("the peer answered in words that we do not know", false);
        }
        var said = new Said(status, body);
        // 507 is its word for no room
        boolean broken = status == 429 || status >= 500 && status != 507 || status >= 300 && status < 400;
        if (status == 401 || broken) {
            throw new NotNowException(said.why(), status == 401);
        }
        return said;
    }

    @Override
    public String toString() {
        return account.toString();
    }

    @Override
    public void close() {
        web.close();
    }
}
