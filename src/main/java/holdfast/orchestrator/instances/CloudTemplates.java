package holdfast.orchestrator.instances;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// What users keep to make the same again, templates and configurations of many types (aeolus.md 5.4.3): each project
/// has its own. What is in them is the words of the interface by which they were made, and is judged when something is
/// made of it. The type is that of the resource, such as `machineTemplate`.
public final class CloudTemplates {
    private static final String KEPT = "kept";
    private static final int MOST = 1_000;

    private final Platform platform;
    private final Database database;
    private final Resources resources;

    public CloudTemplates(Platform platform, Database database, Engine engine) {
        this.platform = platform;
        this.database = database;
        this.resources = engine.resources();
    }

    /// Those of the caller's project, oldest first, at most 1,000.
    public List<Resource> list(String type, Caller caller) {
        return database.inTransaction(tx -> list(tx, type, caller));
    }

    private List<Resource> list(Tx tx, String type, Caller caller) {
        return resources.list(
                tx,
                Resources.typed(type).and(Resources.ownedBy(caller.project())).and(Resources.present()),
                MOST);
    }

    public Optional<Resource> find(String type, Caller caller, UUID id) {
        return database.inTransaction(tx -> resources.find(tx, id).filter(one -> isThere(type, caller, one)));
    }

    private static boolean isThere(String type, Caller caller, Resource one) {
        return one.type().equals(type) && one.removed().isEmpty() && Access.maySee(caller, one.project());
    }

    /// @return CLASH if the project has 1,000 of this type already
    public Answer<Resource> add(String type, Caller caller, String name, ObjectNode content) {
        return database.inTransaction(tx -> {
            if (list(tx, type, caller).size() == MOST) {
                return Answer.no(Refusal.clash("there are " + MOST + " of them, which is the most; delete some"));
            }
            var fresh = resources.fresh(
                    platform.newId(), type, Instances.NAME, Optional.empty(), name, KEPT, caller.project(), content);
            resources.insert(tx, fresh, caller.user(), KEPT);
            return Answer.yes(resources.find(tx, fresh.id()).orElseThrow());
        });
    }

    /// @return NOT_THERE
    public Answer<Resource> change(String type, Caller caller, UUID id, String name, ObjectNode content) {
        return database.inTransaction(tx -> resources
                .lock(tx, id)
                .filter(one -> isThere(type, caller, one))
                .<Answer<Resource>>map(one -> Answer.yes(resources.update(
                        tx, one.state(), one.renamed(name).withData(content), caller.user(), "changed")))
                .orElseGet(() -> Answer.no(Refusal.notThere("there is no " + type + " " + id))));
    }

    /// @return NOT_THERE
    public Answer<Resource> remove(String type, Caller caller, UUID id) {
        return database.inTransaction(tx -> resources
                .lock(tx, id)
                .filter(one -> isThere(type, caller, one))
                .<Answer<Resource>>map(one -> Answer.yes(
                        resources.update(tx, one.state(), one.removedAt(platform.now()), caller.user(), "deleted")))
                .orElseGet(() -> Answer.no(Refusal.notThere("there is no " + type + " " + id))));
    }
}
