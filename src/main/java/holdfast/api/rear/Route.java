package holdfast.api.rear;

import holdfast.federation.wire.Reply;
import holdfast.platform.Tx;
import java.util.List;

/// What is served under one path by one method.
///
/// @param path its segments; `*` stands for any one
record Route(String method, List<String> path, Action action) {
    private static final String ANY = "*";

    /// Answers in a transaction, which is kept whatever the answer is.
    interface Action {
        /// @throws RearProblem if it is refused
        /// @throws holdfast.core.RefusedException if it is refused
        Reply answer(Tx tx, Asked asked);
    }

    /// @param path below `/api/v2`
    static Route of(String method, String path, Action action) {
        return new Route(method, List.of(("api/v2/" + path).split("/")), action);
    }

    boolean isAt(List<String> segments) {
        if (segments.size() != path.size()) {
            return false;
        }
        for (int i = 0; i < path.size(); i++) {
            if (!path.get(i).equals(ANY) && !path.get(i).equals(segments.get(i))) {
                return false;
            }
        }
        return true;
    }

    /// What stands in place of `*`.
    String name(List<String> segments) {
        int at = path.indexOf(ANY);
        return at < 0 ? "" : segments.get(at);
    }
}
