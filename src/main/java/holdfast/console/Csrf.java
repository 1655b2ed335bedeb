package holdfast.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.platform.HttpRequest;
import holdfast.platform.Secrets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Keeps other sites from making a browser change things here: a browser sends its password with every request, but
/// only pages of this server can read its cookie and repeat it (cattle.md 5.11).
final class Csrf {
    private static final String COOKIE = "CSRF";
    private static final String HEADER = "X-API-CSRF";
    private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{10}");
    private static final int BYTES = 5;
    private static final String RULES = "; Path=/; SameSite=Strict";

    /// Takes the cookie away.
    static final String NONE = COOKIE + "=" + RULES + "; Max-Age=0";

    private Csrf() {}

    /// Whether a request may go on: it only looks, comes from a program, or repeats its cookie.
    static boolean allows(HttpRequest request) {
        var cookie = Console.cookie(request, COOKIE);
        if (isLooking(request) || cookie.isEmpty() && !Console.isBrowser(request)) {
            return true;
        }
        var repeated = request.header(HEADER)
                .or(() ->
                        request.query().getOrDefault(COOKIE, List.of()).stream().findFirst());
        return cookie.filter(token -> TOKEN.matcher(token).matches()).isPresent()
                && repeated.filter(token -> MessageDigest.isEqual(
                                token.getBytes(UTF_8), cookie.get().getBytes(UTF_8)))
                        .isPresent();
    }

    /// A link can ask for another method than its own.
    private static boolean isLooking(HttpRequest request) {
        var methods = List.of("GET", "HEAD");
        return methods.contains(request.method())
                && request.query().getOrDefault("_method", List.of()).stream()
                        .allMatch(method -> methods.contains(method.toUpperCase(Locale.ROOT)));
    }

    /// A cookie for a browser that has none.
    static Optional<String> fresh(HttpRequest request) {
        return Console.cookie(request, COOKIE)
                        .filter(token -> TOKEN.matcher(token).matches())
                        .isPresent()
                ? Optional.empty()
                : Optional.of(COOKIE + "=" + HexFormat.of().formatHex(Secrets.random(BYTES)) + RULES);
    }
}
