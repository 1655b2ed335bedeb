package holdfast.drivers.deltacloud;

import holdfast.authority.Driver.Key;
import java.math.BigInteger;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// How things of ours are known again: names end with the owner's first six hex digits and the whole id of the lease in
/// base 36, in letters and digits that every cloud takes. An instance bears the mark in its name; where instances have
/// no names, in that of the key that was made for it.
final class Marks {
    private static final int OWNER = 6;
    private static final int LEASE = 25;
    static final int LENGTH = OWNER + LEASE;
    private static final int LONGEST = 255;
    private static final int LONGEST_STEM_OF_KEY = 50;
    private static final int BASE = 36;
    private static final Pattern NAME = Pattern.compile(".*-([0-9a-f]{6})([0-9a-z]{25})");
    private static final Pattern KEY = Pattern.compile(".*_key_([0-9a-f]{6})([0-9a-z]{25})");

    private final String owner;

    /// @param owner the provider's resource, of which there is one in the world
    Marks(UUID owner) {
        this.owner = owner.toString().replace("-", "").substring(0, OWNER);
    }

    /// Whether names may be so long that they can bear a mark.
    static boolean fits(Optional<Integer> longest) {
        return longest.map(most -> most > LENGTH + 1).orElse(true);
    }

    /// The name of an instance on the wire (aeolus.md 2.8: `/` becomes `-`).
    String name(Key key, String stem, Optional<Integer> longest) {
        int most = Math.min(longest.orElse(LONGEST), LONGEST) - LENGTH - 1;
        var plain = stem.replace('/', '-').replaceAll("\\p{Cntrl}", "_");
        return plain.substring(0, Math.min(plain.length(), most)) + "-" + mark(key);
    }

    /// The name of the key of an instance (aeolus.md 4.2, 5a).
    String key(Key key, String stem, long epochSeconds) {
        var begin = stem.substring(0, Math.min(stem.length(), LONGEST_STEM_OF_KEY));
        return (begin + "_" + epochSeconds).replaceAll("[^A-Za-z0-9._-]", "_") + "_key_" + mark(key);
    }

    private String mark(Key key) {
        var number = new BigInteger(key.lease().replace("-", ""), 16).toString(BASE);
        return owner + "0".repeat(LEASE - number.length()) + number;
    }

    /// The lease that the name of an instance speaks of, if it is one of ours.
    Optional<String> leaseOf(String name) {
        return read(NAME, name);
    }

    /// The lease that the name of a key speaks of, if it is one of ours.
    Optional<String> leaseOfKey(String name) {
        return read(KEY, name);
    }

    private Optional<String> read(Pattern pattern, String text) {
        var parts = pattern.matcher(text);
        if (!parts.matches() || !parts.group(1).equals(owner)) return Optional.empty();
        var number = new BigInteger(parts.group(2), BASE);
        if (number.bitLength() > 128) return Optional.empty();
        var id = new UUID(number.shiftRight(64).longValue(), number.longValue());
        return Optional.of(id.toString());
    }
}
