package holdfast.core;

import java.util.Optional;

/// What a caller may do (cattle.md 5.14).
public enum Role {
    /// Runs the installation.
    ADMIN("admin", true, false),
    /// Sees what administrators see.
    READ_ADMIN("readAdmin", true, true),
    /// Uses what belongs to a project.
    MEMBER("member", false, false),
    /// Sees what belongs to a project.
    READ_ONLY("readonly", false, true);

    private final String word;
    private final boolean admin;
    private final boolean readOnly;

    Role(String word, boolean admin, boolean readOnly) {
        this.word = word;
        this.admin = admin;
        this.readOnly = readOnly;
    }

    /// As it is written on the wire.
    public String word() {
        return word;
    }

    public boolean admin() {
        return admin;
    }

    public boolean readOnly() {
        return readOnly;
    }

    /// Whether one of this role may give somebody `other`: nobody gives more than it has.
    public boolean covers(Role other) {
        return (admin || !other.admin) && (!readOnly || other.readOnly);
    }

    static Role of(boolean admin, boolean readOnly) {
        for (var role : values()) {
            if (role.admin == admin && role.readOnly == readOnly) {
                return role;
            }
        }
        throw new IllegalStateException("every pair is a role");
    }

    public static Optional<Role> named(String word) {
        for (var role : values()) {
            if (role.word.equals(word)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
