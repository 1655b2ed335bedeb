package holdfast.api.deltacloud;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// Ids as clients write them.
final class Ids {
    private static final Pattern FIT = Pattern.compile("[A-Za-z0-9_.~-]{1,128}");

    private Ids() {}

    /// @return empty for what is no id of ours
    static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text))
                    .filter(uuid -> uuid.toString().equalsIgnoreCase(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// The name of something, if it fits into addresses and no pattern reads it otherwise; else its own id.
    static String readable(String name, String id) {
        return FIT.matcher(name).matches() ? name : id;
    }

    /// @throws Problem if it is no id of an instance
    static UUID instance(String text) {
        return uuid(text).orElseThrow(() -> Problem.notThere("instance", text));
    }

    /// The account that a thing `<account>~<key>` lives at.
    static Optional<UUID> account(String thing) {
        int end = thing.indexOf('~');
        return end < 0 ? Optional.empty() : uuid(thing.substring(0, end));
    }
}
