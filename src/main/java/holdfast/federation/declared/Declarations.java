package holdfast.federation.declared;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.peers.Peers;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// The declarations that are there.
public final class Declarations {
    private static final String DECLARED = "declared";

    private final Platform platform;
    private final Resources resources;

    public Declarations(Platform platform, Engine engine) {
        this.platform = platform;
        this.resources = engine.resources();
    }

    /// Keeps one.
    ///
    /// @return [Refusal.Kind#CLASH] if there is one of that name
    public Answer<Resource> keep(Tx tx, Declaration said, String project, String who) {
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

    /// The one of that name of a project, which nobody else changes until the transaction ends.
    public Optional<Resource> lock(Tx tx, String plural, String namespace, String name, String project) {
        return resources.lock(
                tx,
                is().and(Resources.named(Declaration.name(plural, namespace, name)))
                        .and(Resources.ownedBy(project)));
    }

    /// Those of a sort, oldest first.
    ///
    /// @param seen those that whoever asks may see
    public List<Resource> list(Tx tx, String plural, Condition seen, int most) {
        return resources.list(
                tx, is().and(RESOURCE.NAME.startsWith(plural + "/")).and(seen), most);
    }

    /// Those of which these were made.
    public List<Resource> of(Tx tx, Collection<UUID> made) {
        var ids = made.stream().map(UUID::toString).toArray(String[]::new);
        return Arrays.asList(ids).isEmpty()
                ? List.of()
                : resources.list(
                        tx, is().and(DSL.condition("({0} ->> 'made') = any ({1})", RESOURCE.DATA, ids)), ids.length);
    }

    private static Condition is() {
        return DSL.condition("{0} = 'declaration'", RESOURCE.TYPE) // written out, so that its indexes are used
                .and(Resources.present());
    }

    /// Changes one that is locked.
    public Resource change(Tx tx, Resource before, Declaration after, String who) {
        return resources.update(tx, before.state(), before.withData(after), who, "declared anew");
    }

    /// It is declared no more.
    public void drop(Tx tx, Resource declared, String who) {
        resources.update(tx, declared.state(), declared.removedAt(platform.now()), who, "no longer declared");
    }
}
