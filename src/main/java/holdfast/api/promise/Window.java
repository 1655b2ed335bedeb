package holdfast.api.promise;

import holdfast.broker.choice.Step;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.platform.Json;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;

/// The time that a query is about (promise.md 5.1).
///
/// @param when without an end if none was given
/// @param inclusive whether what overlaps it counts, or only what lies inside of it
record Window(Interval when, boolean inclusive) {
    /// Points of a profile at most; more are cut off.
    static final int MOST = 10_000;

    private enum Scope {
        INCLUSIVE,
        EXCLUSIVE
    }

    /// @param field of the object; what is not there means from now on, without an end
    static Window read(Fields fields, String field, Instant now) {
        return fields.object(field)
                .map(given -> {
                    var start = given.time("start").orElse(now);
                    var end = given.time("end").orElse(Instant.MAX);
                    var scope = given.word("scope", Scope.class).orElse(Scope.INCLUSIVE);
                    given.end();
                    if (!end.isAfter(start)) {
                        given.fault("end", "is " + end + "; it must be after start, " + start);
                        end = Instant.MAX;
                    }
                    return new Window(new Interval(start, end), scope == Scope.INCLUSIVE);
                })
                .orElseGet(() -> new Window(Interval.since(now), true));
    }

    boolean matches(Interval other) {
        return inclusive ? when.overlaps(other) : when.contains(other);
    }

    /// What these have together, at the start of the window and at each change before its end.
    ArrayNode utilization(Collection<List<Step>> all) {
        var instants = new TreeSet<Instant>();
        instants.add(when.from());
        all.stream().flatMap(List::stream).map(Step::when).forEach(span -> {
            for (var edge : List.of(span.from(), span.until())) {
                if (when.contains(edge)) {
                    instants.add(edge);
                }
            }
        });
        var points = Json.mapper().createArrayNode();
        instants.stream().limit(MOST).forEach(instant -> {
            var sum = all.stream().map(steps -> Shape.at(steps, instant)).reduce(Capacities.NONE, Capacities::plus);
            long count = all.stream()
                    .filter(steps -> steps.stream().anyMatch(step -> step.when().contains(instant)))
                    .count();
            points.addObject()
                    .put("timestamp", instant.toString())
                    .put("count", count)
                    .set("capacity", Keys.shown(sum));
        });
        return points;
    }
}
