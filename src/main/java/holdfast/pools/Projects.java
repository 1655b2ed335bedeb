package holdfast.pools;

import holdfast.core.Copies;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.util.Optional;
import java.util.UUID;

/// The accounts of projects (cattle.md 2.6): for each name of a project there is one, of kind `project`, made when it
/// is first needed.
public final class Projects {
    /// The type of accounts.
    public static final String ACCOUNT = "account";

    /// The subtype that projects are.
    public static final String KIND = "project";

    private static final String ACTIVE = "active";

    private final Resources resources;

    public Projects(Resources resources) {
        this.resources = resources;
    }

    /// The id of a project's account, whether it has been made or not.
    public static UUID id(String project) {
        return Copies.id(KIND, project);
    }

    /// The account of a project. Two that need it at the same time make one.
    ///
    /// @param who needs it
    public Resource account(Tx tx, String project, String who) {
        var found = resources.find(tx, id(project));
        if (found.isEmpty()) {
            var content = Json.object().put("kind", KIND);
            resources.insert(
                    tx,
                    resources.fresh(
                            id(project), ACCOUNT, Resources.ACTOR, Optional.empty(), project, ACTIVE, project, content),
                    who,
                    "first use of the project");
        }
        return found.or(() -> resources.find(tx, id(project))).orElseThrow();
    }

    /// Whether keys of a project are taken: not while its account is switched off.
    public boolean isActive(Tx tx, String project) {
        return resources
                .find(tx, id(project))
                .map(account ->
                        account.state().equals(ACTIVE) && account.removed().isEmpty())
                .orElse(true);
    }
}
