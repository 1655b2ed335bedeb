package holdfast.protocol.rear;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The names of what is traded (fluidos.md 2.5, 2.9, 6.7). Peers make objects of them, so each is a name as in DNS.
public final class FlavorIds {
    private static final int LONGEST = 253;
    private static final int CONTRACT = 63;
    private static final int SLUG = 20;
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final Pattern NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
    private static final Pattern TAGGED = Pattern.compile(".*-o([0-9a-f]{8})");
    private static final HexFormat HEX = HexFormat.of();

    private FlavorIds() {}

    /// Whether peers can make an object of that name: lower-case letters, digits, `-` and `.`, at most 253.
    public static boolean valid(String id) {
        return id.length() <= LONGEST && NAME.matcher(id).matches();
    }

    /// A name for a flavor of our own, at most 40 characters.
    ///
    /// @param chance 40 of its bits are in the name
    public static String fresh(String domain, FlavorType type, long chance) {
        return slug(domain) + "-" + type.word() + "-" + HEX.toHexDigits(chance, 10);
    }

    /// A name under which another's flavor is offered again, with a tag that tells whose it is.
    ///
    /// @param node id of the node whose flavor it is, `flavor` its name there
    /// @param chance 24 of its bits are in the name
    public static String again(String domain, FlavorType type, String node, String flavor, long chance) {
        return again(domain, type, origin(node, flavor), chance);
    }

    /// The same by the tag.
    public static String again(String domain, FlavorType type, String tag, long chance) {
        return slug(domain) + "-" + type.word() + "-" + HEX.toHexDigits(chance, 6) + "-o" + tag;
    }

    /// The tag of a flavor of a node: the same wherever it is offered.
    public static String origin(String node, String flavor) {
        return digest(node + "/" + flavor, 8);
    }

    /// The tag in the name of what is offered again; empty if there is none.
    public static Optional<String> tag(String id) {
        return Optional.of(id).map(TAGGED::matcher).filter(Matcher::matches).map(matcher -> matcher.group(1));
    }

    /// The name of a contract on a flavor, at most 63 characters.
    ///
    /// @param count 0 for the first contract on that flavor, and so on: two contracts never share a name
    public static String contract(String flavor, int count) {
        var end = "-" + digest(flavor, 4) + (count == 0 ? "" : "-" + count);
        var name = "contract-" + flavor.replace('.', '-');
        return name.substring(0, Math.min(name.length(), CONTRACT - end.length())) + end;
    }

    /// The name of a transaction: an id and the time in nanoseconds.
    public static String transaction(UUID id, Instant now) {
        return id.toString().replace("-", "") + "-" + now.getEpochSecond() + "%09d".formatted(now.getNano());
    }

    /// As whom a supernode buys for a customer. A provider merges two holds of one buyer on one flavor, so each
    /// customer of a supernode is a buyer of its own.
    public static String customer(String supernode, String customer) {
        return supernode + "." + digest(customer, 8);
    }

    private static String slug(String domain) {
        var clean = domain.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        var cut = clean.substring(0, Math.min(clean.length(), SLUG)).replaceAll("^-+|-+$", "");
        return cut.isEmpty() ? "node" : cut;
    }

    private static String digest(String text, int digits) {
        try {
            var bytes = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HEX.formatHex(bytes).substring(0, digits);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
