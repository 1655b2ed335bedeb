package holdfast.engine.handlers;

import holdfast.platform.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Where an agent's pings are: what one hands on to the next.
///
/// @param number which one it is, from 0; some ask for more than a sign of life (cattle.md 4.5)
/// @param missed how many were not answered, one after the other
/// @param since when the agent began to reconnect
/// @param due when it was to be sent
record Beat(int number, int missed, Optional<Instant> since, Instant due) {
    private static final int RESOURCES = 12;
    private static final int STATS = 24;
    private static final int INSTANCES = 3;

    static Beat first(Instant now) {
        return new Beat(0, 0, Optional.empty(), now);
    }

    /// @param now when one is due that does not say so
    static Beat of(JsonNode arguments, Instant now) {
        return new Beat(
                arguments.path("number").asInt(0),
                arguments.path("missed").asInt(0),
                time(arguments, "since"),
                time(arguments, "due").orElse(now));
    }

    private static Optional<Instant> time(JsonNode arguments, String field) {
        return Optional.of(arguments.path(field).asString(""))
                .filter(text -> !text.isEmpty())
                .map(Instant::parse);
    }

    Beat heard() {
        return new Beat(number + 1, 0, Optional.empty(), due);
    }

    Beat missedOne() {
        return new Beat(number + 1, missed + 1, Optional.empty(), due);
    }

    Beat away(Instant from) {
        return new Beat(number, 0, Optional.of(from), due);
    }

    /// The pause counts from the beginning of the one before, but what is late is not made up for.
    Beat after(Duration pause, Instant now) {
        var next = due.plus(pause);
        return new Beat(number, missed, since, next.isBefore(now) ? now : next);
    }

    boolean asksForResources() {
        return number % RESOURCES == 0;
    }

    /// As it is told to the agent.
    ObjectNode json() {
        var node = Json.object().put("number", number).put("missed", missed).put("due", due.toString());
        since.ifPresent(from -> node.put("since", from.toString()));
        node.putObject("options")
                .put("resources", asksForResources())
                .put("stats", number % STATS == 0)
                .put("instances", number % INSTANCES == 0);
        return node;
    }
}
