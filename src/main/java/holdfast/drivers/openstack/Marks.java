package holdfast.drivers.openstack;

import holdfast.authority.Driver.Key;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// How things of ours are known again, by a mark `<owner>/<lease>/<part>`. What bears the mark of another owner is
/// a stranger's, although another Holdfast made it: several may share an account.
///
/// Servers, volumes, images and aggregates bear it in their metadata, addresses in their description, ports are named
/// so, and keys of instances nearly so. All are seen in lists as soon as the order is answered, also before a host was
/// chosen (tried on release Zed). Servers have a tag as well, because that is what their list can be searched by; a tag
/// takes neither `/` nor `,` and 60 characters at most, so it is only a hint, and the metadata decides.
final class Marks {
    static final String METADATA = "holdfast";
    /// On an image that is kept for others: it is not ours to take away.
    static final String KEPT = "holdfast-kept";
    /// On a volume, names the attachment.
    static final String ATTACHED = "holdfast-attached";

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.-]{1,18}");
    private static final String ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final Pattern MARK = Pattern.compile("(" + ID + ")/(" + ID + ")/(.+)");

    private static final Pattern KEY_NAME = Pattern.compile("holdfast-(" + ID + ")-(" + ID + ")");

    private final String owner;

    /// @param owner the provider's resource, of which there is one in the world
    Marks(UUID owner) {
        this.owner = owner.toString();
    }

    String of(Key key) {
        return owner + "/" + key.lease() + "/" + key.part();
    }

    /// Empty if it is no mark, or not one of ours.
    Optional<Key> read(String mark) {
        var parts = MARK.matcher(mark);
        return parts.matches() && parts.group(1).equals(owner)
                ? Optional.of(new Key(parts.group(2), parts.group(3)))
                : Optional.empty();
    }

    Optional<Key> read(Map<String, String> metadata, String name) {
        return Optional.ofNullable(metadata.get(name)).flatMap(this::read);
    }

    /// Names take nothing but letters, digits, spaces, `-` and `_`.
    String keyName(String lease) {
        return "holdfast-" + owner + "-" + lease;
    }

    /// Empty if it is not the name of a key of ours.
    Optional<String> leaseOfKey(String name) {
        var parts = KEY_NAME.matcher(name);
        return parts.matches() && parts.group(1).equals(owner) ? Optional.of(parts.group(2)) : Optional.empty();
    }

    static String tag(Key key) {
        var part = PLAIN.matcher(key.part()).matches()
                ? key.part()
                : "x" + Integer.toHexString(key.part().hashCode());
        return "holdfast-" + key.lease().replace("-", "") + "-" + part;
    }
}
