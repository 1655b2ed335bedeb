package holdfast.api.blazar;

import holdfast.broker.HostProperties;
import holdfast.broker.HostRegister;
import holdfast.core.Copies;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpReply.Content;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// `/os-hosts/properties`: the extra capabilities that hosts have, with their values. What is private is seen by
/// administrators alone; queries may ask for it all the same.
final class Properties {
    private final Database database;
    private final HostRegister register;
    private final HostProperties marks;

    Properties(Database database, HostRegister register, HostProperties marks) {
        this.database = database;
        this.register = register;
        this.marks = marks;
    }

    private record Known(SortedMap<String, SortedSet<String>> values, Set<String> hidden) {}

    private Known known(Tx tx) {
        var values = new TreeMap<String, SortedSet<String>>();
        register.all(tx)
                .forEach(unit -> unit.extra()
                        .forEach((name, value) -> values.computeIfAbsent(name, _ -> new TreeSet<>())
                                .add(value)));
        return new Known(values, marks.hidden(tx));
    }

    /// `GET /os-hosts/properties?detail=&all=`
    Content list(Call call) {
        boolean all = call.flag("all");
        if (all) {
            Right.OPERATE.check(call.caller());
        }
        boolean detail = call.flag("detail");
        var known = database.inTransaction(this::known);
        var body = Json.object();
        var list = body.putArray("resource_properties");
        known.values.forEach((name, values) -> {
            boolean hidden = known.hidden.contains(name);
            if (hidden && !all) {
                return;
            }
            var property = list.addObject().put("property", name);
            if (detail) {
                property.put("private", hidden);
                var node = property.putArray("values");
                values.forEach(node::add);
            }
        });
        return HttpReply.json(200, body);
    }

    /// `PATCH /os-hosts/properties/{name}` with `private`.
    Content update(Call call) {
        var wanted = call.body().need("private");
        if (!wanted.isBoolean()) {
            throw BlazarProblem.malformed("private must be true or false");
        }
        var name = call.named();
        var mark = database.inTransaction(tx -> {
            if (!known(tx).values.containsKey(name)) {
                throw BlazarProblem.notThere("Resource property not found");
            }
            return marks.mark(tx, name, wanted.booleanValue());
        });
        var body = Json.object();
        body.putObject("resource_property")
                .put("id", Copies.id("property", name).toString())
                .put("resource_type", Kind.HOSTS.word())
                .put("property_name", name)
                .put("private", mark.isPrivate())
                .put("created_at", Dates.stamp(mark.created()))
                .put("updated_at", mark.updated().map(Dates::stamp).orElse(null));
        return HttpReply.json(200, body);
    }
}
