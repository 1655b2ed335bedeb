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
        all.forEach(granted -> life.moved(tx, granted.admitted().grant()));
        var made = beginnings.store(tx, drafts);
        var rows = new ArrayList<Items.Row>();
        for (int i = 0; i < made.size(); i++) {
            rows.addAll(rows(made.get(i)));
        }
        if (!rows.isEmpty()) {
            items.insert(tx, rows);
        }
        return made.stream().map(resource -> begun(tx, resource)).toList();
    }

    private static List<Items.Row> rows(Resource made) {
        var reservation = made.as(Reservation.class);
        return reservation.items().stream()
                .map(part -> Items.Row.of(
                        part.item().id(),
                        made,
                        reservation.when(),
                        !reservation.pinned() && part.hold().isEmpty()))
                .toList();
    }

    /// Its providers are asked to keep it; what begins now has begun.
    private Resource begun(Tx tx, Resource made) {
        var reservation = made.as(Reservation.class);
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

    /// The reservation as it will be; nothing is written. Where no provider has to be asked to keep it, it is
    /// reserved.
    Beginning draft(Tx tx, Granted granted) {
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
            return new Beginning(fresh, passages, List.of(), timers.due(fresh));
        }
        var reserved = fresh.withState(Course.RESERVED.word(), Optional.empty()).nextVersion(fresh.created());
        passages.add(new Passage(Course.RESERVED.word(), who, News.KEPT.name()));
        var notice = life.notice(reserved, Course.RESERVED.word(), Json.object());
        boolean begins = reservation.hasBegun(platform.now());
        return new Beginning(reserved, passages, List.of(notice), begins ? List.of() : timers.due(reserved));
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
