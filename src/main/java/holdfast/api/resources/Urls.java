package holdfast.api.resources;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Map;
import java.util.TreeMap;

/// Addresses made from the one that was asked for.
final class Urls {
    private Urls() {}

    /// The address of the request with these query parameters replaced, from the first page on.
    static String with(Ask ask, Map<String, String> changes) {
        var url = new StringBuilder(ask.base())
                .append("/")
                .append(String.join(
                        "/", ask.http().path().stream().map(Urls::encode).toList()));
        char separator = '?';
        for (var given : ask.http().query().entrySet()) {
            if (changes.containsKey(given.getKey()) || given.getKey().equals("marker")) {
                continue;
            }
            for (var each : given.getValue()) {
                url.append(separator).append(encode(given.getKey())).append('=').append(encode(each));
                separator = '&';
            }
        }
        for (var change : new TreeMap<>(changes).entrySet()) {
            url.append(separator).append(change.getKey()).append('=').append(encode(change.getValue()));
            separator = '&';
        }
        return url.toString();
    }

    static String encode(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }
}
