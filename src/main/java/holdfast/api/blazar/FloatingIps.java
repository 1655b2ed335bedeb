package holdfast.api.blazar;

import holdfast.broker.AddressRegister;
import holdfast.broker.AddressRegister.Address;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpReply.Content;
import holdfast.platform.Json;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// `/floatingips`: the addresses that may be reserved. Administrators set them aside, every member sees them.
final class FloatingIps {
    private static final int LONGEST = 255;

    private final Database database;
    private final AddressRegister register;

    FloatingIps(Database database, AddressRegister register) {
        this.database = database;
        this.register = register;
    }

    /// `GET /floatingips`
    Content list(Call call) {
        var body = Json.object();
        var list = body.putArray("floatingips");
        database.inTransaction(tx -> register.all(tx)).forEach(address -> list.add(show(address)));
        return HttpReply.json(200, body);
    }

    /// `GET /floatingips/{id}`
    Content show(Call call) {
        var id = id(call);
        return answer(200, database.inTransaction(tx -> register.find(tx, id)).orElseThrow(FloatingIps::notThere));
    }

    /// `POST /floatingips`: an address of an external network, outside of what its provider gives to others.
    Content create(Call call) {
        var body = call.body();
        var network = text(body, "floating_network_id");
        var address = text(body, "floating_ip_address");
        return answer(
                201,
                database.inTransaction(
                        tx -> register.register(tx, network, address).orThrow()));
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

    private static Content answer(int status, Address address) {
        var body = Json.object();
        body.set("floatingip", show(address));
        return HttpReply.json(status, body);
    }

    private static ObjectNode show(Address address) {
        return Json.object()
                .put("id", address.id().toString())
                .put("floating_network_id", address.network())
                .put("subnet_id", address.subnet())
                .put("floating_ip_address", address.address())
                .put("reservable", true)
                .put("created_at", Dates.stamp(address.created()))
                .putNull("updated_at");
    }
}
