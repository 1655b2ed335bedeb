package holdfast.api.resources;

import holdfast.api.Keys;
import holdfast.core.Caller;
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
        projects.account(tx, account, who);
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
                resources.fresh(
                        id, "credential", Resources.ACTOR, Optional.empty(), account, "active", account, content),
                who,
                "key of an agent");
        return Json.object().put(Keys.ACCESS, made.access()).put(Keys.SECRET, made.secret());
    }
}
