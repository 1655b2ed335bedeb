package holdfast.api;

import holdfast.core.Caller;
import java.util.List;

/// Who a caller is, in the words of those who speak of users, projects and roles (promise.md 5.4).
///
/// @param caller its user and project are ids: for our own users the names, for users of a Keystone the ids there,
///     because names are unique within a domain only
/// @param roles in the project, such as `member`
public record Identity(Caller caller, String userName, String projectName, List<String> roles) {
    private static final String READER = "reader";
    private static final String MEMBER = "member";

    public Identity {
        roles = List.copyOf(roles);
    }

    /// One of our own users.
    public static Identity of(Caller caller) {
        var roles = caller.readOnly()
                ? List.of(READER)
                : caller.admin() ? List.of("admin", MEMBER, READER) : List.of(MEMBER, READER);
        return new Identity(caller, caller.user(), caller.project(), roles);
    }

    public String userId() {
        return caller.user();
    }

    public String projectId() {
        return caller.project();
    }
}
