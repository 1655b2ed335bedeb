package holdfast.api.resources;

import holdfast.broker.Broker;
import holdfast.broker.Directory;
import holdfast.broker.Directory.Area;
import holdfast.broker.Occupation.Bar;
import holdfast.broker.Occupation.Row;
import holdfast.broker.Units.Unit;
import holdfast.calendar.Entry;
import holdfast.core.Caller;
import holdfast.core.Copies;
import holdfast.core.Interval;
import holdfast.engine.Engine;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// Who has what at providers and when, for drawing, and their hosts (promise.md 5.4, 9 row 68).
final class CalendarApi {
    private static final Duration DAYS = Duration.ofDays(7);
    private static final long MOST_BARS = 10_000;
    private static final long BARS = 1_000;

    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final Broker broker;

    CalendarApi(Platform platform, Database database, Engine engine, Broker broker) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.broker = broker;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/v1/calendar", this::calendar, "provider", "zone", "start", "end", "limit"),
                Route.get("/v1/units", this::units, "provider", "zone"),
                Route.get("/v1/units/{id}", this::unit),
                Route.get("/v1/units/{id}/impact", this::impact, "start", "end"));
    }

    /// `GET /v1/calendar`
    private HttpReply calendar(Ask ask) {
        var when = CapacityApi.window(ask, platform, DAYS);
        int limit = Math.toIntExact(ask.whole("limit", 1, MOST_BARS).orElse(BARS));
        var view = CapacityApi.orRefuse(database.inTransaction(
                tx -> broker.occupation().view(tx, ask.caller(), CapacityApi.where(ask), when, limit)));
        var body = Json.object().put("type", "calendar");
        body.put("start", when.from().toString()).put("end", when.until().toString());
        var rows = body.putArray("rows");
        view.rows().forEach(row -> rows.add(row(ask.caller(), row)));
        return HttpReply.json(200, body.put("truncated", view.truncated()));
    }

    private static ObjectNode row(Caller caller, Row row) {
        var node = CapacityApi.area(Json.object(), row.area())
                .put("host", row.host().orElse(null));
        var bars = node.putArray("bars");
        row.bars().forEach(bar -> bars.add(bar(bar)));
        var entries = node.putArray("entries");
        row.entries().forEach(entry -> entries.add(entry(caller, entry)));
        return node;
    }

    private static ObjectNode bar(Bar bar) {
        var node = Json.object()
                .put("start", bar.when().from().toString())
                .put("end", end(bar.when()))
                .put("cleanedUntil", bar.clean().map(Object::toString).orElse(null))
                .put("kind", bar.kind().name().toLowerCase(Locale.ROOT))
                .put("firm", bar.firm())
                .put("alone", bar.alone());
        node.set("amounts", Json.toTree(bar.amount().amounts()));
        bar.owner().ifPresent(owner -> Hurt.identify(node.putObject("holder").put("type", owner.type()), owner));
        return node;
    }

    /// What changes is for everybody to see; who says so is not.
    static ObjectNode entry(Caller caller, Entry entry) {
        var node = Json.object().put("type", "capacityentry");
        node.put("start", entry.when().from().toString())
                .put("end", end(entry.when()))
                .put("origin", entry.origin().word());
        node.set("change", Json.toTree(entry.change().amounts()));
        if (Access.maySee(caller, entry.project())) {
            node.put("id", entry.id().toString())
                    .put("source", entry.source())
                    .put("project", entry.project())
                    .put("forced", entry.forced())
                    .put("created", entry.created().toString());
        }
        return node;
    }

    private static @org.jspecify.annotations.Nullable String end(Interval when) {
        return when.isBounded() ? when.until().toString() : null;
    }

    /// `GET /v1/units`: hosts that may be reserved one by one.
    private HttpReply units(Ask ask) {
        var list = database.inTransaction(tx -> {
            var directory = Directory.read(tx, engine.resources());
            var zones = CapacityApi.orRefuse(directory.areas(CapacityApi.where(ask))).stream()
                    .flatMap(area -> area.zone().map(_ -> area.words()).stream())
                    .collect(Collectors.toSet());
            return list(tx, ask, directory, zones);
        });
        return HttpReply.json(200, Envelope.of(ask, "unit", list));
    }

    private List<ObjectNode> list(Tx tx, Ask ask, Directory directory, Set<String> zones) {
        return broker.units().hosts(tx).stream()
                .filter(unit -> zones.contains(words(directory, unit)))
                .map(unit -> unit(ask, directory, unit))
                .toList();
    }

    private static String words(Directory directory, Unit unit) {
        return directory.zoneOf(unit).map(Area::words).orElse("");
    }

    /// `GET /v1/units/{number}`
    private HttpReply unit(Ask ask) {
        return HttpReply.json(
                200, database.inTransaction(tx -> unit(ask, Directory.read(tx, engine.resources()), find(tx, ask))));
    }

    private Unit find(Tx tx, Ask ask) {
        var id = ask.id();
        return (id.matches("[0-9]{1,18}")
                        ? broker.units().find(tx, Long.parseLong(id))
                        : java.util.Optional.<Unit>empty())
                .orElseThrow(() -> Problem.notThere("there is no unit " + Form.shorten(id)));
    }

    private static ObjectNode unit(Ask ask, Directory directory, Unit unit) {
        var node = Json.object()
                .put("id", String.valueOf(unit.number()))
                .put("type", "unit")
                .put("kind", "host")
                .put("name", unit.name())
                .put("provider", directory.zoneOf(unit).map(Area::provider).orElse(null))
                .put("zone", unit.zone())
                .put("up", unit.up())
                .put("registered", unit.registered())
                .put("created", Values.shown(unit.created()));
        node.set("total", Json.toTree(unit.total()));
        node.set("properties", Json.toTree(unit.properties()));
        node.set("extra", Json.toTree(unit.extra()));
        var self = ask.base() + "/v1/units/" + unit.number();
        node.putObject("links").put("self", self).put("impact", self + "/impact");
        return node;
    }

    /// `GET /v1/units/{number}/impact`: who would be hurt if it were away for the window, or from now on for ever,
    /// and where they would go.
    private HttpReply impact(Ask ask) {
        Access.mayOperate(ask.caller(), "see who would be hurt").ifPresent(why -> {
            throw Problem.of(why);
        });
        var when = ask.one("end").isPresent()
                ? CapacityApi.window(ask, platform, DAYS)
                : Interval.since(ask.time("start").orElseGet(platform::now));
        return HttpReply.json(200, database.inTransaction(tx -> impact(tx, ask, find(tx, ask), when)));
    }

    private ObjectNode impact(Tx tx, Ask ask, Unit unit, Interval when) {
        var pool = engine.resources()
                .find(tx, Copies.id(broker.name(), unit.provider()))
                .orElseThrow(() -> Problem.notThere("there is no provider of unit " + unit.number()));
        var outcome = CapacityApi.orRefuse(broker.entries()
                .rehearse(
                        tx,
                        ask.caller(),
                        pool,
                        EntriesApi.away(unit.name(), when, ask.caller().user())));
        var node = Json.object().put("type", "impact").put("unit", String.valueOf(unit.number()));
        node.put("start", when.from().toString()).put("end", end(when));
        node.set("hurt", Hurt.list(ask.caller(), outcome.hurt(), outcome.ways()));
        return node;
    }
}
