package holdfast.api.resources;

import holdfast.api.Keys;
import holdfast.core.Caller;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.handlers.Agents;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.Projects;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// Gives each agent an account and a key of its own (cattle.md 4.5): with that it hears what is addressed to it,
/// answers, and sees nothing else.
final class AgentKeys {
    private static final String ACTIVE = "active";
    private static final int MOST = 100;

    private final Platform platform;
    private final Resources resources;
    private final Projects projects;
    private final Keys keys;

    AgentKeys(Platform platform, Resources resources, Keys keys) {
        this.platform = platform;
        this.resources = resources;
        this.projects = new Projects(resources);
        this.keys = keys;
    }

    /// @param agent was just made
    /// @param who made it
    /// @return access key and secret key, which are shown this once
    ObjectNode make(Tx tx, UUID agent, String who, Keys.Fresh fresh) {
        var account = Agents.account(agent);
        reopen(tx, projects.account(tx, account, who), who);
        var id = platform.newId();
        var made = keys.make(id, new Caller(account, account, false), fresh);
        var content = Json.object()
                .put("kind", "agentApiKey")
                .put(Keys.ACCESS, made.access())
                .put(Keys.SECRET, made.sealed())
                .put("user", account)
                .put("role", new Caller(account, account, false).role().word());
        resources.insert(
                tx,
                resources.fresh(id, "credential", Resources.ACTOR, Optional.empty(), account, ACTIVE, account, content),
                who,
                "key of an agent");
        return Json.object().put(Keys.ACCESS, made.access()).put(Keys.SECRET, made.secret());
    }

    /// An account that is there already was left by an agent of that id that was purged: it is switched on again,
    /// but the keys of that one are gone for good.
    private void reopen(Tx tx, Resource account, String who) {
        var old = Resources.typed("credential")
                .and(Resources.ownedBy(account.project()))
                .and(Resources.present());
        resources
                .list(tx, old, MOST)
                .forEach(key -> resources.update(
                        tx,
                        key.state(),
                        key.withState("removed", Optional.empty()).removedAt(platform.now()),
                        who,
                        "its agent is registered again"));
        if (!account.state().equals(ACTIVE)) {
            resources.update(
                    tx,
                    account.state(),
                    account.withState(ACTIVE, Optional.empty()),
                    who,
                    "its agent is registered again");
        }
    }
}
