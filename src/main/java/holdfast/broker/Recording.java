package holdfast.broker;

import holdfast.broker.Admission.Admitted;
import holdfast.broker.Course.News;
import holdfast.broker.Reservation.Part;
import holdfast.broker.choice.Ask;
import holdfast.core.Caller;
import holdfast.core.Capacities;
import holdfast.engine.Beginnings;
import holdfast.engine.Beginnings.Beginning;
import holdfast.engine.Beginnings.Passage;
import holdfast.engine.Engine;
import holdfast.engine.Processes;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// Writes reservations down whose capacity is booked: any number of them with the same few statements.
final class Recording {
    private final String broker;
    private final Platform platform;
    private final Resources resources;
    private final Beginnings beginnings;
    private final Items items;
    private final Holds holds;
    private final Taking taking;
    private final Policies policies;
    private final Timers timers;
    private final Life life;

    Recording(
            String broker,
            Platform platform,
            Engine engine,
            Items items,
            Holds holds,
            Taking taking,
            Policies policies,
            Timers timers,
            Life life) {
        this.broker = broker;
        this.platform = platform;
        this.resources = engine.resources();
        this.beginnings = engine.beginnings();
        this.items = items;
        this.holds = holds;
        this.taking = taking;
        this.policies = policies;
        this.timers = timers;
        this.life = life;
    }

    /// A request that was granted, when that was decided, and what the reservation will be called.
    record Granted(UUID id, Caller caller, ReservationRequest request, Admitted admitted, Instant at) {}

    /// Their bookings are written.
    ///
    /// @return the reservations, in their order
    List<Resource> write(Tx tx, List<Granted> all) {
        var drafts = all.stream().map(granted -> draft(tx, granted)).toList();
        var made = beginnings.store(tx, drafts.stream().map(Draft::beginning).toList());
        var rows = drafts.stream().flatMap(Draft::rows).toList();
        if (!rows.isEmpty()) {
            items.insert(tx, rows);
        }
        var begun = new ArrayList<Resource>();
        for (int i = 0; i < made.size(); i++) {
            begun.add(begun(tx, made.get(i), drafts.get(i).reservation));
        }
        return begun;
    }

    /// A reservation as it will be, and what is written of it.
    record Draft(Reservation reservation, Beginning beginning) {
        private Stream<Items.Row> rows() {
            return reservation.items().stream()
                    .map(part -> Items.Row.of(
                            part.item().id(),
                            beginning.resource(),
                            reservation.when(),
                            !reservation.pinned() && part.hold().isEmpty()));
        }
    }

    /// Its providers are asked to keep it; what begins now has begun.
    private Resource begun(Tx tx, Resource made, Reservation reservation) {
        return switch (Course.of(made.state())) {
            case INITIALIZED -> {
                holds.ask(tx, made);
                yield taking.goOn(tx, made);
            }
            case RESERVED ->
                reservation.hasBegun(platform.now())
                        ? life.to(tx, made, News.BEGUN, reservation.user()).orElseThrow()
                        : made;
            default -> made;
        };
    }

    /// Nothing is written. Where no provider has to be asked to keep it, it is reserved.
    Draft draft(Tx tx, Granted granted) {
        var reservation = reservation(tx, granted);
        var who = granted.caller().user();
        var first = granted.request().offer().isPresent() ? Course.HELD : Course.INITIALIZED;
        var fresh = resources.fresh(
                granted.id(),
                Reservations.TYPE,
                broker,
                Optional.empty(),
                granted.request().name(),
                first.word(),
                granted.caller().project(),
                reservation);
        var passages = new ArrayList<>(List.of(new Passage(first.word(), who, "asked for")));
        if (first == Course.HELD || reservation.hasHolds()) {
            return new Draft(reservation, new Beginning(fresh, passages, List.of(), timers.due(fresh, reservation)));
        }
        var reserved = fresh.withState(Course.RESERVED.word(), Optional.empty()).nextVersion(fresh.created());
        passages.add(new Passage(Course.RESERVED.word(), who, News.KEPT.name()));
        var notice = life.notice(reserved, reservation, Course.RESERVED.word(), Json.object());
        var due =
                reservation.hasBegun(platform.now()) ? List.<Processes.Request>of() : timers.due(reserved, reservation);
        return new Draft(reservation, new Beginning(reserved, passages, List.of(notice), due));
    }

    private Reservation reservation(Tx tx, Granted granted) {
        var request = granted.request();
        var ask = granted.admitted().ask();
        var grant = granted.admitted().grant();
        var parts = ask.items().stream()
                .map(item -> holds.needed(
                        tx, new Part(item, grant.placements().getOrDefault(item.id(), List.of()), Optional.empty())))
                .toList();
        return new Reservation(
                granted.caller().user(),
                ask.when(),
                request.flexible(),
                request.expiry().or(() -> validity(granted, parts)),
                request.offer().map(granted.at()::plus),
                request.warnAt().or(() -> warning(ask)),
                request.priority(),
                request.pinned(),
                false,
                false,
                parts,
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                Capacities.NONE,
                Optional.empty());
    }

    /// One whose servers are to be kept is warned of its end.
    private Optional<Instant> warning(Ask ask) {
        boolean keeps = ask.items().stream().anyMatch(item -> policies.keepsServers(item.beforeEnd()));
        return keeps ? policies.warning(ask.when()) : Optional.empty();
    }

    private Optional<Instant> validity(Granted granted, List<Part> parts) {
        boolean seen = parts.stream().allMatch(part -> part.hold().isEmpty());
        return Optional.of(policies.validity())
                .filter(length -> granted.request().lapses() && seen && length.isPositive())
                .map(granted.at()::plus)
                .filter(granted.admitted().ask().when()::contains);
    }
}
