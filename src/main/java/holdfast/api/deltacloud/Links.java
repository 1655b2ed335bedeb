package holdfast.api.deltacloud;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;

/// Addresses of what is served, as this client reaches it.
///
/// @param root the entry point, such as `http://b.example/api`, with the matrix parameters by which the client chose
///     driver and provider
record Links(String root) {
    String collection(String name) {
        return root + "/" + name;
    }

    /// @param more segments that follow
    String member(String collection, String id, String... more) {
        var address = new StringBuilder(collection(collection)).append('/').append(encoded(id));
        for (var segment : more) {
            address.append('/').append(encoded(segment));
        }
        return address.toString();
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8)
                .replace("+", "%20")
                .replace("%7E", "~")
                .replace("*", "%2A");
    }
}
