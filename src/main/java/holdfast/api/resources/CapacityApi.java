package holdfast.api.resources;

import holdfast.broker.CapacityMap;
import holdfast.broker.CapacityMap.Course;
import holdfast.broker.CapacityMap.Standings;
import holdfast.broker.Directory;
import holdfast.broker.Directory.Area;
import holdfast.broker.Directory.Where;
import holdfast.broker.choice.Flavor;
import holdfast.broker.choice.Quadruple;
import holdfast.core.Answer;
import holdfast.core.Interval;
import holdfast.engine.Engine;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What providers of cloud resources have, what of it is reserved, in use and free (promise.md 6.4). These are sums,
/// for everybody to see.
final class CapacityApi {
    private static final Duration DAYS = Duration.ofDays(7);
    private static final long MOST_STEPS = 10_000;
    private static final long STEPS = 1_000;
    private static final long MOST_INSTANCES = 10_000;

    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final CapacityMap map;

    CapacityApi(Platform platform, Database database, Engine engine, CapacityMap map) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.map = map;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/v1/capacity/quadruple", this::quadruple, "provider", "zone", "start", "end", "dimension"),
                Route.get(
                        "/v1/capacity/profile",
                        this::profile,
                        "provider",
                        "zone",
                        "start",
                        "end",
                        "dimension",
                        "scope",
                        "limit"),
                Route.get(
                        "/v1/capacity/flavors", this::flavors, "provider", "zone", "start", "end", "flavor", "count"));
    }

    static Where where(Ask ask) {
        return new Where(ask.one("provider"), ask.one("zone"));
    }

    /// From `start`, or now, to `end`; without an end for as long as `length`.
    static Interval window(Ask ask, Platform platform, Duration length) {
        var start = ask.time("start").orElseGet(platform::now);
        var end = ask.time("end").orElseGet(() -> start.plus(length));
        if (!start.isBefore(end)) {
            throw Problem.malformed("end", "the window would end at " + end + ", before it starts at " + start);
        }
        return new Interval(start, end);
    }

    static <T> T orRefuse(Answer<T> answer) {
        return switch (answer) {
            case Answer.Yes<T>(var value) -> value;
            case Answer.No<T>(var why) -> throw Problem.of(why);
        };
    }

    /// `GET /v1/capacity/quadruple`: at `start`, or over the window if there is an `end`.
    private HttpReply quadruple(Ask ask) {
        boolean windowed = ask.one("end").isPresent();
        var when = window(ask, platform, Duration.ofNanos(1_000));
        var found = orRefuse(database.inTransaction(tx -> map.quadruple(tx, where(ask), when)));
        return HttpReply.json(200, quadruple(found, when, windowed, ask.one("dimension")));
    }

    private static ObjectNode quadruple(Standings found, Interval when, boolean windowed, Optional<String> dimension) {
        var names = names(found.whole().dimensions(), found.whole().unlimited(), dimension);
        var body = Json.object().put("type", "quadruple");
        body.put("start", when.from().toString());
        body.put("end", windowed ? when.until().toString() : null);
        body.set("dimensions", figures(found.whole().quadruple(), names));
        body.set("unlimited", Json.toTree(found.whole().unlimited()));
        var parts = body.putArray("parts");
        for (var part : found.parts()) {
            var standing = part.standing();
            var node = area(parts.addObject(), part.area());
            node.set("dimensions", figures(standing.quadruple(), only(standing.dimensions(), dimension)));
            node.set("unlimited", Json.toTree(standing.unlimited()));
        }
        return body;
    }

    static ObjectNode area(ObjectNode node, Area area) {
        return node.put("provider", area.provider()).put("zone", area.zone().orElse(null));
    }

    /// The dimension that is asked for, or all.
    private static List<String> names(Set<String> counted, Set<String> unlimited, Optional<String> dimension) {
        dimension
                .filter(name -> !counted.contains(name) && !unlimited.contains(name))
                .ifPresent(name -> {
                    throw Problem.malformed(
                            "dimension",
                            "dimension is '" + Form.shorten(name) + "'; there are: " + String.join(", ", counted));
                });
        return only(counted, dimension);
    }

    private static List<String> only(Collection<String> counted, Optional<String> dimension) {
        return counted.stream()
                .filter(name -> dimension.map(name::equals).orElse(true))
                .toList();
    }

    private static ArrayNode figures(Quadruple quadruple, List<String> names) {
        var list = Json.array();
        names.forEach(name -> list.addObject()
                .put("dimension", name)
                .put("total", quadruple.total().get(name))
                .put("available", quadruple.available().get(name))
                .put("reserved", quadruple.reserved().get(name))
                .put("allocated", quadruple.allocated().get(name))
                .put("committed", quadruple.committed().get(name))
                .put("reclaimable", quadruple.reclaimable().get(name)));
        return list;
    }

    /// `GET /v1/capacity/profile`: what changes in the window, and when.
    private HttpReply profile(Ask ask) {
        var when = window(ask, platform, DAYS);
        boolean inclusive = inclusive(ask);
        int limit = Math.toIntExact(ask.whole("limit", 1, MOST_STEPS).orElse(STEPS));
        var found = orRefuse(database.inTransaction(tx -> map.profile(tx, where(ask), when, inclusive, limit)));
        return HttpReply.json(200, profile(found, when, ask.one("dimension")));
    }

    private static boolean inclusive(Ask ask) {
        return ask.one("scope")
                .map(scope -> switch (scope) {
                    case "inclusive" -> true;
                    case "exclusive" -> false;
                    default ->
                        throw Problem.malformed(
                                "scope",
                                "scope is '" + Form.shorten(scope)
                                        + "'; it must be inclusive (all that overlaps the window) or exclusive (what"
                                        + " lies inside of it)");
                })
                .orElse(true);
    }

    private static ObjectNode profile(Course found, Interval when, Optional<String> dimension) {
        var names = names(found.dimensions(), found.unlimited(), dimension);
        var body = Json.object().put("type", "profile");
        body.put("start", when.from().toString()).put("end", when.until().toString());
        var steps = body.putArray("steps");
        for (var step : same(found.moments(), names)) {
            steps.addObject()
                    .put("start", step.when().from().toString())
                    .put("end", step.when().until().toString())
                    .set("dimensions", figures(step.quadruple(), names));
        }
        body.set("unlimited", Json.toTree(found.unlimited()));
        return body.put("truncated", found.truncated());
    }

    /// Where only some dimensions are shown, fewer steps are needed.
    private static List<CapacityMap.Moment> same(List<CapacityMap.Moment> moments, List<String> names) {
        var steps = new ArrayList<CapacityMap.Moment>();
        for (var moment : moments) {
            boolean goesOn = !steps.isEmpty()
                    && figures(steps.getLast().quadruple(), names).equals(figures(moment.quadruple(), names));
            var from = goesOn ? steps.removeLast().when().from() : moment.when().from();
            steps.add(new CapacityMap.Moment(new Interval(from, moment.when().until()), moment.quadruple()));
        }
        return steps;
    }

    /// `GET /v1/capacity/flavors`: how many instances of a size fit for all of the window, an hour if it has no
    /// end.
    private HttpReply flavors(Ask ask) {
        var when = window(ask, platform, Duration.ofHours(1));
        if (!when.until().isAfter(platform.now())) {
            throw Problem.malformed("end", "the window is over since " + when.until() + "; ask for a time to come");
        }
        var where = where(ask);
        long wanted = ask.whole("count", 1, MOST_INSTANCES).orElse(1L);
        var body = Json.object().put("type", "flavorcount");
        body.put("start", when.from().toString()).put("end", when.until().toString());
        var list = body.putArray("flavors");
        database.inTransaction(tx -> {
            var directory = Directory.read(tx, engine.resources());
            for (var flavor : sizes(ask, directory, where)) {
                var size = new Flavor(flavor.vcpus(), flavor.memoryMb(), flavor.diskGb());
                var room = orRefuse(map.flavor(tx, where, size, when, wanted));
                list.addObject()
                        .put("flavor", flavor.name())
                        .put("vcpus", flavor.vcpus())
                        .put("memoryMb", flavor.memoryMb())
                        .put("diskGb", flavor.diskGb())
                        .put("count", room.count())
                        .put("wanted", wanted)
                        .put("earliest", room.earliest().map(Object::toString).orElse(null));
            }
            return true;
        });
        return HttpReply.json(200, body);
    }

    private static List<holdfast.core.CloudSupply.Flavor> sizes(Ask ask, Directory directory, Where where) {
        orRefuse(directory.areas(where));
        var name = ask.one("flavor")
                .orElseThrow(() -> Problem.malformed(
                        "flavor", "flavor is missing: the name of a size of servers, such as flavor=m1.small"));
        var found = directory.flavor(where.provider().flatMap(directory::account), name);
        return List.of(found.orElseThrow(() -> Problem.malformed(
                "flavor",
                "flavor is '" + Form.shorten(name) + "', which no provider there has; there are: "
                        + String.join(", ", directory.flavors(where.provider().flatMap(directory::account))))));
    }
}
