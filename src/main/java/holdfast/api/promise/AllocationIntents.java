package holdfast.api.promise;

import holdfast.api.promise.Intent.Asked;
import holdfast.broker.Allocation;
import holdfast.broker.AllocationRequest;
import holdfast.broker.Allocations;
import holdfast.broker.Reservations;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.Resource;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Instances under reservations and without one (promise.md 4.3, 4.5, 5.1).
final class AllocationIntents {
    private static final String ID = "instance-id";
    private static final int MOST_NETWORKS = 16;

    private final Parts parts;

    AllocationIntents(Parts parts) {
        this.parts = parts;
    }

    List<Intent> all() {
        return List.of(
                Intent.changing(
                        "create-instance",
                        "Runs an instance, under a reservation or from what is free.",
                        List.of(
                                "name",
                                "image",
                                "flavor",
                                "networks",
                                "provider-id",
                                "reservation-id",
                                "zone",
                                "preemptible",
                                "end",
                                "allocate-on-start"),
                        List.of(ID, "status", "priority", "deficit"),
                        this::create),
                Intent.changing(
                        "destroy-instance",
                        "Has an instance taken away; its capacity is free when the provider says that it is gone.",
                        List.of(ID),
                        List.of(ID, "status"),
                        this::destroy));
    }

    private ObjectNode create(Asked asked) {
        var fields = asked.fields();
        var name = fields.requiredText("name");
        var image = fields.ref("image").map(Ref::name).orElse("");
        fields.missing("image");
        var flavor = fields.ref("flavor").map(Ref::name).orElse("");
        fields.missing("flavor");
        var networks = fields.texts("networks", MOST_NETWORKS);
        var reservation = fields.ref("reservation-id");
        boolean preemptible = fields.flag("preemptible").orElse(true);
        var end = fields.time("end");
        boolean onStart = fields.flag("allocate-on-start").orElse(false);
        var before = parts.before(asked.caller(), asked.http(), "instance", asked.body());
        return told(before.once(
                parts.database(),
                remembering -> parts.in(tx -> {
                    var wishes = parts.wishes(tx);
                    var provider = wishes.provider(fields);
                    var zones = wishes.zones(fields, provider);
                    asked.end();
                    var under =
                            reservation.flatMap(ref -> parts.mine().find(tx, asked.caller(), Reservations.TYPE, ref));
                    if (reservation.isPresent() && under.isEmpty()) {
                        return Answer.no(Refusal.notThere("there is no reservation "
                                + Fields.shorten(reservation.get().name())));
                    }
                    var request = new AllocationRequest(
                            name,
                            flavor,
                            image,
                            networks,
                            under.map(Resource::id),
                            Optional.empty(),
                            provider,
                            zones,
                            preemptible,
                            end,
                            onStart,
                            Map.of());
                    return parts.broker()
                            .allocations()
                            .create(tx, asked.caller(), request)
                            .map(made -> {
                                remembering.accept(tx, made.id());
                                return parts.opened(tx, made, asked.caller());
                            });
                }),
                parts.resources()::find));
    }

    private ObjectNode told(Answer<Resource> answer) {
        return switch (answer) {
            case Answer.No<Resource>(var why) -> {
                if (why.kind() == Refusal.Kind.NOT_YOURS) {
                    throw new RefusedException(why);
                }
                yield Told.refused(parts.inWords(why)).put("status", "rejected");
            }
            case Answer.Yes<Resource>(var made) -> {
                boolean waits = made.state().equals("scheduled");
                yield Told.ok(waits ? "planned for the start of its reservation" : "in progress")
                        .put(ID, made.id().toString())
                        .put("status", waits ? "scheduled" : "in-progress")
                        .put("priority", priority(made));
            }
        };
    }

    private static String priority(Resource made) {
        return made.as(Allocation.class).priority(made.state()).name().toLowerCase(Locale.ROOT);
    }

    private ObjectNode destroy(Asked asked) {
        var ref = asked.fields().ref(ID);
        asked.fields().missing(ID);
        asked.end();
        var going = parts.in(tx -> {
            var known = parts.mine().one(tx, asked.caller(), Allocations.TYPE, ref.orElseThrow());
            return parts.broker()
                    .allocations()
                    .destroy(tx, known.id(), asked.caller().user())
                    .orThrow();
        });
        return Told.ok("being taken away").put(ID, going.id().toString()).put("status", state(going));
    }

    /// In Promise's words, which are upper case.
    static String state(Resource allocation) {
        return allocation.state().toUpperCase(Locale.ROOT);
    }

    /// What it takes, the instance itself included.
    static Capacities size(Resource allocation) {
        return allocation.as(Allocation.class).size().max(Capacities.of("instance", 1));
    }

    /// What allocations show (promise.md 5.1).
    ///
    /// @param pool id of the pool that it is in; empty text if that is not there any more
    static ObjectNode show(Resource resource, String pool) {
        var allocation = resource.as(Allocation.class);
        var node = Json.object()
                .put("id", resource.id().toString())
                .put("name", resource.name())
                .put("reservation", resource.parent().map(Object::toString).orElse(null))
                .put("pool", pool)
                .put("start", allocation.when().from().toString())
                .put(
                        "end",
                        allocation.when().isBounded()
                                ? allocation.when().until().toString()
                                : null);
        node.set("capacity", Keys.shown(size(resource)));
        node.put("priority", priority(resource));
        node.putObject("instance-ref")
                .put("provider", allocation.provider().toString())
                .put("server", allocation.serverId().orElse(null));
        return node.put("state", state(resource)).put("preemptible", !allocation.firm());
    }

    /// Those under a reservation that are not over.
    static List<Resource> under(Tx tx, Parts parts, Resource reservation) {
        var live = new ArrayList<>(parts.resources().parts(tx, reservation.id(), Allocations.TYPE));
        live.removeIf(one -> one.removed().isPresent());
        return live;
    }
}
