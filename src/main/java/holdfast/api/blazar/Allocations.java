package holdfast.api.blazar;

import holdfast.broker.HostRegister;
import holdfast.broker.HostRegister.Held;
import holdfast.core.Caller;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpReply.Content;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// `/os-hosts/allocations`: which host is reserved when. Every member sees it, since a calendar that users cannot see
/// is of little use to them; whose the reservations of others are, it does not tell (promise.md 5.4).
final class Allocations {
    private final Database database;
    private final HostRegister register;

    Allocations(Database database, HostRegister register) {
        this.database = database;
        this.register = register;
    }

    /// `GET /os-hosts/allocations`: all hosts, also those that are free. Three queries.
    Content list(Call call) {
        var body = Json.object();
        var list = body.putArray("allocations");
        database.inTransaction(tx -> {
            var held = held(tx, call);
            var said = said(tx, held);
            var byHost = held.stream().collect(Collectors.groupingBy(Held::host));
            register.all(tx)
                    .forEach(unit -> list.add(allocation(
                            unit.number(), byHost.getOrDefault(unit.number(), List.of()), said, call.caller())));
            return true;
        });
        return HttpReply.json(200, body);
    }

    /// `GET /os-hosts/{id}/allocation`
    Content show(Call call) {
        var body = Json.object();
        database.inTransaction(tx -> {
            long number = Hosts.find(tx, register, call.named()).number();
            var own = held(tx, call).stream()
                    .filter(held -> held.host() == number)
                    .toList();
            body.set("allocation", allocation(number, own, said(tx, own), call.caller()));
            return true;
        });
        return HttpReply.json(200, body);
    }

    /// Of a lease or a reservation that is named, also what is over.
    private List<Held> held(Tx tx, Call call) {
        var lease = id(call, "lease_id");
        var reservation = id(call, "reservation_id");
        return lease.isEmpty() && reservation.isEmpty()
                ? register.held(tx)
                : register.held(tx, lease, reservation).stream()
                        .filter(held -> Access.maySee(call.caller(), held.project()))
                        .toList();
    }

    private static Optional<UUID> id(Call call, String parameter) {
        return call.query(parameter)
                .map(text -> Ids.read(text)
                        .orElseThrow(() -> BlazarProblem.malformed(
                                parameter + " must be the id of a " + parameter.substring(0, parameter.indexOf('_')))));
    }

    /// As its lease shows it: what began `now` began with its minute.
    private static Instant start(Held held, Map<UUID, Said> said) {
        var start = held.when().from();
        return said.getOrDefault(held.reservation(), Said.NOTHING).here() ? Dates.minute(start) : start;
    }

    private static Map<UUID, Said> said(Tx tx, List<Held> held) {
        return LeaseNotes.of(tx, held.stream().map(Held::reservation).distinct().toList());
    }

    private static ObjectNode allocation(long host, List<Held> held, Map<UUID, Said> said, Caller caller) {
        var node = Json.object().put("resource_id", Long.toString(host));
        var reservations = node.putArray("reservations");
        held.forEach(one -> {
            boolean seen = Access.maySee(caller, one.project());
            reservations
                    .addObject()
                    .put("id", seen ? one.item().toString() : null)
                    .put("lease_id", seen ? one.reservation().toString() : null)
                    .put("start_date", Dates.time(start(one, said)))
                    .put(
                            "end_date",
                            one.when().isBounded() ? Dates.time(one.when().until()) : null);
        });
        return node;
    }
}
