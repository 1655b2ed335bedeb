package holdfast.cli;

import holdfast.platform.Json;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// Puts something into a thing that has members, or takes it out.
abstract class Membership extends BrokerCommands.One {
    private final String collection;
    private final String members;
    private final BiConsumer<Set<String>, String> change;

    /// @param collection what has members
    /// @param members as its field and their collection are called
    /// @param change what is done to the ids of all members with that of the one
    Membership(Wiring wiring, String collection, String members, BiConsumer<Set<String>, String> change) {
        super(wiring);
        this.collection = collection;
        this.members = members;
        this.change = change;
    }

    /// The id of the one.
    ///
    /// @param whole what it is or is not to be in
    abstract String member(Broker broker, JsonNode whole);

    /// What is said when it is done.
    abstract String said(JsonNode after);

    /// Members as they are written.
    static ArrayNode refs(Iterable<String> ids) {
        var all = Json.array();
        ids.forEach(id -> all.add(Json.object().put("id", id)));
        return all;
    }

    @Override
    public Integer call() {
        var broker = broker();
        var whole = broker.find(collection, name);
        var ids = new TreeSet<String>();
        Nodes.items(whole, members).forEach(one -> ids.add(Nodes.text(one, "id")));
        change.accept(ids, member(broker, whole));
        var body = Json.object().put("lock_version", Nodes.number(whole, "lock_version"));
        body.set(members, refs(ids));
        return say(broker.put(body, collection, Nodes.text(whole, "id")), this::said);
    }
}
