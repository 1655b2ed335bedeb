package holdfast.drivers.openstack;

import holdfast.authority.Driver.Key;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// How things of ours are known again.
///
/// Servers, volumes and images bear metadata, ports are named so. All are seen in lists as soon as the order is
/// answered, also before a host was chosen (tried on release Zed). Servers have a tag as well, because that is what
/// their list can be searched by; a tag takes neither `/` nor `,` and 60 characters at most, so it is only a hint, and
/// the metadata decides.
final class Marks {
    static final String METADATA = "holdfast";
    /// On a volume, names the attachment.
    static final String ATTACHED = "holdfast-attached";

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.-]{1,18}");

    /// Anybody may call a port `a/b`: a mark has the id of a lease.
    private static final Pattern MARK = Pattern.compile("([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/(.+)");

    private Marks() {}

    static String of(Key key) {
        return key.lease() + "/" + key.part();
    }

    static Optional<Key> read(String mark) {
        var parts = MARK.matcher(mark);
        return parts.matches() ? Optional.of(new Key(parts.group(1), parts.group(2))) : Optional.empty();
    }

    static Optional<Key> read(Map<String, String> metadata, String name) {
        return Optional.ofNullable(metadata.get(name)).flatMap(Marks::read);
    }

    static String tag(Key key) {
        var part = PLAIN.matcher(key.part()).matches()
                ? key.part()
                : "x" + Integer.toHexString(key.part().hashCode());
        return "holdfast-" + key.lease().replace("-", "") + "-" + part;
    }
}
