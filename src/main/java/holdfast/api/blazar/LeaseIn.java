package holdfast.api.blazar;

import holdfast.broker.ReservationRequest;
import holdfast.broker.choice.Ask;
import holdfast.broker.choice.Item;
import holdfast.core.Interval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// Reads the request for a lease (promise.md 5.4).
///
/// @param ids for reservations
/// @param standard for one that does not say itself when it is warned of its end
record LeaseIn(ReservationIn reservations, Instant now, Supplier<UUID> ids, Warning standard) {
    static final String NOTIFICATION = "notification";
    private static final int NAME = 255;
    private static final int RESERVATIONS = 64;

    /// When a lease of that term is warned of its end; never, if operators want it so.
    interface Warning {
        Optional<Instant> of(Interval when);
    }

    /// A request in our words, and what is remembered of how it was said.
    record Asked(ReservationRequest request, Said said) {}

    /// @throws BlazarProblem 400
    Asked read(Fields body) {
        var name = name(body.needText("name"));
        var start = Dates.read(body.needText("start_date"), now);
        var end = Dates.read(body.needText("end_date"), now);
        if (start.isBefore(Dates.minute(now))) {
            throw BlazarProblem.malformed("Start date must be later than current date.");
        }
        if (!end.isAfter(start)) {
            throw BlazarProblem.malformed("End date must be later than start date.");
        }
        var when = new Interval(start, end);
        var warnAt = warning(body, when);
        var reminders = reminders(body, when);
        var items = new ArrayList<Item>();
        var said = new HashMap<UUID, Said.OfReservation>();
        for (var node : list(body, "reservations")) {
            var asked = reservations.read(ids.get(), Fields.of(node, "a reservation"));
            items.add(asked.item());
            said.put(asked.item().id(), asked.said());
        }
        var request = new ReservationRequest(
                name,
                when,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                warnAt,
                ReservationRequest.ORDINARY,
                false,
                Ask.Prefer.TIGHTEST,
                items);
        return new Asked(request, new Said(true, said, reminders));
    }

    static String name(String name) {
        if (name.isEmpty() || name.length() > NAME) {
            throw BlazarProblem.malformed("name must be a text of 1 to " + NAME + " characters");
        }
        return name;
    }

    private Optional<Instant> warning(Fields body, Interval when) {
        return body.text("before_end_date")
                .filter(text -> !text.isEmpty())
                .map(text -> inside(Dates.read(text, now), when))
                .or(() -> standard.of(when));
    }

    /// @throws BlazarProblem 400 if it is not strictly inside
    static Instant inside(Instant warning, Interval when) {
        if (!warning.isAfter(when.from()) || !warning.isBefore(when.until())) {
            throw BlazarProblem.malformed("before_end_date must lie between start_date and end_date");
        }
        return warning;
    }

    /// Times at which the project is told; start, end and the warning have their own events.
    private List<Instant> reminders(Fields body, Interval when) {
        var reminders = new TreeSet<Instant>();
        for (var node : list(body, "events")) {
            var event = Fields.of(node, "an event");
            if (!event.needText("event_type").equals(NOTIFICATION)) {
                throw BlazarProblem.malformed("event_type must be " + NOTIFICATION
                        + "; start, end and before_end_date of a lease have events of their own");
            }
            var at = Dates.read(event.needText("event_date"), now);
            if (at.isBefore(Dates.minute(now)) || at.isAfter(when.until())) {
                throw BlazarProblem.malformed("event_date must lie between now and end_date");
            }
            reminders.add(at);
        }
        return List.copyOf(reminders);
    }

    /// A list that may be missing.
    static List<JsonNode> list(Fields body, String name) {
        var found = body.node().path(name);
        if (found.isMissingNode() || found.isNull()) {
            return List.of();
        }
        if (!found.isArray() || found.size() > RESERVATIONS) {
            throw BlazarProblem.malformed(name + " must be a list of at most " + RESERVATIONS + " objects");
        }
        return found.valueStream().toList();
    }
}
