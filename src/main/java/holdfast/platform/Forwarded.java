package holdfast.platform;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/// What proxies say of the requests that they hand on (cattle.md 5.1). Anybody can write such headers, so they count
/// only if the connection comes from a proxy that the operator trusts, and of several values, in however many lines,
/// only the last: that one is the proxy's own.
///
/// @param peer the address that the connection comes from
/// @param proxies addresses of trusted proxies
/// @param headers all lines of a header by its name
record Forwarded(String peer, Set<InetAddress> proxies, Function<String, List<String>> headers) {
    private static final Pattern AUTHORITY = Pattern.compile("[A-Za-z0-9.\\-\\[\\]:_]{1,260}");
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
    private static final Pattern WITH_PORT = Pattern.compile("([^:]+|\\[.*]):[0-9]+");
    private static final Pattern BRACKETED = Pattern.compile("\\[(.*)]");

    /// The address of the server as the client knows it.
    ///
    /// @param secure whether the connection itself is
    String base(boolean secure) {
        var host = headers.apply("Host").stream()
                .findFirst()
                .filter(AUTHORITY.asMatchPredicate())
                .orElse("localhost");
        var own = secure ? "https" : "http";
        var scheme = said("X-Forwarded-Proto")
                .map(word -> word.toLowerCase(Locale.ROOT))
                .filter(Set.of("http", "https")::contains)
                .orElse(own);
        var name = said("X-Forwarded-Host").filter(AUTHORITY.asMatchPredicate()).orElse(host);
        var port = said("X-Forwarded-Port")
                .filter(PORT.asMatchPredicate())
                .filter(text -> !text.equals(scheme.equals("https") ? "443" : "80"))
                .filter(_ -> !WITH_PORT.matcher(name).matches())
                .map(text -> ":" + text);
        return scheme + "://" + name + port.orElse("");
    }

    /// The address of the client: the last on the way that is no trusted proxy. If that is no address, then what
    /// stands before it may be anybody's word.
    String client() {
        if (!isTrusted(peer)) {
            return peer;
        }
        return values("X-Forwarded-For").reversed().stream()
                .map(Forwarded::bare)
                .filter(address -> !isTrusted(address))
                .findFirst()
                .filter(address -> literal(address).isPresent())
                .orElse(peer);
    }

    /// Without port and brackets.
    private static String bare(String address) {
        var ported = WITH_PORT.matcher(address);
        var host = ported.matches() ? ported.group(1) : address;
        var bracketed = BRACKETED.matcher(host);
        return bracketed.matches() ? bracketed.group(1) : host;
    }

    private boolean isTrusted(String address) {
        return literal(address).filter(proxies::contains).isPresent();
    }

    private static Optional<InetAddress> literal(String address) {
        try {
            return Optional.of(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private Optional<String> said(String name) {
        return isTrusted(peer) ? values(name).reversed().stream().findFirst() : Optional.empty();
    }

    private List<String> values(String name) {
        return headers.apply(name).stream()
                .flatMap(text -> Arrays.stream(text.split(",")))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toList();
    }
}
