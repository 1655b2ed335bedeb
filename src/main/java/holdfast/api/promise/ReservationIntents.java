package holdfast.api.promise;

import holdfast.api.AskedBefore;
import holdfast.api.Patience;
import holdfast.api.promise.Intent.Asked;
import holdfast.broker.Directory;
import holdfast.broker.Instead;
import holdfast.broker.Reservation;
import holdfast.broker.ReservationRequest;
import holdfast.broker.Reservations;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.Placement;
import holdfast.broker.choice.Step;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Reservations and offers: asked for, taken, given up, queried (promise.md 4.2, 5.1).
final class ReservationIntents {
    static final String ID = "reservation-id";
    private static final String OFFER = "offer-id";
    private static final String WAITING = "initialized";
    private static final Set<String> REFUSED = Set.of("rejected", "failed");
    private static final List<String> SHORT = List.of("deficit", "alternatives");
    private static final int MOST = 1_000;

    private final Parts parts;
    private final Reservations reservations;

    ReservationIntents(Parts parts) {
        this.parts = parts;
        this.reservations = parts.broker().reservations();
    }

    List<Intent> all() {
        return List.of(
                Intent.changing(
                        "create-reservation",
                        "Reserves capacity for a time, all of it or nothing.",
                        ReservationWish.FIELDS,
                        with(SHORT, ID, "status", "start", "end", "expiry", "placement"),
                        asked -> create(asked, false)),
                Intent.changing(
                        "request-offer",
                        "Holds capacity for a short time (ttl, in seconds), until the offer is accepted.",
                        with(ReservationWish.FIELDS, "ttl"),
                        with(SHORT, OFFER, "expires"),
                        asked -> create(asked, true)),
                Intent.changing(
                        "accept-offer",
                        "Makes a reservation of an offer.",
                        List.of(OFFER),
                        List.of(ID, "status", "start", "end", "expiry"),
                        this::accept),
                Intent.changing(
                        "activate-reservation",
                        "Begins a reservation whose start was not known.",
                        List.of(ID),
                        List.of(ID, "status", "start", "end", "expiry"),
                        this::activate),
                Intent.changing(
                        "cancel-reservation",
                        "Gives a reservation up.",
                        List.of(ID),
                        List.of(ID, "status"),
                        this::cancel),
                Intent.reading(
                        "query-reservation",
                        "Which reservations there are in a window, and what they have together over time.",
                        List.of("zone", "window", "without", "show-utilization", "elements"),
                        List.of("reservations", "utilization"),
                        this::query),
                Intent.reading(
                        "list-reservations",
                        "The reservations that are not over.",
                        List.of(),
                        List.of("reservations"),
                        this::list));
    }

    private static List<String> with(List<String> some, String... more) {
        return Stream.concat(Stream.of(more), some.stream()).toList();
    }

    private ObjectNode create(Asked asked, boolean offer) {
        var before = parts.before(asked.caller(), asked.http(), offer ? "offer" : "reservation", asked.body());
        return before.before(parts.database(), parts.resources()::find)
                .map(made -> made(asked, made.orThrow(), offer))
                .orElseGet(() -> create(asked, offer, before));
    }

    private ObjectNode create(Asked asked, boolean offer, AskedBefore before) {
        var request = parts.in(tx -> parts.wishes(tx).read(asked.fields(), offer));
        var made = before.once(
                parts.database(),
                remembering -> parts.desk().reserve(asked.caller(), request, (tx, resource) -> {
                    remembering.accept(tx, resource.id());
                    parts.opened(tx, resource, asked.caller());
                }),
                parts.resources()::find);
        return switch (made) {
            case Answer.No<Resource>(var why) -> refused(asked, request, why);
            case Answer.Yes<Resource>(var resource) -> made(asked, resource, offer);
        };
    }

    private ObjectNode made(Asked asked, Resource made, boolean offer) {
        var settled = settled(asked, made.id());
        return offer ? offered(settled) : told(settled);
    }

    /// The reservation when its providers have agreed, or as it is when the patience is over.
    private Resource settled(Asked asked, UUID id) {
        return parts.patience()
                .await(
                        asked.caller(),
                        id,
                        Patience.of(asked.http()),
                        resource -> !resource.state().equals(WAITING));
    }

    private static ObjectNode offered(Resource resource) {
        return Told.ok("held until it is accepted or expires")
                .put(OFFER, resource.id().toString())
                .put(
                        "expires",
                        resource.as(Reservation.class)
                                .goodUntil()
                                .map(Object::toString)
                                .orElse(null));
    }

    private static ObjectNode told(Resource resource) {
        var told = REFUSED.contains(resource.state())
                ? Told.refused(resource.as(Reservation.class)
                        .refusal()
                        .orElseGet(() -> Refusal.broken("a provider does not keep it")))
                : Told.ok(
                        resource.state().equals(WAITING)
                                ? "providers are still to agree; query it, or hear of it"
                                : "reserved");
        return about(told, resource);
    }

    /// With what an answer says of the reservation that it is about.
    static ObjectNode about(ObjectNode told, Resource resource) {
        var reservation = resource.as(Reservation.class);
        var when = reservation.when();
        told.put(ID, resource.id().toString())
                .put("status", ReservationView.status(resource))
                .put("start", when.from().toString())
                .put("end", when.isBounded() ? when.until().toString() : null)
                .put("expiry", reservation.expiry().map(Object::toString).orElse(null));
        boolean loose =
                reservation.items().stream().anyMatch(part -> part.item().need() instanceof Need.Quantity);
        return loose ? told.put("placement", "none") : told;
    }

    /// With what could be had instead, in the words of a request.
    private ObjectNode refused(Asked asked, ReservationRequest request, Refusal why) {
        if (why.kind() == Refusal.Kind.NOT_YOURS) {
            throw ComplaintException.of(why);
        }
        var told = Told.refused(parts.inWords(why));
        var found = parts.desk().instead(asked.caller(), request, why);
        if (!found.isEmpty()) {
            var directory = parts.in(parts::directory);
            var alternatives = told.putObject("alternatives");
            found.forEach(one -> add(alternatives, request, one, directory));
        }
        return told;
    }

    private static void add(ObjectNode alternatives, ReservationRequest asked, Instead one, Directory directory) {
        switch (one.kind()) {
            case MAX -> alternatives.set("max", amounts(one.request()));
            case EARLIEST -> times(alternatives.putObject("earliest"), asked, one.request());
            case SHORTER -> times(alternatives.putObject("shorter"), asked, one.request());
            case ZONES -> {
                var zones = alternatives.withArray("zones");
                one.request().items().stream()
                        .flatMap(item -> item.zones().stream())
                        .map(directory::words)
                        .distinct()
                        .forEach(zone -> zones.addObject().put("zone", zone));
            }
        }
    }

    /// Those that are others than in the request.
    private static void times(ObjectNode told, ReservationRequest asked, ReservationRequest next) {
        next.flexible()
                .ifPresentOrElse(
                        window -> told.putObject("start")
                                .put("earliest", window.earliest().toString())
                                .put("latest", window.latest().toString()),
                        () -> told.put("start", next.when().from().toString()));
        told.put("end", next.when().until().toString());
        time(told, "expiry", asked.expiry(), next.expiry());
        time(told, "warn-at", asked.warnAt(), next.warnAt());
    }

    private static void time(ObjectNode told, String field, Optional<Instant> asked, Optional<Instant> next) {
        if (!next.equals(asked)) {
            told.put(field, next.map(Instant::toString).orElse(null));
        }
    }

    /// The vector, and how many of each flavor in the order of the request.
    private static ObjectNode amounts(ReservationRequest request) {
        var loose = new ArrayList<Step>();
        var counts = Json.mapper().createArrayNode();
        for (var item : request.items()) {
            switch (item.need()) {
                case Need.Quantity(var steps) -> loose.addAll(steps);
                case Need.Instances instances -> counts.addObject().put("count", instances.max());
                case Need.Hosts _, Need.Addresses _, Need.Elements _ -> {}
            }
        }
        var amounts = Keys.named(Shape.most(loose));
        return counts.isEmpty() ? amounts : amounts.set("instance", counts);
    }

    /// What a user does with a reservation.
    private interface Deed {
        Answer<Resource> to(Tx tx, UUID reservation, String user);
    }

    /// Does it with the reservation that a field names, and nothing else is said.
    private Resource done(Asked asked, String field, Deed deed) {
        var ref = asked.fields().ref(field);
        asked.fields().missing(field);
        asked.end();
        return parts.in(tx -> deed.to(
                        tx,
                        parts.mine()
                                .reservation(tx, asked.caller(), ref.orElseThrow())
                                .id(),
                        asked.caller().user()))
                .orThrow();
    }

    private ObjectNode accept(Asked asked) {
        return told(settled(asked, done(asked, OFFER, reservations::confirm).id()));
    }

    private ObjectNode cancel(Asked asked) {
        var given = done(asked, ID, reservations::cancel);
        return Told.ok("given up").put(ID, given.id().toString()).put("status", given.state());
    }

    private ObjectNode activate(Asked asked) {
        var begun = done(asked, ID, reservations::activate);
        return ReservationChanges.changed(parts, asked, begun, "activated");
    }

    private ObjectNode list(Asked asked) {
        asked.end();
        var told = Told.ok("reservations that are not over");
        var list = told.putArray("reservations");
        parts.in(tx -> parts.mine().present(tx, asked.caller(), Reservations.TYPE))
                .forEach(one -> list.add(one.id().toString()));
        return told;
    }

    private ObjectNode query(Asked asked) {
        var fields = asked.fields();
        var window = Window.read(fields, "window", parts.now());
        var zones = fields.texts("zone", MOST);
        var without = ids(fields, "without");
        boolean utilized = fields.flag("show-utilization").orElse(true);
        var some = new ArrayList<String>();
        var every = new ArrayList<String>();
        fields.object("elements").ifPresent(elements -> {
            some.addAll(elements.texts("some", MOST));
            every.addAll(elements.texts("every", MOST));
            elements.end();
        });
        asked.end();
        var told = Told.ok("reservations in the window");
        var list = told.putArray("reservations");
        var shapes = new ArrayList<List<Step>>();
        parts.in(tx -> {
            var directory = parts.directory(tx);
            var places = zones.stream()
                    .flatMap(zone -> directory.zones(zone).stream())
                    .toList();
            for (var one : parts.mine().present(tx, asked.caller(), Reservations.TYPE)) {
                var reservation = one.as(Reservation.class);
                if (window.matches(reservation.when())
                        && !without.contains(one.id())
                        && (zones.isEmpty() || isIn(reservation, places))
                        && has(reservation, Elements.words(some, directory), Elements.words(every, directory))) {
                    list.add(one.id().toString());
                    shapes.add(Shape.of(reservation));
                }
            }
            return true;
        });
        return utilized ? told.set("utilization", window.utilization(shapes)) : told;
    }

    /// @param some of which it has one, unless there are none
    private static boolean has(Reservation reservation, List<String> some, List<String> every) {
        var elements = Elements.of(reservation);
        return elements.containsAll(every) && (some.isEmpty() || some.stream().anyMatch(elements::contains));
    }

    static Set<UUID> ids(Fields fields, String field) {
        var ids = new HashSet<UUID>();
        for (var text : fields.texts(field, MOST)) {
            Ref.of(text)
                    .id()
                    .ifPresentOrElse(
                            ids::add,
                            () -> fields.fault(field, "names '" + Fields.shorten(text) + "'; it must be an id"));
        }
        return ids;
    }

    /// Whether it was placed in one of these zones, or asked for one.
    private static boolean isIn(Reservation reservation, List<String> zones) {
        return reservation.items().stream()
                .flatMap(part -> Stream.concat(
                        part.item().zones().stream(), part.placement().stream().map(Placement::place)))
                .anyMatch(zones::contains);
    }
}
