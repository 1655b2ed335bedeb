package holdfast.pools.clouds;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Copies;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Right.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// Permissions: who has which role on what (aeolus.md 2.7). What follows from them for the parts of a thing is worked
/// out when it is asked for, along the path from the part up, so that nothing has to be copied or taken back.
public final class Grants extends Entries<Grant> {
    private final Configuration all;

    Grants(Platform platform, Engine engine, Configuration all) {
        super(platform, engine, "cloudGrant", "permission", Grant.class);
        this.all = all;
    }

    /// Selects those that a user or a group has.
    public static Condition forEntity(UUID entity) {
        return DSL.condition("{0} ->> 'entity' = {1}", RESOURCE.DATA, DSL.val(entity.toString()));
    }

    /// Selects those on a thing.
    public static Condition on(UUID object) {
        return DSL.condition("{0} ->> 'object' = {1}", RESOURCE.DATA, DSL.val(object.toString()));
    }

    /// Selects those on any of these things.
    public static Condition onAny(Collection<UUID> objects) {
        var ids = objects.stream().map(UUID::toString).toArray(String[]::new);
        return DSL.condition("{0} ->> 'object' = any({1})", RESOURCE.DATA, DSL.val(ids));
    }

    /// Front-end profiles are for everybody until an administrator says otherwise.
    void seed(Tx tx) {
        var open = new Grant(Groups.EVERYBODY, Roles.id(StandardRoles.PROFILE_USER), Target.GLOBAL, Optional.empty());
        plant(tx, Copies.id("cloudGrant", open.name()), Optional.empty(), open.name(), open);
    }

    /// Gives somebody a role.
    public Answer<Entry<Grant>> give(Tx tx, Grant grant, String who) {
        return add(tx, Optional.empty(), grant.name(), grant, who);
    }

    @Override
    protected Optional<Refusal> fault(
            Tx tx, Optional<UUID> parent, String name, Grant value, Optional<Entry<Grant>> before) {
        if (all.roles().lock(tx, value.role()) instanceof Answer.No<Entry<Right.Role>>(var why)) {
            return Optional.of(Refusal.malformed("role", why.message()));
        }
        if (all.users().find(tx, value.entity()).isEmpty()
                && all.groups().find(tx, value.entity()).isEmpty()) {
            return wrong("entity", "is no user or group that is there");
        }
        var scope = all.roles().get(tx, value.role()).orThrow().value().scope();
        if (scope != value.scope() || value.object().isPresent() == (scope == Target.GLOBAL)) {
            return wrong("role", "is given on " + scope.word());
        }
        return another(tx, before, Resources.named(name)) ? Optional.of(taken("entity")) : Optional.empty();
    }

    /// Those who made something have it.
    public void own(Tx tx, Caller caller, Target target, UUID object) {
        for (var role : all.roles().ofOwners(tx, target)) {
            var user = all.users().known(tx, caller.user(), caller.user()).orThrow();
            give(tx, new Grant(user.id(), role.id(), target, Optional.of(object)), caller.user())
                    .orThrow();
        }
    }

    /// Ends all that `which` selects.
    ///
    /// @return CLASH if nobody would be left who administrates everything
    public Answer<Integer> end(Tx tx, Condition which, String who) {
        var ended = list(tx, which);
        for (var grant : ended) {
            if (lock(tx, grant.id()).flatMap(found -> remove(tx, found, who))
                    instanceof Answer.No<Entry<Grant>>(var why)) {
                return Answer.no(why);
            }
        }
        return Answer.yes(ended.size());
    }

    /// Nobody has a role on what is gone.
    public void forget(Tx tx, UUID object, String who) {
        end(tx, on(object), who).orThrow();
    }

    /// The role is locked, so that of two that go at the same time the second one stays.
    @Override
    protected Answer<Entry<Grant>> removing(Tx tx, Entry<Grant> grant, String who) {
        if (!grant.value().role().equals(Roles.ADMINISTRATOR)) {
            return Answer.yes(grant);
        }
        all.roles().lock(tx, Roles.ADMINISTRATOR).orThrow();
        return count(tx, Roles.having(Roles.ADMINISTRATOR)) > 1
                ? Answer.yes(grant)
                : Answer.no(Refusal.clash("the last permission of a global administrator cannot be removed"));
    }

    /// What a caller may do, as things are now. Administrators of the installation may do everything.
    public Held held(Tx tx, Caller caller) {
        if (caller.admin()) {
            return Held.EVERYTHING;
        }
        var user = Users.id(caller.user());
        var entities = new ArrayList<>(List.of(user, Groups.EVERYBODY));
        all.groups().list(tx, Groups.of(user)).forEach(group -> entities.add(group.id()));
        return held(tx, entities);
    }

    /// What those may do who have not said who they are.
    public Held open(Tx tx) {
        return held(tx, List.of(Groups.EVERYBODY));
    }

    private Held held(Tx tx, List<UUID> entities) {
        var words = entities.stream().map(UUID::toString).toArray(String[]::new);
        var mine = list(tx, DSL.condition("{0} ->> 'entity' = any({1})", RESOURCE.DATA, DSL.val(words)));
        Map<UUID, Right.Role> roles =
                all
                        .roles()
                        .all(
                                tx,
                                mine.stream()
                                        .map(grant -> grant.value().role())
                                        .distinct()
                                        .toList())
                        .stream()
                        .collect(Collectors.toMap(Entry::id, Entry::value));
        return new Held(
                false,
                mine.stream()
                        .flatMap(grant -> Optional.ofNullable(
                                roles.get(grant.value().role()))
                                .map(role -> new Held.Share(grant.value().object(), role))
                                .stream())
                        .toList());
    }
}
