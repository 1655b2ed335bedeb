package holdfast.api.promise;

import holdfast.api.Patience;
import holdfast.broker.Directory;
import holdfast.broker.ItemChange;
import holdfast.broker.Reservation;
import holdfast.broker.ReservationChange;
import holdfast.broker.ReservationRequest;
import holdfast.broker.Reservations;
import holdfast.broker.choice.Affinity;
import holdfast.broker.choice.Ask.Prefer;
import holdfast.broker.choice.Flavor;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.Placement;
import holdfast.broker.choice.PropertyQuery;
import holdfast.broker.choice.Step;
import holdfast.core.Caller;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.engine.Resource;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpRequest;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// Reservations in the words of the IFA interfaces (promise.md 5.2).
final class IfaReservations {
    private static final String ID = "reservationId";
    private static final String DATA = "reservationData";
    private static final String CONTAINERS = "virtualizationContainerReservation";
    private static final int MOST = 64;
    private static final long GB = 1_024;

    private final Parts parts;

    IfaReservations(Parts parts) {
        this.parts = parts;
    }

    HttpReply create(Caller caller, HttpRequest http, IfaKind kind, ObjectNode body) {
        var before = parts.before(caller, http, kind.word(), body);
        var made = before.once(
                        parts.database(),
                        remembering -> parts.desk()
                                .reserve(caller, parts.in(tx -> wish(tx, kind, Fields.of(body))), (tx, resource) -> {
                                    remembering.accept(tx, resource.id());
                                    parts.opened(tx, resource, caller);
                                }),
                        parts.resources()::find)
                .orThrow();
        return told(settled(caller, made.id(), http), kind, 201);
    }

    private Resource settled(Caller caller, UUID id, HttpRequest http) {
        return parts.patience()
                .await(
                        caller,
                        id,
                        Patience.of(http),
                        resource -> !resource.state().equals("initialized")
                                && !resource.as(Reservation.class).isUpdating());
    }

    private HttpReply told(Resource resource, IfaKind kind, int status) {
        var reservation = resource.as(Reservation.class);
        reservation
                .notUpdated()
                .or(() -> resource.removed().flatMap(_ -> reservation.refusal()))
                .ifPresent(why -> {
                    throw ComplaintException.of(why);
                });
        var told = Json.object();
        told.set(DATA, parts.in(tx -> show(parts.directory(tx), resource, kind)));
        return HttpReply.json(status, told);
    }

    /// A start that is missing or 0 is now.
    private Instant start(Fields fields) {
        boolean zero = fields.any("startTime")
                .filter(node -> node.asString("").equals("0"))
                .isPresent();
        return zero ? parts.now() : fields.time("startTime").orElseGet(parts::now);
    }

    private ReservationRequest wish(Tx tx, IfaKind kind, Fields fields) {
        var start = start(fields);
        var longest = parts.broker().reservations().policies().window().longest();
        var end = fields.time("endTime").orElseGet(() -> start.plus(longest));
        if (!end.isAfter(start)) {
            fields.fault("endTime", "is " + end + "; it must be after startTime, " + start);
        }
        var when = end.isAfter(start) ? new Interval(start, end) : Interval.of(start, longest);
        var expiry = fields.time("expiryTime");
        var zones = zones(tx, fields);
        var needs = new ArrayList<Need>();
        var amount = new Capacities(kind.read(fields));
        if (!amount.nothing()) {
            needs.add(Need.Quantity.of(amount, when));
        }
        if (kind == IfaKind.COMPUTE) {
            needs.addAll(containers(tx, fields));
        }
        if (needs.isEmpty()) {
            fields.fault(kind.wanted, "is missing, or all of it is zero");
        }
        fields.end();
        fields.check();
        var items = needs.stream()
                .map(need -> Item.of(parts.platform().newId(), need).in(zones))
                .toList();
        var request = new ReservationRequest(
                kind.word(),
                when,
                Optional.empty(),
                expiry,
                Optional.empty(),
                Optional.empty(),
                ReservationRequest.ORDINARY,
                false,
                Prefer.TIGHTEST,
                items);
        return start.isAfter(parts.now()) ? request : request.forNow(!fields.has("endTime"));
    }

    /// @throws ComplaintException 404 for a zone that there is not
    private List<String> zones(Tx tx, Fields fields) {
        var name = fields.text("zoneId");
        var zones = name.map(parts.directory(tx)::zones).orElse(List.of());
        if (name.isPresent() && zones.isEmpty()) {
            throw ComplaintException.notThere("there is no zone " + Fields.shorten(name.get()));
        }
        return zones;
    }

    private List<Need> containers(Tx tx, Fields fields) {
        var needs = new ArrayList<Need>();
        for (var one : fields.objects(CONTAINERS, MOST)) {
            one.text("containerId");
            one.missing("containerFlavor");
            one.object("containerFlavor")
                    .flatMap(given -> flavor(tx, given))
                    .ifPresent(size ->
                            needs.add(new Need.Instances(size, 1, 1, Affinity.NONE, PropertyQuery.everything())));
            one.end();
        }
        return needs;
    }

    /// One that is there, or its size.
    private Optional<Flavor> flavor(Tx tx, Fields given) {
        if (given.has("flavorId")) {
            return parts.wishes(tx).flavor(given, "flavorId", Optional.empty());
        }
        given.missing("virtualCpu");
        given.missing("virtualMemory");
        long cpus = amount(given, "virtualCpu", "numVirtualCpu");
        long memory = amount(given, "virtualMemory", "virtualMemSize");
        long disk = given.has("storageAttributes") ? amount(given, "storageAttributes", "sizeOfStorage") : 0;
        given.end();
        return Optional.of(new Flavor(Math.max(1, cpus), Math.max(1, memory * GB), disk));
    }

    private static long amount(Fields given, String object, String field) {
        return given.object(object)
                .map(inner -> {
                    inner.missing(field);
                    long value = inner.whole(field, 1, 1_000_000).orElse(1L);
                    inner.end();
                    return value;
                })
                .orElse(1L);
    }

    HttpReply update(Caller caller, HttpRequest http, IfaKind kind, Fields fields) {
        var ref = fields.ref(ID);
        fields.missing(ID);
        var start = fields.has("startTime") ? Optional.of(start(fields)) : Optional.<Instant>empty();
        var end = fields.time("endTime");
        var expiry = fields.time("expiryTime");
        var amounts = kind.read(fields);
        fields.end();
        fields.check();
        var reservations = parts.broker().reservations();
        var changed = reservations.consulted(
                caller,
                policy -> parts.in(tx -> {
                    var known = parts.mine().reservation(tx, caller, ref.orElseThrow());
                    var items = changes(kind, known.as(Reservation.class), amounts);
                    var change = new ReservationChange(
                            Optional.empty(), start, end, expiry, Optional.empty(), Optional.empty(), items);
                    return reservations
                            .update(tx, known.id(), change, caller.user(), policy)
                            .map(Resource::id);
                }));
        return told(settled(caller, changed.orThrow(), http), kind, 201);
    }

    private static List<ItemChange> changes(IfaKind kind, Reservation known, Map<String, Long> amounts) {
        if (amounts.isEmpty()) {
            return List.of();
        }
        var items = known.items().stream()
                .map(Reservation.Part::item)
                .filter(item -> item.need() instanceof Need.Quantity)
                .limit(1)
                .map(item -> ItemChange.amounts(item.id(), amounts))
                .toList();
        if (items.isEmpty()) {
            throw ComplaintException.malformed(kind.wanted + " is not what was reserved");
        }
        return items;
    }

    /// Those that are named, or all that have something of this kind.
    HttpReply query(Caller caller, IfaKind kind, Fields fields, List<String> named) {
        var ids = new ArrayList<>(named);
        for (var one : fields.objects("queryReservationFilter", MOST)) {
            ids.add(one.requiredText(ID));
            one.end();
        }
        fields.end();
        fields.check();
        return HttpReply.json(200, parts.in(tx -> {
            var directory = parts.directory(tx);
            var told = Json.object();
            var result = told.putArray("queryResult");
            if (ids.isEmpty()) {
                parts.mine().present(tx, caller, Reservations.TYPE).stream()
                        .map(one -> show(directory, one, kind))
                        .filter(one -> one.has(kind.got) || one.has("virtualizationContainerReserved"))
                        .forEach(result::add);
            } else {
                ids.forEach(id -> result.add(show(directory, parts.mine().reservation(tx, caller, Ref.of(id)), kind)));
            }
            return told;
        }));
    }

    HttpReply delete(Caller caller, String id) {
        var given = parts.in(tx -> parts.broker()
                .reservations()
                .cancel(tx, parts.mine().reservation(tx, caller, Ref.of(id)).id(), caller.user())
                .orThrow());
        return HttpReply.json(200, Json.object().put(ID, given.id().toString()));
    }

    private static ObjectNode show(Directory directory, Resource resource, IfaKind kind) {
        var reservation = resource.as(Reservation.class);
        var when = reservation.when();
        var node = Json.object()
                .put(ID, resource.id().toString())
                .put("reservationStatus", ReservationView.status(resource))
                .put("startTime", when.from().toString())
                .put("endTime", when.isBounded() ? when.until().toString() : null)
                .put("expiryTime", reservation.expiry().map(Instant::toString).orElse(null));
        var loose = new ArrayList<Step>();
        for (var part : reservation.items()) {
            switch (part.item().need()) {
                case Need.Quantity(var steps) -> loose.addAll(steps);
                case Need.Instances instances when kind == IfaKind.COMPUTE -> container(node, part, instances.flavor());
                case Need.Instances _, Need.Hosts _, Need.Addresses _, Need.Elements _ -> {}
            }
        }
        var amounts = kind.show(Shape.most(loose));
        if (!amounts.isEmpty()) {
            node.set(kind.got, amounts);
            zone(directory, reservation).ifPresent(zone -> amounts.put("zoneId", zone));
        }
        return node;
    }

    private static void container(ObjectNode node, Reservation.Part part, Flavor flavor) {
        var shown = node.withArray("virtualizationContainerReserved").addObject();
        shown.put("containerId", part.item().id().toString());
        var size = shown.putObject("containerFlavor");
        size.putObject("virtualCpu").put("numVirtualCpu", flavor.vcpus());
        size.putObject("virtualMemory").put("virtualMemSize", flavor.memoryMb() / GB);
    }

    private static Optional<String> zone(Directory directory, Reservation reservation) {
        return reservation.items().stream()
                .filter(part -> part.item().need() instanceof Need.Quantity)
                .flatMap(part -> part.placement().stream())
                .map(Placement::place)
                .map(directory::words)
                .findFirst();
    }
}
