package holdfast.api.blazar;

import holdfast.platform.HttpReply.Content;
import java.util.List;

/// A method on a path below `/blazar/v1`.
///
/// @param path its segments; `*` is any
record Route(String method, List<String> path, Right right, Action action) {
    private static final String ANY = "*";

    /// What is done.
    interface Action {
        Content answer(Call call);
    }

    static Route of(String method, String path, Right right, Action action) {
        return new Route(method, List.of(path.split("/")), right, action);
    }

    boolean isAt(List<String> segments) {
        if (segments.size() != path.size()) {
            return false;
        }
        for (int n = 0; n < path.size(); n++) {
            if (!path.get(n).equals(ANY) && !path.get(n).equals(segments.get(n))) {
                return false;
            }
        }
        return true;
    }

    /// What stands in place of the `*`.
    String named(List<String> segments) {
        int at = path.indexOf(ANY);
        return at < 0 ? "" : segments.get(at);
    }
}
