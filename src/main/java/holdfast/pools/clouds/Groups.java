package holdfast.pools.clouds;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Copies;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resources;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Stored.Group;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// Groups of users. What a group may do, its members may, from the moment on that they are in it, and no longer.
public final class Groups extends Entries<Group> {
    private static final String TYPE = "cloudGroup";
    /// The group of all users, of whom none has to be named.
    static final UUID EVERYBODY = Copies.id(TYPE, "everybody");

    private final Configuration all;

    Groups(Platform platform, Engine engine, Configuration all) {
        super(platform, engine, TYPE, "user group", Group.class);
        this.all = all;
    }

    void seed(Tx tx) {
        plant(tx, EVERYBODY, Optional.empty(), "everybody", new Group("all users, without being named", Set.of()));
    }

    @Override
    protected Optional<Refusal> fault(
            Tx tx, Optional<UUID> parent, String name, Group value, Optional<Entry<Group>> before) {
        return label("name", name)
                .or(() -> another(tx, before, Resources.named(name)) ? Optional.of(taken("name")) : Optional.empty())
                .or(() -> all.users().all(tx, value.members()).size()
                                == value.members().size()
                        ? Optional.empty()
                        : wrong("users", "name a user who is not there"));
    }

    /// Selects the groups of a user.
    public static Condition of(UUID user) {
        return DSL.condition(
                "{0} @> {1}", RESOURCE.DATA, DSL.val(Json.jsonb(Map.of("members", List.of(user.toString())))));
    }

    void leave(Tx tx, UUID user, String who) {
        for (var found : list(tx, of(user))) {
            var group = lock(tx, found.id()).orThrow();
            var members = new HashSet<>(group.value().members());
            members.remove(user);
            write(tx, group, new Group(group.value().description(), members), who);
        }
    }

    @Override
    protected Answer<Entry<Group>> removing(Tx tx, Entry<Group> group, String who) {
        return all.grants().end(tx, Grants.forEntity(group.id()), who).map(_ -> group);
    }
}
