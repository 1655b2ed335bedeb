package holdfast.engine.pictures;

import java.util.ArrayList;
import java.util.List;

/// The names of what acts when a process runs, in the order in which it acts.
public record Logic(List<String> pre, List<String> logic, List<String> post) {
    /// Only the state changes.
    public static final Logic NONE = new Logic(List.of(), List.of(), List.of());

    public Logic {
        pre = List.copyOf(pre);
        logic = List.copyOf(logic);
        post = List.copyOf(post);
    }

    boolean isEmpty() {
        return pre.isEmpty() && logic.isEmpty() && post.isEmpty();
    }

    /// `pre=A,B,logic=C`, or `no-op`.
    String text() {
        if (isEmpty()) {
            return "no-op";
        }
        var groups = new ArrayList<String>();
        group(groups, "pre", pre);
        group(groups, "logic", logic);
        group(groups, "post", post);
        return String.join(",", groups);
    }

    private static void group(List<String> groups, String name, List<String> names) {
        if (!names.isEmpty()) {
            groups.add(name + "=" + String.join(",", names));
        }
    }
}
