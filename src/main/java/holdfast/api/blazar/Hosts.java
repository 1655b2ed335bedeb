package holdfast.api.blazar;

import holdfast.broker.HostRegister;
import holdfast.broker.Units.Unit;
import holdfast.core.Copies;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpReply.Content;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `/os-hosts`: the hosts that may be reserved. Their ids are decimal numbers, since clients take anything else for a
/// name.
final class Hosts {
    private static final Pattern ID = Pattern.compile("[1-9]\\d{0,17}");
    private static final int LONGEST_KEY = 64;
    private static final int LONGEST_VALUE = 1_000;
    private static final int MOST_EXTRA = 100;
    private static final String NAME = "name";

    /// What Blazar says of every host; no extra capability can be called so.
    private static final Set<String> COLUMNS = Set.of(
            "id",
            "hypervisor_hostname",
            "hypervisor_type",
            "hypervisor_version",
            "vcpus",
            "cpu_info",
            "memory_mb",
            "local_gb",
            "service_name",
            "reservable",
            "availability_zone",
            "trust_id",
            "status",
            "created_at",
            "updated_at");

    private final Database database;
    private final HostRegister register;

    Hosts(Database database, HostRegister register) {
        this.database = database;
        this.register = register;
    }

    /// `GET /os-hosts`
    Content list(Call call) {
        var body = Json.object();
        var hosts = body.putArray("hosts");
        database.inTransaction(tx -> register.all(tx)).forEach(unit -> hosts.add(host(unit)));
        return HttpReply.json(200, body);
    }

    /// `GET /os-hosts/{id}`
    Content show(Call call) {
        return answer(200, database.inTransaction(tx -> find(tx, register, call.named())));
    }

    /// @throws BlazarProblem 404
    static Unit find(Tx tx, HostRegister register, String id) {
        return number(id)
                .flatMap(number -> register.find(tx, number))
                .orElseThrow(() -> BlazarProblem.notThere("Host not found"));
    }

    private static Optional<Long> number(String id) {
        return Optional.of(id).filter(text -> ID.matcher(text).matches()).map(Long::valueOf);
    }

    private static long existing(String id) {
        return number(id).orElseThrow(() -> BlazarProblem.notThere("Host not found"));
    }

    /// `POST /os-hosts`: the name of a host that was discovered, and extra capabilities.
    Content create(Call call) {
        var body = call.body();
        var name = body.needText(NAME);
        var extra = extra(body);
        extra.remove(NAME);
        return answer(
                201,
                database.inTransaction(tx -> register.register(tx, name, extra).orThrow()));
    }

    /// `PUT /os-hosts/{id}`: extra capabilities to change or add.
    Content update(Call call) {
        var extra = extra(call.body());
        if (extra.isEmpty()) {
            throw BlazarProblem.malformed("the body names no extra capability to change");
        }
        return answer(
                200,
                database.inTransaction(tx ->
                        register.describe(tx, existing(call.named()), extra).orThrow()));
    }

    /// `DELETE /os-hosts/{id}`
    Content delete(Call call) {
        database.inTransaction(
                tx -> register.unregister(tx, existing(call.named())).orThrow());
        return Leases.nothing();
    }

    private static Map<String, String> extra(Fields body) {
        var extra = new TreeMap<String, String>();
        body.node().properties().forEach(one -> {
            var key = one.getKey();
            if (key.length() > LONGEST_KEY) {
                throw BlazarProblem.malformed("Extra capability key too long");
            }
            if (key.isEmpty() || COLUMNS.contains(key)) {
                throw BlazarProblem.malformed("extra capability '" + key + "' is no name that can be given");
            }
            extra.put(key, value(key, one.getValue()));
        });
        if (extra.size() > MOST_EXTRA) {
            throw BlazarProblem.malformed("a host can have " + MOST_EXTRA + " extra capabilities");
        }
        return extra;
    }

    private static String value(String key, JsonNode value) {
        if (!value.isValueNode() || value.isNull() || value.asString().length() > LONGEST_VALUE) {
            throw BlazarProblem.malformed(
                    "extra capability " + key + " must be a text of at most " + LONGEST_VALUE + " characters");
        }
        return value.asString();
    }

    private static Content answer(int status, Unit unit) {
        var body = Json.object();
        body.set("host", host(unit));
        return HttpReply.json(status, body);
    }

    private static ObjectNode host(Unit unit) {
        var seen = unit.properties();
        var node = Json.object();
        unit.extra().forEach(node::put);
        return node.put("id", Long.toString(unit.number()))
                .put("hypervisor_hostname", unit.name())
                .put("hypervisor_type", seen.getOrDefault("hypervisor_type", ""))
                .put("hypervisor_version", version(seen.getOrDefault("hypervisor_version", "")))
                .put("vcpus", unit.total().getOrDefault("vcpu", 0L))
                .put("cpu_info", seen.getOrDefault("cpu_info", ""))
                .put("memory_mb", unit.total().getOrDefault("memory_mb", 0L))
                .put("local_gb", unit.total().getOrDefault("disk_gb", 0L))
                .put("service_name", seen.getOrDefault("service_host", unit.name()))
                .put("reservable", unit.registered() && unit.up())
                .put("availability_zone", unit.zone())
                .put("trust_id", Copies.id("trust", unit.place()).toString().replace("-", ""))
                .putNull("status")
                .put("created_at", Dates.stamp(unit.created()))
                .put("updated_at", unit.updated().map(Dates::stamp).orElse(null));
    }

    private static @Nullable Long version(String text) {
        return ID.matcher(text).matches() ? Long.valueOf(text) : null;
    }
}
