package holdfast.broker.services;

import holdfast.broker.market.Market;
import holdfast.broker.market.Offer;
import holdfast.core.Answer;
import holdfast.core.Copies;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import java.util.Optional;
import java.util.UUID;

/// The blueprints of a domain, each with the flavor that it is sold as (fluidos.md 4.1 step 0.2).
public final class Blueprints {
    private static final String OFFERED = "offered";
    private static final String WITHDRAWN = "withdrawn";

    private final String name;
    private final Platform platform;
    private final Resources resources;
    private final Market market;

    /// @param name of the broker
    public Blueprints(String name, Platform platform, Engine engine, Market market) {
        this.name = name;
        this.platform = platform;
        this.resources = engine.resources();
        this.market = market;
    }

    /// Adds one, and offers what is made by it.
    ///
    /// @param flavor of [Blueprint#offer]; its id is what the blueprint is called here
    /// @return of type `blueprint`; [Refusal.Kind#CLASH] if there is one of that name
    public Answer<Resource> add(Tx tx, Blueprint blueprint, Flavor flavor, String project, String who) {
        if (market.contracts().delivery().by().isEmpty()) {
            return Answer.no(Refusal.clash("services cannot be made here: say in the section federation of the settings"
                    + " file where they run, by services"));
        }
        var same = Resources.typed(Blueprint.TYPE)
                .and(Resources.keptBy(name))
                .and(Resources.named(flavor.id()))
                .and(Resources.present());
        if (!resources.list(tx, same, 1).isEmpty()) {
            return Answer.no(Refusal.clash("there is a blueprint called " + flavor.id()
                    + ": remove that one first, or give this one another name in metadata.name"));
        }
        var root = platform.newId();
        market.offer(tx, root, new Offer(flavor, platform.now(), Optional.empty()), project, who);
        var resource = resources.fresh(
                id(root), Blueprint.TYPE, name, Optional.of(root), flavor.id(), OFFERED, project, blueprint);
        resources.insert(tx, resource, who, "added");
        return Answer.yes(resources.find(tx, resource.id()).orElseThrow()); // with its number
    }

    /// Removes one, and takes its flavor off the list. What is held may still be bought, and contracts live on.
    ///
    /// @return [Refusal.Kind#NOT_THERE] if there is none
    public Answer<Resource> remove(Tx tx, UUID id, String who) {
        return resources
                .lock(tx, id)
                .filter(found -> found.removed().isEmpty())
                .map(found -> {
                    market.withdraw(tx, found.parent().orElseThrow(), who).orThrow();
                    return Answer.yes(resources.update(
                            tx,
                            found.state(),
                            found.withState(WITHDRAWN, Optional.empty()).removedAt(platform.now()),
                            who,
                            "removed"));
                })
                .orElseGet(() -> Answer.no(Refusal.notThere("there is no blueprint " + id)));
    }

    /// The one by which something is made that is sold under a root, removed or not.
    Optional<Blueprint> of(Tx tx, UUID root) {
        return resources.find(tx, id(root)).map(found -> found.as(Blueprint.class));
    }

    private static UUID id(UUID root) {
        return Copies.id(Blueprint.TYPE, root);
    }
}
