package holdfast.api.blazar;

import holdfast.broker.AddressRegister;
import holdfast.broker.AddressRegister.Address;
import holdfast.broker.Directory;
import holdfast.engine.Engine;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpReply.Content;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// `/floatingips`: the addresses that may be reserved. Administrators set them aside, every member sees them.
final class FloatingIps {
    private static final int LONGEST = 255;

    private final Database database;
    private final Engine engine;
    private final AddressRegister register;

    FloatingIps(Database database, Engine engine, AddressRegister register) {
        this.database = database;
        this.engine = engine;
        this.register = register;
    }

    /// `GET /floatingips`
    Content list(Call call) {
        var body = Json.object();
        var list = body.putArray("floatingips");
        database.inTransaction(tx -> {
            var directory = directory(tx);
            register.all(tx).forEach(address -> list.add(show(address, directory)));
            return true;
        });
        return HttpReply.json(200, body);
    }

    /// `GET /floatingips/{id}`
    Content show(Call call) {
        var id = id(call);
        return database.inTransaction(
                tx -> answer(tx, 200, register.find(tx, id).orElseThrow(FloatingIps::notThere)));
    }

    /// `POST /floatingips`: an address of an external network, outside of what its provider gives to others.
    Content create(Call call) {
        var body = call.body();
        var network = text(body, "floating_network_id");
        var address = text(body, "floating_ip_address");
        return database.inTransaction(
                tx -> answer(tx, 201, register.register(tx, network, address).orThrow()));
    }

    private static String text(Fields body, String name) {
        var text = body.needText(name);
        if (text.isEmpty() || text.length() > LONGEST) {
            throw BlazarProblem.malformed(name + " must be a text of 1 to " + LONGEST + " characters");
        }
        return text;
    }

    /// `DELETE /floatingips/{id}`: not while it is reserved.
    Content delete(Call call) {
        var id = id(call);
        database.inTransaction(tx -> register.unregister(tx, id).orThrow());
        return Leases.nothing();
    }

    private static UUID id(Call call) {
        return Ids.read(call.named()).orElseThrow(FloatingIps::notThere);
    }

    private static BlazarProblem notThere() {
        return BlazarProblem.notThere("Floating IP not found");
    }

    private Directory directory(Tx tx) {
        return Directory.read(tx, engine.resources());
    }

    private Content answer(Tx tx, int status, Address address) {
        var body = Json.object();
        body.set("floatingip", show(address, directory(tx)));
        return HttpReply.json(status, body);
    }

    private static ObjectNode show(Address address, Directory directory) {
        return Json.object()
                .put("id", address.id().toString())
                .put("floating_network_id", directory.network(address.place()))
                .put("subnet_id", address.subnet())
                .put("floating_ip_address", address.address())
                .put("reservable", true)
                .put("created_at", Dates.stamp(address.created()))
                .putNull("updated_at");
    }
}
