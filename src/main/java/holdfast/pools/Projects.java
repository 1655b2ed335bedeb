package holdfast.pools;

import holdfast.core.Caller;
import holdfast.core.Copies;
import holdfast.core.Role;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// The accounts of projects (cattle.md 2.6): for each name of a project there is one, of kind `project`, made when it
/// is first needed.
public final class Projects {
    /// The type of accounts.
    public static final String ACCOUNT = "account";

    /// The subtype that projects are.
    public static final String KIND = "project";

    /// The type of memberships.
    public static final String MEMBER = "projectMember";

    private static final String ACTIVE = "active";
    /// The names that this server knows are those of its users.
    private static final String USER = "user";

    private static final Pattern NAME = Pattern.compile("[\\p{Alnum}][\\p{Alnum}._@-]{0,99}");
    private static final Set<String> WRITERS = Set.of("owner", "member");
    private static final int MOST = 100;

    private final Resources resources;

    public Projects(Resources resources) {
        this.resources = resources;
    }

    /// The id of a project's account, whether it has been made or not.
    public static UUID id(String project) {
        return Copies.id(KIND, project);
    }

    /// The account of a project, if it has been made.
    public Optional<Resource> find(Tx tx, String project) {
        return resources.find(tx, id(project));
    }

    /// The account of a project, made now if there is none. Two that need it at the same time make one.
    ///
    /// @param who needs it
    public Resource account(Tx tx, String project, String who) {
        var found = find(tx, project);
        if (found.isEmpty()) {
            var content = Json.object().put("kind", KIND);
            resources.insert(
                    tx,
                    resources.fresh(
                            id(project), ACCOUNT, Resources.ACTOR, Optional.empty(), project, ACTIVE, project, content),
                    who,
                    "first use of the project");
        }
        return found.or(() -> find(tx, project)).orElseThrow();
    }

    /// What a user may do in a project that it was made a member of (cattle.md 5.7): owners and members what
    /// members may, all others look. Looked up each time, so that who is no member any more is told so.
    ///
    /// @return empty if it is no member, or the project is switched off
    public Optional<Role> role(Tx tx, String user, String project) {
        var which = memberships(user, project).and(Resources.inState(ACTIVE)).and(Resources.present());
        var roles = resources.list(tx, which, MOST).stream()
                .map(member -> member.content().path("role").asString(""))
                .toList();
        return roles.isEmpty() || !isActive(tx, project)
                ? Optional.empty()
                : Optional.of(roles.stream().anyMatch(WRITERS::contains) ? Role.MEMBER : Role.READ_ONLY);
    }

    /// Whether a user was made a member at some time, whatever became of that.
    public boolean wasMember(Tx tx, String user, String project) {
        return !resources.list(tx, memberships(user, project), 1).isEmpty();
    }

    private static Condition memberships(String user, String project) {
        var membership = Json.object()
                .put("projectId", id(project).toString())
                .put("externalId", user)
                .put("externalIdType", USER);
        return Resources.typed(MEMBER)
                .and(DSL.condition("data ?? 'kind' and data @> {0}", DSL.val(Json.jsonb(membership))));
    }

    /// A caller in another project: an administrator in any, others where they were made members.
    ///
    /// @return empty if it may not act there
    public Optional<Caller> acting(Tx tx, Caller caller, String project) {
        if (caller.admin() && NAME.matcher(project).matches()) {
            return Optional.of(caller.in(project));
        }
        return role(tx, caller.user(), project)
                .map(role -> new Caller(caller.user(), project, false, caller.readOnly() || role.readOnly()));
    }

    /// Whether keys of a project are taken: not while its account is switched off, nor when it is
    /// gone. Whatever is made in a project, its keys among it, is made after its account.
    public boolean isActive(Tx tx, String project) {
        return find(tx, project).filter(Projects::isActive).isPresent();
    }

    /// Whether a project was switched off or removed. One that nobody has needed yet has no account, and is not
    /// off.
    public boolean isOff(Tx tx, String project) {
        return find(tx, project).filter(account -> !isActive(account)).isPresent();
    }

    private static boolean isActive(Resource account) {
        return account.state().equals(ACTIVE) && account.removed().isEmpty();
    }
}
