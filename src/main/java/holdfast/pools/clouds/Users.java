package holdfast.pools.clouds;

import holdfast.core.Answer;
import holdfast.core.Copies;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Stored.User;
import java.util.Optional;
import java.util.UUID;

/// Users of the broker, with their quotas (aeolus.md 2.2, 2.7). Who they are is told by whoever lets them in; here they
/// are found by the name under which they come, whether they have been written down or not.
public final class Users extends Entries<User> {
    private static final String TYPE = "cloudUser";

    private final Configuration all;

    Users(Platform platform, Engine engine, Configuration all) {
        super(platform, engine, TYPE, "user", User.class);
        this.all = all;
    }

    /// The id of the user of that name.
    public static UUID id(String name) {
        return Copies.id(TYPE, name);
    }

    /// How many instances one may have; whoever is not written down has no limit.
    public Limits limits(Tx tx, String name) {
        return find(tx, id(name)).map(user -> user.value().limits()).orElse(Limits.NONE);
    }

    /// Writes one down who is not yet, with no limit.
    public Answer<Entry<User>> known(Tx tx, String name, String who) {
        var found = named(tx, name);
        if (found.isPresent()) {
            return Answer.yes(found.get());
        }
        return switch (add(tx, name, new User(Limits.NONE), who)) {
            case Answer.Yes<Entry<User>> made -> made;
            case Answer.No<Entry<User>> _ -> get(tx, id(name)); // somebody else was faster
        };
    }

    /// Writes one down.
    ///
    /// @return MALFORMED if that was done before
    public Answer<Entry<User>> add(Tx tx, String name, User user, String who) {
        var gone = resurrect(tx, id(name), name, user, who);
        return gone.isPresent() ? Answer.yes(gone.get()) : add(tx, id(name), Optional.empty(), name, user, who);
    }

    @Override
    protected Optional<Refusal> fault(
            Tx tx, Optional<UUID> parent, String name, User value, Optional<Entry<User>> before) {
        if (before.isPresent() && !before.get().name().equals(name)) {
            return wrong("name", "of a user cannot be changed: add another user");
        }
        return label("name", name)
                .or(() -> another(tx, before, Resources.named(name)) ? Optional.of(taken("name")) : Optional.empty());
    }

    @Override
    protected Answer<Entry<User>> removing(Tx tx, Entry<User> user, String who) {
        all.groups().leave(tx, user.id(), who);
        return all.grants().end(tx, Grants.forEntity(user.id()), who).map(_ -> user);
    }
}
