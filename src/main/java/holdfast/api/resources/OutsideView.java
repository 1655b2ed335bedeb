package holdfast.api.resources;

import holdfast.broker.Broker;
import holdfast.core.Caller;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.handlers.View;
import holdfast.platform.Tx;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// Shows resources in events just as a GET would show them.
public final class OutsideView implements View {
    private final Representation representation;
    private final Kinds.Source kinds;
    private final Supplier<String> base;

    private record Watcher(Caller caller, Kinds kinds, String base) implements Viewer {}

    /// @param broker this server's
    /// @param base the address that this server knows of itself
    public OutsideView(Engine engine, Broker broker, Supplier<String> base) {
        var parts = new Parts(engine, broker);
        this.representation = new Representation(parts, new Actions(parts));
        this.kinds = new Kinds.Source(engine.types());
        this.base = base;
    }

    private OutsideView(Representation representation, Kinds.Source kinds, Supplier<String> base) {
        this.representation = representation;
        this.kinds = kinds;
        this.base = base;
    }

    /// The same for one who knows this server under another address.
    OutsideView at(String address) {
        return new OutsideView(representation, kinds, () -> address);
    }

    /// Somebody who looks now, with the types of now.
    Viewer as(Caller caller) {
        return new Watcher(caller, kinds.now(), base.get());
    }

    @Override
    public String id(String type, long number) {
        return Ids.wire(type, number);
    }

    /// Of a type that this server does not know.
    private ObjectNode unknown(Tx tx, Caller caller, Resource resource) {
        return View.PLAIN
                .show(tx, caller, resource)
                .put("id", id(resource.type(), resource.number()))
                .put("uuid", resource.id().toString());
    }

    @Override
    public ObjectNode show(Tx tx, Caller caller, Resource resource) {
        return representation.all(tx, as(caller), List.of(resource)).stream()
                .findFirst()
                .orElseGet(() -> unknown(tx, caller, resource));
    }
}
