package holdfast.api.resources;

import holdfast.broker.CapacityEntries;
import holdfast.broker.CapacityEntries.Outcome;
import holdfast.broker.CapacityEntries.Wish;
import holdfast.broker.ProviderSupply;
import holdfast.calendar.Entry.Origin;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// More and less of what providers have, for a time (promise.md 4.1, 4.6).
final class EntriesApi {
    private static final int LONGEST = 255;
    private static final long MOST = 1_000_000_000_000L;
    private static final int DIMENSIONS = 64;

    private final Platform platform;
    private final Database database;
    private final CapacityEntries entries;
    private final Finder finder;

    EntriesApi(Platform platform, Database database, CapacityEntries entries, Finder finder) {
        this.platform = platform;
        this.database = database;
        this.entries = entries;
        this.finder = finder;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/v1/pools/{id}/entries", this::list, "start", "end"),
                Route.post("/v1/pools/{id}/entries", this::add, "dryRun"),
                new Route("DELETE", "/v1/pools/{id}/entries/{entry}", false, Set.of("forced"), this::remove));
    }

    /// What is said of a host that is away.
    static Wish away(String host, Interval when, String source) {
        return new Wish(Optional.empty(), Optional.of(host), when, Optional.empty(), Origin.PLANNED, source, false);
    }

    /// `GET /v1/pools/{id}/entries`: from now on, if no window is named.
    private HttpReply list(Ask ask) {
        var from = ask.time("start").orElseGet(platform::now);
        var when = ask.one("end").isPresent() ? CapacityApi.window(ask, platform, Duration.ZERO) : Interval.since(from);
        return HttpReply.json(
                200,
                Envelope.of(
                        ask,
                        "capacityentry",
                        database.inTransaction(tx -> entries.list(tx, pool(tx, ask), when).stream()
                                .map(entry -> CalendarApi.entry(ask.caller(), entry))
                                .toList())));
    }

    private Resource pool(Tx tx, Ask ask) {
        return finder.find(tx, ask, ProviderSupply.POOL, ask.id());
    }

    /// `POST /v1/pools/{id}/entries`: 201; 409 with the list of who would be hurt, and nothing is changed; with
    /// `dryRun` only that list.
    private HttpReply add(Ask ask) {
        mayWrite(ask);
        var body = Bodies.object(ask);
        body.remove("dryRun");
        var wish = read(ask, body);
        if (ask.flag("dryRun")) {
            var outcome = CapacityApi.orRefuse(
                    database.inTransaction(tx -> entries.rehearse(tx, ask.caller(), pool(tx, ask), wish)));
            return HttpReply.json(200, shown(ask, outcome).put("dryRun", true));
        }
        var outcome =
                CapacityApi.orRefuse(database.inTransaction(tx -> entries.add(tx, ask.caller(), pool(tx, ask), wish)));
        return HttpReply.json(201, shown(ask, kept(ask, outcome)));
    }

    private Wish read(Ask ask, JsonNode body) {
        var faults = new ArrayList<Refusal>();
        var form = new Form(body, "", faults);
        var start = time(form, "start").orElseGet(platform::now);
        var end = time(form, "end").orElse(Instant.MAX);
        if (!end.isAfter(start)) {
            form.fault("end", "end is " + end + "; it must be after start, " + start);
        }
        if (!end.isAfter(platform.now())) {
            form.fault("end", "end is " + end + ", which is over; what was cannot be changed");
        }
        var change = form.any("change").map(node -> amounts(form, node, faults));
        var wish = new Wish(
                form.text("zone", LONGEST),
                form.text("host", LONGEST),
                end.isAfter(start) ? new Interval(start, end) : Interval.since(start),
                change,
                form.flag("planned").orElse(false) ? Origin.PLANNED : Origin.DECLARED,
                form.text("source", LONGEST).orElse(ask.caller().user()),
                form.flag("forced").orElse(false));
        form.end();
        if (!faults.isEmpty()) {
            throw Problem.of(faults);
        }
        return wish;
    }

    private static Optional<Instant> time(Form form, String field) {
        return form.text(field, 64).map(text -> Ask.time(form.at(field), text));
    }

    private static Capacities amounts(Form form, JsonNode node, List<Refusal> faults) {
        if (!node.isObject() || node.size() > DIMENSIONS) {
            form.fault("change", "change must be an object with at most 64 fields, such as {\"vcpu\": -8}");
            return Capacities.NONE;
        }
        var given = new Form(node, "change", faults);
        var amounts = new TreeMap<String, Long>();
        node.propertyNames()
                .forEach(name -> given.whole(name, -MOST, MOST).ifPresent(amount -> amounts.put(name, amount)));
        return new Capacities(amounts);
    }

    /// `DELETE /v1/pools/{id}/entries/{entry}`: refused if somebody has reserved what it gave, unless `forced`.
    private HttpReply remove(Ask ask) {
        mayWrite(ask);
        var text = ask.named().getOrDefault("entry", "");
        var id = Ids.uuid(text).orElseThrow(() -> Problem.notThere("there is no entry " + Form.shorten(text)));
        var outcome = CapacityApi.orRefuse(
                database.inTransaction(tx -> entries.remove(tx, pool(tx, ask), id, ask.flag("forced"))));
        return HttpReply.json(200, shown(ask, kept(ask, outcome)));
    }

    /// What was refused has changed nothing, so that its transaction may end as if it was done.
    private static Outcome kept(Ask ask, Outcome outcome) {
        if (!outcome.taken()) {
            var besides = Json.object();
            besides.set("hurt", Hurt.list(ask.caller(), outcome.hurt()));
            var names = outcome.hurt().stream().limit(5).map(Resource::name).collect(Collectors.joining(", "));
            throw Problem.of(
                    Refusal.clash("this hurts " + outcome.hurt().size() + " who have reserved (" + names
                            + "), so that nothing was changed; choose another time, move them, or say forced"),
                    besides);
        }
        return outcome;
    }

    private static ObjectNode shown(Ask ask, Outcome outcome) {
        var node = CalendarApi.entry(ask.caller(), outcome.entry());
        node.set("hurt", Hurt.list(ask.caller(), outcome.hurt(), outcome.ways()));
        return node;
    }

    private static void mayWrite(Ask ask) {
        Access.mayOperate(ask.caller(), "say that there is more or less of what a provider has")
                .ifPresent(why -> {
                    throw Problem.of(why);
                });
    }
}
