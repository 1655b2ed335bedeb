package holdfast.pools.clouds;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The words of permissions (aeolus.md 2.7).
public final class Right {
    private Right() {}

    /// What somebody may do.
    public enum Action {
        CREATE,
        MODIFY,
        USE,
        VIEW,
        SET_PERMS,
        VIEW_PERMS;

        /// As it is written on the wire.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Action> named(String word) {
            return one(values(), Action::word, word);
        }
    }

    /// What it is done to.
    public enum Target {
        POOL_FAMILY("PoolFamily"),
        POOL("Pool"),
        INSTANCE("Instance"),
        DEPLOYMENT("Deployment"),
        QUOTA("Quota"),
        PROVIDER("Provider"),
        PROVIDER_ACCOUNT("ProviderAccount"),
        PROVIDER_TYPE("ProviderType"),
        HARDWARE_PROFILE("HardwareProfile"),
        REALM("FrontendRealm"),
        CATALOG("Catalog"),
        DEPLOYABLE("Deployable"),
        IMAGE("Image"),
        TEMPLATE("Template"),
        USER("User"),
        GLOBAL("BasePermissionObject");

        private final String word;

        Target(String word) {
            this.word = word;
        }

        /// As it is written on the wire.
        public String word() {
            return word;
        }

        public static Optional<Target> named(String word) {
            return one(values(), Target::word, word);
        }
    }

    /// What those may do who have it. Its name is unique.
    ///
    /// @param scope on what it may be given; GLOBAL = on everything at once
    /// @param owner whether those get it who make such a thing
    public record Role(Target scope, boolean owner, Map<Target, Set<Action>> privileges) {
        public Role {
            privileges = Map.copyOf(privileges);
        }

        boolean allows(Action action, Target target) {
            return privileges.getOrDefault(target, Set.of()).contains(action);
        }
    }

    private static <T> Optional<T> one(T[] all, Function<T, String> word, String wanted) {
        for (var each : all) {
            if (word.apply(each).equals(wanted)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }
}
