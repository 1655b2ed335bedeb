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

/// What users keep to launch the same again (aeolus.md 5.4.3): each project has its own. What is in them is the words
/// of the interface by which they were made, and is judged when something is launched.
public final class MachineTemplates {
    static final String TYPE = "machineTemplate";
    private static final String KEPT = "kept";
    private static final int MOST = 1_000;

    private final Platform platform;
    private final Database database;
    private final Resources resources;

    public MachineTemplates(Platform platform, Database database, Engine engine) {
        this.platform = platform;
        this.database = database;
        this.resources = engine.resources();
    }

    /// Those of the caller's project, oldest first, at most 1,000.
    public List<Resource> list(Caller caller) {
        return database.inTransaction(tx -> list(tx, caller));
    }

    private List<Resource> list(Tx tx, Caller caller) {
        return resources.list(
                tx,
                Resources.typed(TYPE).and(Resources.ownedBy(caller.project())).and(Resources.present()),
                MOST);
    }

    public Optional<Resource> find(Caller caller, UUID id) {
        return database.inTransaction(tx -> resources.find(tx, id).filter(one -> isThere(caller, one)));
    }

    private static boolean isThere(Caller caller, Resource one) {
        return one.type().equals(TYPE) && one.removed().isEmpty() && Access.maySee(caller, one.project());
    }

    /// @return CLASH if the project has 1,000 already
    public Answer<Resource> add(Caller caller, String name, ObjectNode content) {
        return database.inTransaction(tx -> {
            if (list(tx, caller).size() == MOST) {
                return Answer.no(Refusal.clash("there are " + MOST + " templates, which is the most; delete some"));
            }
            var fresh = resources.fresh(
                    platform.newId(), TYPE, Instances.NAME, Optional.empty(), name, KEPT, caller.project(), content);
            resources.insert(tx, fresh, caller.user(), KEPT);
            return Answer.yes(resources.find(tx, fresh.id()).orElseThrow());
        });
    }

    /// @return NOT_THERE
    public Answer<Resource> change(Caller caller, UUID id, String name, ObjectNode content) {
        return database.inTransaction(tx -> resources
                .lock(tx, id)
                .filter(one -> isThere(caller, one))
                .<Answer<Resource>>map(one -> Answer.yes(resources.update(
                        tx, one.state(), one.renamed(name).withData(content), caller.user(), "changed")))
                .orElseGet(() -> Answer.no(Refusal.notThere("there is no machine template " + id))));
    }

    /// @return NOT_THERE
    public Answer<Resource> remove(Caller caller, UUID id) {
        return database.inTransaction(tx -> resources
                .lock(tx, id)
                .filter(one -> isThere(caller, one))
                .<Answer<Resource>>map(one -> Answer.yes(
                        resources.update(tx, one.state(), one.removedAt(platform.now()), caller.user(), "deleted")))
                .orElseGet(() -> Answer.no(Refusal.notThere("there is no machine template " + id))));
    }
}
