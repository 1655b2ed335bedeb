package holdfast.api.resources;

import holdfast.broker.Broker;
import holdfast.core.Interval;
import holdfast.inventory.GraphMl;
import holdfast.inventory.NodeLink;
import holdfast.inventory.QueryModel;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import java.time.temporal.ChronoUnit;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// What there is and how much of it is free, as the broker knows it (fabric.md 6.6).
final class CapacityView {
    private final Platform platform;
    private final Database database;
    private final Broker broker;

    CapacityView(Platform platform, Database database, Broker broker) {
        this.platform = platform;
        this.database = database;
        this.broker = broker;
    }

    /// `GET /v1/capacity`; without an end, for the instant `start`; without a start, for now.
    HttpReply show(Ask ask) {
        int level = ask.whole("level", 0, 2).orElse(1L).intValue();
        var start = ask.time("start").orElseGet(platform::now);
        var end = ask.time("end").orElseGet(() -> start.plus(1, ChronoUnit.MICROS));
        if (!start.isBefore(end)) {
            throw Problem.malformed("end", "the window would end at " + end + ", before it starts at " + start);
        }
        var when = new Interval(start, end);
        var format = ask.one("format").orElse("json");
        return switch (format) {
            case "json" -> HttpReply.json(200, summary(level, when));
            case "graphml" -> HttpReply.of(200, "application/xml; charset=utf-8", GraphMl.write(graph(level, when)));
            case "nodelink" -> HttpReply.of(200, "application/json; charset=utf-8", NodeLink.write(graph(level, when)));
            default ->
                throw Problem.malformed(
                        "format",
                        "format is '" + format + "'" + Nearest.hint(format, List.of("json", "graphml", "nodelink")));
        };
    }

    private holdfast.inventory.Graph graph(int level, Interval when) {
        return database.inTransaction(tx -> broker.supply().query(tx, QueryModel.Level.of(level), when));
    }

    /// The members of the FABRIC summary; hosts only at level 2.
    private ObjectNode summary(int level, Interval when) {
        if (level == 0) {
            throw Problem.malformed(
                    "level", "level 0 has no numbers; ask for level 1 or 2, or for format graphml or nodelink");
        }
        var summary = (ObjectNode)
                Json.toTree(database.inTransaction(tx -> broker.supply().summary(tx, when)));
        if (level == 1) {
            summary.remove("hosts");
        }
        var body = Json.object().put("type", "capacity").put("level", level);
        body.put("start", when.from().toString()).put("end", when.until().toString());
        return body.setAll(summary);
    }
}
