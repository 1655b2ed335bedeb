package holdfast.api.resources;

import holdfast.broker.AddressRegister;
import holdfast.broker.AddressRegister.Address;
import holdfast.broker.Directory;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// Floating addresses that may be reserved: administrators set them aside, everybody sees them (promise.md 4.8, 5.4).
final class AddressesApi {
    private static final String PATH = "/v1/addresses";
    private static final String TYPE = "address";
    private static final int LONGEST = 511; // provider/network

    private final Database database;
    private final Engine engine;
    private final AddressRegister register;

    AddressesApi(Database database, Engine engine, AddressRegister register) {
        this.database = database;
        this.engine = engine;
        this.register = register;
    }

    List<Route> routes() {
        return List.of(
                Route.get(PATH, this::list),
                Route.post(PATH, this::add),
                Route.get(PATH + "/{id}", this::one),
                Route.delete(PATH + "/{id}", this::remove));
    }

    /// `GET /v1/addresses`, the oldest first.
    private HttpReply list(Ask ask) {
        return HttpReply.json(
                200,
                Envelope.of(
                        ask,
                        TYPE,
                        database.inTransaction(tx ->
                                register.all(tx).stream().map(shown(tx, ask)).toList())));
    }

    /// `GET /v1/addresses/{id}`, where the id may also be the address itself.
    private HttpReply one(Ask ask) {
        return HttpReply.json(200, database.inTransaction(tx -> shown(tx, ask).apply(find(tx, ask))));
    }

    /// `POST /v1/addresses`: it must lie in an external network, and outside of what its provider gives to others.
    private HttpReply add(Ask ask) {
        mayWrite(ask);
        var faults = new ArrayList<Refusal>();
        var form = new Form(Bodies.object(ask), "", faults);
        var network = form.requiredText("network", LONGEST);
        var address = form.requiredText("address", LONGEST);
        form.end();
        if (!faults.isEmpty()) {
            throw Problem.of(faults);
        }
        return Writes.created(database.inTransaction(
                tx -> shown(tx, ask).apply(CapacityApi.orRefuse(register.register(tx, network, address)))));
    }

    /// `DELETE /v1/addresses/{id}`: 409 while it is reserved.
    private HttpReply remove(Ask ask) {
        mayWrite(ask);
        return HttpReply.json(200, database.inTransaction(tx -> {
            var one = find(tx, ask);
            return shown(tx, ask).apply(CapacityApi.orRefuse(register.unregister(tx, one.id())));
        }));
    }

    private Address find(Tx tx, Ask ask) {
        var called = ask.id();
        var found = Ids.uuid(called)
                .map(id -> register.find(tx, id).stream().toList())
                .orElseGet(() -> register.all(tx).stream()
                        .filter(one -> one.address().equals(called))
                        .toList());
        if (found.size() > 1) {
            throw Problem.of(Refusal.clash("several networks have the address " + called + "; take the id of one"));
        }
        return found.stream()
                .findFirst()
                .orElseThrow(() -> Problem.notThere(
                        "the address " + Form.shorten(called) + " is not among those that may be reserved"));
    }

    private Function<Address, ObjectNode> shown(Tx tx, Ask ask) {
        var directory = Directory.read(tx, engine.resources());
        return one -> {
            var net = directory.networkOf(one);
            var node = Json.object()
                    .put("id", one.id().toString())
                    .put("type", TYPE)
                    .put("address", one.address())
                    .put("provider", net.map(Directory.Net::account).orElse(null))
                    .put("network", directory.network(one.place()))
                    .put(
                            "networkName",
                            net.map(Directory.Net::network)
                                    .map(network -> network.name())
                                    .orElse(null))
                    .put("subnet", one.subnet())
                    .put("created", Values.shown(one.created()));
            node.putObject("links").put("self", ask.base() + PATH + "/" + one.id());
            return node;
        };
    }

    private static void mayWrite(Ask ask) {
        Access.mayOperate(ask.caller(), "say which addresses may be reserved").ifPresent(why -> {
            throw Problem.of(why);
        });
    }
}
