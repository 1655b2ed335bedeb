package holdfast.api.resources;

import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.notifications.NoticeFilter;
import holdfast.notifications.Threshold;
import holdfast.notifications.Threshold.Condition;
import holdfast.notifications.Threshold.Figure;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads and writes which notices somebody wants: as query parameters, or as `filter` of a subscription.
final class NoticeFilters {
    private static final List<String> PARAMETERS =
            List.of("events", "reservation", "lease", "object", "project", "zone");
    private static final int LONGEST_EVENT = 250;
    private static final int LONGEST_ID = 40;
    private static final int LONGEST_NAME = 255;
    private static final String ABSOLUTE = "absoluteValue";

    private NoticeFilters() {}

    /// What a request may say about it, and `more`.
    static String[] parameters(String... more) {
        return Stream.concat(PARAMETERS.stream(), Stream.of(more)).toArray(String[]::new);
    }

    /// Lists are parameters that are given several times, or values with commas between them.
    ///
    /// @throws Problem if a parameter is not what it must be
    static NoticeFilter of(Tx tx, Ask ask) {
        var query = Json.object();
        for (var name : PARAMETERS) {
            boolean single = name.equals("project") || name.equals("zone");
            if (single) {
                ask.one(name).ifPresent(value -> query.put(name, value));
            } else if (!ask.all(name).isEmpty()) {
                var list = query.putArray(name);
                ask.all(name).forEach(value -> Stream.of(value.split(",", -1)).forEach(list::add));
            }
        }
        var faults = new ArrayList<Refusal>();
        var filter = read(tx, ask.caller(), new Form(query, "", faults), faults);
        if (!faults.isEmpty()) {
            throw Problem.of(faults);
        }
        return filter;
    }

    /// Reads the fields of a filter; what is wrong is added to `faults`.
    ///
    /// @throws RefusedException if it names a project that is not the caller's
    static NoticeFilter read(Tx tx, Caller caller, Form form, List<Refusal> faults) {
        var events = form.texts("events", NoticeFilter.MOST, LONGEST_EVENT);
        events.stream()
                .filter(event -> !NoticeFilter.isEvent(event))
                .forEach(event -> form.fault(
                        "events",
                        form.at("events") + " names " + Form.shorten("'" + event + "'")
                                + "; it must be a type of notice, such as reservation.started, or all that begin so:"
                                + " reservation.*"));
        var project = form.text("project", LONGEST_NAME);
        project.filter(name -> !caller.admin() && !name.equals(caller.project()))
                .ifPresent(name -> {
                    throw new RefusedException(Refusal.notYours(form.at("project") + " is " + Form.shorten(name)
                            + "; you hear of your own project, " + caller.project() + "; leave it out"));
                });
        var filter = new NoticeFilter(
                events,
                ids(tx, caller, form, "reservation"),
                ids(tx, caller, form, "lease"),
                ids(tx, caller, form, "object"),
                project,
                form.text("zone", LONGEST_NAME),
                form.any("threshold").flatMap(node -> threshold(node, form.at("threshold"), faults)));
        form.end();
        return filter;
    }

    private static List<UUID> ids(Tx tx, Caller caller, Form form, String field) {
        var texts = form.texts(field, NoticeFilter.MOST, LONGEST_ID);
        var known = References.find(tx, caller, texts);
        texts.stream()
                .filter(text -> !known.containsKey(text))
                .forEach(text -> form.fault(
                        field,
                        form.at(field) + " names " + Form.shorten("'" + text + "'")
                                + "; it must be the id of a resource"));
        return texts.stream().map(known::get).filter(Objects::nonNull).toList();
    }

    private static Optional<Threshold> threshold(JsonNode node, String path, List<Refusal> faults) {
        var before = faults.size();
        var form = new Form(node, path, faults);
        if (!node.isObject()) {
            faults.add(Refusal.malformed(path, path + " must be an object"));
            return Optional.empty();
        }
        form.text("type", LONGEST_NAME)
                .filter(type -> !type.equals(ABSOLUTE))
                .ifPresent(type -> form.fault(
                        "type", form.at("type") + " is " + Form.shorten(type) + "; the only one is " + ABSOLUTE));
        var dimension = form.requiredText("dimension", LONGEST_ID);
        var figure = word(form, "capacityInfo", Figure.values(), Figure::word);
        var condition = word(form, "condition", Condition.values(), Condition::word);
        var value = form.whole("value", 0, Long.MAX_VALUE);
        if (!form.has("value")) {
            form.fault("value", form.at("value") + " is missing");
        }
        form.end();
        return faults.size() > before
                ? Optional.empty()
                : Optional.of(
                        new Threshold(dimension, figure.orElseThrow(), condition.orElseThrow(), value.orElseThrow()));
    }

    private static <E> Optional<E> word(Form form, String field, E[] values, Function<E, String> word) {
        var text = form.requiredText(field, LONGEST_NAME);
        var found = Arrays.stream(values)
                .filter(value -> word.apply(value).equals(text))
                .findFirst();
        if (found.isEmpty() && !text.isEmpty()) {
            form.fault(
                    field,
                    form.at(field) + " is " + Form.shorten(text) + "; it must be one of "
                            + String.join(", ", Arrays.stream(values).map(word).toList()));
        }
        return found;
    }

    /// As it was asked for; what restricts nothing is left out.
    static ObjectNode shown(NoticeFilter filter) {
        var node = Json.object();
        texts(node, "events", filter.events());
        texts(node, "reservation", filter.reservation());
        texts(node, "lease", filter.lease());
        texts(node, "object", filter.object());
        filter.project().ifPresent(project -> node.put("project", project));
        filter.zone().ifPresent(zone -> node.put("zone", zone));
        filter.threshold()
                .ifPresent(threshold -> node.putObject("threshold")
                        .put("type", ABSOLUTE)
                        .put("dimension", threshold.dimension())
                        .put("capacityInfo", threshold.capacityInfo().word())
                        .put("condition", threshold.condition().word())
                        .put("value", threshold.value()));
        return node;
    }

    private static void texts(ObjectNode node, String field, List<?> values) {
        if (!values.isEmpty()) {
            var list = node.putArray(field);
            values.forEach(value -> list.add(value.toString()));
        }
    }
}
