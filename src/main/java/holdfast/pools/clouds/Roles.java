package holdfast.pools.clouds;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Copies;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Right.Role;
import holdfast.pools.clouds.Right.Target;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// Roles (aeolus.md 2.7): those of [StandardRoles], and what administrators add.
public final class Roles extends Entries<Role> {
    private static final String TYPE = "cloudRole";
    private static final int LONGEST_NAME = 255;
    /// The role of those who may do everything.
    public static final UUID ADMINISTRATOR = id(StandardRoles.ADMINISTRATOR);

    private final Configuration all;

    Roles(Platform platform, Engine engine, Configuration all) {
        super(platform, engine, TYPE, "role", Role.class);
        this.all = all;
    }

    /// The id of a role that is there from the start.
    static UUID id(String name) {
        return Copies.id(TYPE, name);
    }

    void seed(Tx tx) {
        StandardRoles.ALL.forEach((name, role) -> plant(tx, id(name), Optional.empty(), name, role));
    }

    /// Those that makers of such a thing get.
    List<Entry<Role>> ofOwners(Tx tx, Target target) {
        return list(
                tx,
                DSL.condition(
                        "{0} ->> 'scope' = {1} and {0} ->> 'owner' = 'true'", RESOURCE.DATA, DSL.val(target.name())));
    }

    /// Selects permissions with a role.
    static Condition having(UUID role) {
        return DSL.condition("{0} ->> 'role' = {1}", RESOURCE.DATA, DSL.val(role.toString()));
    }

    @Override
    protected Optional<Refusal> fault(
            Tx tx, Optional<UUID> parent, String name, Role value, Optional<Entry<Role>> before) {
        if (name.isBlank() || name.length() > LONGEST_NAME) {
            return wrong("name", "must have 1 to " + LONGEST_NAME + " characters");
        }
        if (before.filter(old -> old.id().equals(ADMINISTRATOR)).isPresent()) {
            return wrong("name", "is the role that always stays as it is");
        }
        return another(tx, before, Resources.named(name)) ? Optional.of(taken("name")) : Optional.empty();
    }

    @Override
    protected Answer<Entry<Role>> removing(Tx tx, Entry<Role> role, String who) {
        if (role.id().equals(ADMINISTRATOR)) {
            return Answer.no(Refusal.clash(role.name() + " always stays"));
        }
        int used = all.grants().count(tx, having(role.id()));
        return used == 0
                ? Answer.yes(role)
                : Answer.no(Refusal.clash(role.name() + " is given by " + used + " permissions; remove those first"));
    }
}
