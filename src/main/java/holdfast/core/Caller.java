package holdfast.core;

/// Who asks, after authentication.
///
/// @param user who it is
/// @param project on whose behalf
/// @param admin whether the caller runs this installation
/// @param readOnly whether the caller may look and change nothing
public record Caller(String user, String project, boolean admin, boolean readOnly) {
    /// One who may also change what it may see.
    public Caller(String user, String project, boolean admin) {
        this(user, project, admin, false);
    }

    /// The same user on behalf of another project.
    public Caller in(String other) {
        return new Caller(user, other, admin, readOnly);
    }

    /// What it may do, in a word.
    public Role role() {
        return Role.of(admin, readOnly);
    }
}
