package holdfast.pools.clouds;

import holdfast.core.Refusal;
import java.net.URI;
import java.util.Optional;

/// Addresses that administrators give.
final class Addresses {
    private static final int LONGEST = 1_000;
    private static final int MOST_PORT = 65_535;

    private Addresses() {}

    /// What is wrong with the address of an image mapper.
    static Optional<Refusal> mapper(Optional<String> mapper) {
        return mapper.filter(word -> !word.equals(ImageMapper.SAME_ID)).flatMap(url -> url("mapper_url", url, LONGEST));
    }

    /// What is wrong with an address of `http` or `https`. Passwords have no place in it: it is shown.
    static Optional<Refusal> url(String field, String url, int longest) {
        if (url.isBlank()) {
            return Entries.blank(field);
        }
        if (url.length() > longest) {
            return Entries.wrong(field, "is too long (maximum is " + longest + " characters)");
        }
        try {
            var uri = URI.create(url);
            var scheme = uri.getScheme();
            boolean web = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
            if (web && uri.getHost() != null && uri.getUserInfo() == null) {
                boolean reachable = uri.getPort() == -1 || uri.getPort() > 0 && uri.getPort() <= MOST_PORT;
                return reachable ? Optional.empty() : Entries.wrong(field, "names a port that is not of 1 to 65535");
            }
        } catch (IllegalArgumentException _) {
            // told below
        }
        return Entries.wrong(field, "is not an address of http or https, without user and password");
    }
}
