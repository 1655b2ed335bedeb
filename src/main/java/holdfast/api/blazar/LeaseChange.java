package holdfast.api.blazar;

import holdfast.broker.ItemChange;
import holdfast.broker.Reservation;
import holdfast.broker.Reservation.Part;
import holdfast.broker.ReservationChange;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.Placement;
import holdfast.core.Interval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/// Reads the change of a lease (promise.md 5.4). What is not named stays; `{}` changes nothing.
///
/// @param items reads the changes of reservations
/// @param old as it is
/// @param said of it so far
/// @param standard as in [LeaseIn]
record LeaseChange(
        ReservationChangeIn items,
        Reservation old,
        Said said,
        LeaseStatus status,
        Instant now,
        LeaseIn.Warning standard) {
    /// A change in our words, and what is then remembered of how the lease was said.
    record Asked(ReservationChange change, Said said) {}

    /// @throws BlazarProblem 400, or 409 for what cannot change any more
    Asked read(Fields body) {
        var name = body.text("name").map(LeaseIn::name);
        var start = date(body, "start_date", old.when().from());
        var end = date(body, "end_date", old.when().until());
        var warning = body.text("before_end_date").filter(text -> !text.isEmpty());
        var reservations = LeaseIn.list(body, "reservations");
        var named = new ReservationChange(
                name, start, end, Optional.empty(), Optional.empty(), Optional.empty(), List.of());
        if (start.isEmpty() && end.isEmpty() && warning.isEmpty() && reservations.isEmpty()) {
            return new Asked(named, said);
        }
        onlyName();
        var term = term(start, end);
        if (!term.equals(old.when())) {
            noFlavor();
        }
        var warnAt = warning.isEmpty() && term.until().equals(old.when().until())
                ? Optional.<Instant>empty()
                : warning.map(text -> LeaseIn.inside(Dates.read(text, now), term))
                        .or(() -> Optional.of(standard.of(term).orElse(Instant.MAX)));
        var words = new HashMap<>(said.reservations());
        var changes = new ArrayList<ItemChange>();
        for (var node : reservations) {
            var fields = Fields.of(node, "a reservation");
            var part = part(fields);
            var asked = items.read(
                    fields, part, Optional.ofNullable(words.get(part.item().id())));
            asked.said().ifPresent(word -> words.put(part.item().id(), word));
            asked.change().ifPresent(change -> {
                onlyGrows(part, change);
                changes.add(change);
            });
        }
        return new Asked(warnAt.map(named::warning).orElse(named).of(changes), said.of(words));
    }

    /// A date that is another than the one that it has: to the minute, as all dates are told here.
    private Optional<Instant> date(Fields body, String name, Instant before) {
        return body.text(name).map(text -> Dates.read(text, now)).filter(date -> !date.equals(Dates.minute(before)));
    }

    private void onlyName() {
        if (status == LeaseStatus.TERMINATED) {
            throw BlazarProblem.clash("the lease is over; only its name can change");
        }
        if (!status.isChangeable()) {
            throw BlazarProblem.clash("Lease is " + status + " and cannot be changed now");
        }
    }

    /// @throws BlazarProblem 400, in the order in which Blazar looks
    private Interval term(Optional<Instant> start, Optional<Instant> end) {
        boolean started = !old.when().from().isAfter(now);
        if (start.isPresent() && started) {
            throw BlazarProblem.malformed("Cannot modify the start date of already started leases");
        }
        if (start.filter(at -> at.isBefore(Dates.minute(now))).isPresent()) {
            throw BlazarProblem.malformed("Start date must be later than current date.");
        }
        if (end.filter(at -> at.isBefore(Dates.minute(now))).isPresent()) {
            throw BlazarProblem.malformed("End date must be later than current date.");
        }
        var from = start.orElse(old.when().from());
        var until = end.orElse(old.when().until());
        if (started && end.isPresent() && !until.isAfter(from)) {
            return old.when(); // ended in the minute in which it began: the broker says whether that can be
        }
        if (!until.isAfter(from)) {
            throw BlazarProblem.malformed("End date must be later than start date.");
        }
        return new Interval(from, until);
    }

    /// What has begun may gain and never lose (promise.md 5.4); the other interfaces are not so strict.
    private void onlyGrows(Part part, ItemChange change) {
        if (old.when().from().isAfter(now)) {
            return;
        }
        long has = part.placement().stream().mapToLong(Placement::slots).sum();
        if (change.max().filter(most -> most < has).isPresent()) {
            throw BlazarProblem.clash(
                    part.item().need() instanceof Need.Hosts
                            ? "it has " + has + " hosts and has started; it may gain hosts and not lose one"
                            : "it has started; its amount may grow, all else stays");
        }
    }

    private void noFlavor() {
        if (said.reservations().values().stream().anyMatch(word -> word.type() == Kind.FLAVOR)) {
            throw ReservationChangeIn.fixed();
        }
    }

    private Part part(Fields fields) {
        var text = fields.needText("id");
        var id = Ids.read(text);
        return old.items().stream()
                .filter(part -> id.filter(part.item().id()::equals).isPresent())
                .findFirst()
                .orElseThrow(() -> BlazarProblem.malformed("the lease has no reservation of that id"));
    }
}
