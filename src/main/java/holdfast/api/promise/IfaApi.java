package holdfast.api.promise;

import holdfast.broker.CapacityMap.Standing;
import holdfast.broker.Directory.Where;
import holdfast.broker.choice.Flavor;
import holdfast.broker.choice.Quadruple;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.notifications.NoticeFilter;
import holdfast.notifications.Subscribers.Wish;
import holdfast.notifications.Threshold;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpRequest;
import holdfast.platform.HttpServer.Mount;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// Capacity and reservations at the paths of the NFV documents, for orchestrators and managers of virtual network
/// functions (promise.md 5.2). Here the status says how it went.
final class IfaApi {
    private static final String CAPACITY = "capacity";
    private static final String RESERVATION = "reservation";
    private static final List<String> FIGURES = List.of("available", "reserved", "total", "allocated");
    private static final String POOL = "pool";
    private static final int MOST = 64;
    private static final long GB = 1_024;

    private final PromiseApi api;
    private final Parts parts;
    private final Notices notices;
    private final IfaReservations reservations;

    IfaApi(PromiseApi api, Parts parts, Notices notices) {
        this.api = api;
        this.parts = parts;
        this.notices = notices;
        this.reservations = new IfaReservations(parts);
    }

    List<Mount> mounts() {
        return List.of(new Mount(CAPACITY, this::handle), new Mount(RESERVATION, this::handle));
    }

    private HttpReply handle(HttpRequest request) {
        return api.served(request, caller -> answer(caller, request));
    }

    private HttpReply answer(Caller caller, HttpRequest request) {
        PromiseApi.mayAsk(caller);
        var path = request.path();
        var method = request.method().equals("HEAD") ? "GET" : request.method();
        var last = path.getLast();
        if (caller.readOnly() && !last.equals("query")) {
            throw PromiseApi.readOnly(caller);
        }
        if (path.equals(List.of(RESERVATION, "subscribe"))) {
            only(request, method, "POST");
            return subscribeToReservations(caller, fields(request));
        }
        if (path.size() != 3) {
            throw ComplaintException.notThere("there is nothing at " + Fields.shorten(request.rawPath()));
        }
        var kind = IfaKind.of(path.get(1));
        if (last.equals("query")) {
            only(request, method, "GET", "POST");
            return path.getFirst().equals(CAPACITY)
                    ? capacity(kind, asked(request))
                    : reservations.query(
                            caller, kind, fields(request), request.query().getOrDefault("reservationId", List.of()));
        }
        if (path.getFirst().equals(CAPACITY)) {
            if (!last.equals("subscribe")) {
                throw ComplaintException.notThere("there is nothing at " + Fields.shorten(request.rawPath()));
            }
            only(request, method, "POST");
            return subscribeToCapacity(caller, kind, fields(request));
        }
        return switch (last) {
            case "create" -> {
                only(request, method, "POST");
                yield reservations.create(caller, request, kind, PromiseApi.body(request));
            }
            case "update" -> {
                only(request, method, "POST");
                yield reservations.update(caller, request, kind, fields(request));
            }
            default -> {
                only(request, method, "DELETE");
                yield reservations.delete(caller, last);
            }
        };
    }

    private static void only(HttpRequest request, String method, String... allowed) {
        if (!List.of(allowed).contains(method)) {
            throw ComplaintException.wrongMethod(
                    request.method(), Fields.shorten(request.rawPath()), String.join(", ", allowed));
        }
    }

    private static Fields fields(HttpRequest request) {
        return Fields.of(PromiseApi.body(request));
    }

    /// A body on `GET` does not pass everywhere, so that parameters do as well: `timePeriod.startTime` and the
    /// like.
    private static Fields asked(HttpRequest request) {
        var body = PromiseApi.body(request);
        request.query().forEach((name, values) -> {
            var words = name.split("\\.", 2);
            var in = words.length == 2 && body.path(words[0]).isMissingNode()
                    ? body.putObject(words[0])
                    : words.length == 2 && body.get(words[0]) instanceof ObjectNode inner ? inner : body;
            in.put(words[words.length - 1], values.getFirst());
        });
        return Fields.of(body);
    }

    /// The four figures of one type; of criteria, how many such instances fit.
    private HttpReply capacity(IfaKind kind, Fields fields) {
        var zone = fields.text("zoneId");
        var size = fields.object("resourceCriteria").map(IfaApi::size);
        var dimension = size.isPresent() ? "" : kind.dimension(fields);
        var selected = fields.texts("attributeSelector", FIGURES.size());
        fields.whole("limit", 1, Integer.MAX_VALUE);
        var now = parts.now();
        var when = fields.object("timePeriod").map(period -> {
            var start = period.time("startTime").orElse(now);
            var stop = period.time("stopTime").orElse(start.plusSeconds(1));
            period.end();
            if (!stop.isAfter(start)) {
                period.fault("stopTime", "is " + stop + "; it must be after startTime, " + start);
                return Interval.of(now, Duration.ofSeconds(1));
            }
            return new Interval(start, stop);
        });
        fields.end();
        fields.check();
        var window = when.orElseGet(() -> new Interval(now, now.plusSeconds(1)));
        return HttpReply.json(200, parts.in(tx -> {
            var where = new Where(Optional.empty(), zone);
            var told = Json.object()
                    .put("zoneId", zone.orElse(null))
                    .put("lastUpdate", lastUpdate(tx, now).toString());
            var all = told.putObject("capacityInformation");
            if (size.isPresent()) {
                var room = known(parts.broker().capacity().flavor(tx, where, size.get(), window, 1));
                all.put("available", room.count());
            } else {
                figures(
                        all,
                        known(parts.broker().capacity().quadruple(tx, where, window))
                                .whole(),
                        dimension);
            }
            if (!selected.isEmpty()) {
                all.retain(selected);
            }
            return told;
        }));
    }

    private static Flavor size(Fields criteria) {
        var cpus = criteria.object("virtualCPU").flatMap(cpu -> {
            var count = cpu.whole("numVirtualCpu", 1, 1_000_000);
            cpu.end();
            return count;
        });
        var memory = criteria.object("virtualMemory").flatMap(given -> {
            var count = given.whole("virtualMemSize", 1, 1_000_000);
            given.end();
            return count;
        });
        criteria.end();
        return new Flavor(cpus.orElse(1L), memory.map(gb -> gb * GB).orElse(1L), 0);
    }

    /// Of what is not limited, only what is reserved and allocated is told.
    private static void figures(ObjectNode all, Standing standing, String dimension) {
        Quadruple quadruple = standing.quadruple();
        if (!standing.unlimited().contains(dimension)) {
            all.put("available", quadruple.available().get(dimension));
            all.put("total", quadruple.total().get(dimension));
        }
        all.put("reserved", quadruple.reserved().get(dimension));
        all.put("allocated", quadruple.allocated().get(dimension));
    }

    /// @throws ComplaintException 404 for a zone that there is not
    private static <T> T known(Answer<T> answer) {
        return switch (answer) {
            case Answer.Yes<T>(var value) -> value;
            case Answer.No<T>(var why)
            when why.kind() == Refusal.Kind.MALFORMED && why.field().equals(Optional.of("zone")) ->
                throw ComplaintException.notThere(why.message());
            case Answer.No<T>(var why) -> throw ComplaintException.of(why);
        };
    }

    private Instant lastUpdate(Tx tx, Instant now) {
        return parts.resources().ofType(tx, POOL, MOST).stream()
                .map(Resource::updated)
                .max(Instant::compareTo)
                .orElse(now);
    }

    private HttpReply subscribeToCapacity(Caller caller, IfaKind kind, Fields fields) {
        var zone = fields.text("zoneId");
        var dimension = kind.dimension(fields);
        var threshold = fields.object("threshold").flatMap(outer -> {
            outer.text("thresholdType");
            var inner = outer.object("threshold");
            var found = inner.flatMap(given -> {
                for (var field : List.of("capacity_info", "condition", "value")) {
                    given.missing(field);
                }
                var figure = given.word("capacity_info", Threshold.Figure.class);
                var condition = given.word("condition", Threshold.Condition.class);
                var value = given.whole("value", 0, Long.MAX_VALUE);
                given.end();
                return figure.flatMap(one ->
                        condition.flatMap(side -> value.map(limit -> new Threshold(dimension, one, side, limit))));
            });
            outer.end();
            return found;
        });
        var filter = new NoticeFilter(
                List.of(threshold.isPresent() ? "capacity.threshold" : "capacity.changed"),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                zone,
                threshold);
        return subscribed(caller, fields, filter, "capacityChangeSubscriptionId");
    }

    private HttpReply subscribeToReservations(Caller caller, Fields fields) {
        var ids = new ArrayList<UUID>();
        fields.missing("inputFilter");
        for (var one : fields.objects("inputFilter", MOST)) {
            ids.addAll(ReservationIntents.ids(one, "reservationId"));
            one.missing("reservationId");
            one.end();
        }
        var filter = new NoticeFilter(
                List.of(), ids, List.of(), List.of(), Optional.empty(), Optional.empty(), Optional.empty());
        return subscribed(caller, fields, filter, "reservationChangeSubscriptionId");
    }

    private HttpReply subscribed(Caller caller, Fields fields, NoticeFilter filter, String name) {
        var callback = notices.callback(fields);
        fields.missing("callback");
        fields.end();
        fields.check();
        var wish =
                new Wish(Optional.empty(), Optional.of(filter), Optional.empty(), Optional.empty(), Optional.empty());
        var made = notices.subscribe(caller, callback.orElseThrow(), wish);
        return HttpReply.json(
                201,
                Json.object()
                        .put("created", made.created().toString())
                        .put(name, made.id().toString()));
    }
}
