package holdfast.drivers.holdfast;

import holdfast.authority.Driver.Key;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// Names at a peer, by which what is ours is found again.
///
/// @param owner the provider's resource here
record Marks(UUID owner) {
    private static final int LONGEST = 140;
    private static final Pattern HOLD = Pattern.compile("holdfast-([0-9a-f-]{36})-([0-9a-f-]{36})-([0-9a-f-]{36})");
    private static final Pattern SERVER = Pattern.compile(".* holdfast-([0-9a-f-]{36})-([0-9a-f-]{36})");

    /// A reservation there.
    String hold(Key key, UUID item) {
        return "holdfast-" + owner + "-" + key.lease() + "-" + item;
    }

    /// A server there, with the name that its user gave it.
    String server(Key key, String name) {
        var shown = name.length() > LONGEST ? name.substring(0, LONGEST) : name;
        return shown + " holdfast-" + owner + "-" + key.lease();
    }

    /// The lease of a reservation of that name, if it is ours.
    Optional<String> leaseOfHold(String name) {
        var match = HOLD.matcher(name);
        return match.matches() && match.group(1).equals(owner.toString())
                ? Optional.of(match.group(2))
                : Optional.empty();
    }

    Optional<String> leaseOfServer(String name) {
        var match = SERVER.matcher(name);
        return match.matches() && match.group(1).equals(owner.toString())
                ? Optional.of(match.group(2))
                : Optional.empty();
    }

    boolean isOf(String name, UUID item) {
        return leaseOfHold(name).isPresent() && name.endsWith("-" + item);
    }
}
