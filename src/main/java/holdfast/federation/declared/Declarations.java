package holdfast.federation.declared;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Signal;
import holdfast.federation.peers.Peers;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// The declarations that are there. Those who watch hear of each change.
public final class Declarations {
    private static final String DECLARED = "declared";

    private final Platform platform;
    private final Resources resources;
    private final Signal changed;

    public Declarations(Platform platform, Engine engine) {
        this.platform = platform;
        this.resources = engine.resources();
        this.changed = engine.changed();
    }

    /// Keeps one.
    ///
    /// @return [Refusal.Kind#CLASH] if there is one of that name
    public Answer<Resource> keep(Tx tx, Declaration said, String project, String who) {
        tx.afterCommit(changed::raise);
        var fresh = resources.fresh(
                platform.newId(),
                Declaration.TYPE,
                Peers.ACTOR,
                Optional.empty(),
                Declaration.name(said.plural(), said.namespace(), said.name()),
                DECLARED,
                project,
                said);
        return resources.insert(tx, fresh, who, DECLARED)
                ? Answer.yes(resources.find(tx, fresh.id()).orElseThrow())
                : Answer.no(Refusal.clash(said.plural() + " \"" + said.name() + "\" already exists"));
    }

    /// The one of that name of a project.
    public Optional<Resource> find(Tx tx, String plural, String namespace, String name, String project) {
        return resources.list(tx, is(plural, namespace, name, project), 1).stream()
                .findFirst();
    }

    /// The same, which nobody else changes until the transaction ends.
    public Optional<Resource> lock(Tx tx, String plural, String namespace, String name, String project) {
        return resources.lock(tx, is(plural, namespace, name, project));
    }

    private static Condition is(String plural, String namespace, String name, String project) {
        return is().and(Resources.named(Declaration.name(plural, namespace, name)))
                .and(Resources.ownedBy(project));
    }

    /// Those of a sort, oldest first.
    ///
    /// @param seen those that whoever asks may see
    public List<Resource> list(Tx tx, String plural, Condition seen, int most) {
        return resources.list(
                tx, is().and(RESOURCE.NAME.startsWith(plural + "/")).and(seen), most);
    }

    /// The one with that id, likewise; empty if that is no declaration.
    public Optional<Resource> lock(Tx tx, UUID id) {
        return resources.lock(tx, is().and(Resources.withId(id)));
    }

    private static Condition is() {
        return DSL.condition("{0} = 'declaration'", RESOURCE.TYPE) // written out, so that its indexes are used
                .and(Resources.present());
    }

    /// Changes one that is locked.
    public Resource change(Tx tx, Resource before, Declaration after, String who) {
        tx.afterCommit(changed::raise);
        return resources.update(tx, before.state(), before.withData(after), who, "declared anew");
    }

    /// It is declared no more.
    public void drop(Tx tx, Resource declared, String who) {
        tx.afterCommit(changed::raise);
        resources.update(tx, declared.state(), declared.removedAt(platform.now()), who, "no longer declared");
    }
}
