package holdfast.api.blazar;

import holdfast.core.Caller;

/// What a caller must be for what it asks (promise.md 5.4). Whose lease it is, is looked at apart.
enum Right {
    /// Who has a role in its project, be it only `reader`.
    READ,
    /// `member`.
    WRITE,
    /// `admin`.
    OPERATE;

    /// @throws BlazarProblem 403
    void check(Caller caller) {
        boolean has = switch (this) {
            case READ -> true;
            case WRITE -> !caller.readOnly();
            case OPERATE -> caller.admin() && !caller.readOnly();
        };
        if (!has) {
            throw BlazarProblem.forbidden("Policy doesn't allow this to be performed: it needs the role "
                    + (this == WRITE ? "member" : "admin"));
        }
    }
}
