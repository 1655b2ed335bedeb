package holdfast.api.promise;

import holdfast.api.promise.Intent.Asked;
import holdfast.broker.Allocation;
import holdfast.broker.Allocations;
import holdfast.broker.CapacityEntries.Outcome;
import holdfast.broker.CapacityEntries.Wish;
import holdfast.broker.CapacityMap.Course;
import holdfast.broker.CapacityMap.Standing;
import holdfast.broker.Directory.Where;
import holdfast.broker.Pool;
import holdfast.broker.Reservation;
import holdfast.broker.Reservations;
import holdfast.broker.choice.Quadruple;
import holdfast.calendar.Entry;
import holdfast.calendar.Entry.Origin;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.Resource;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What there is and how much of it is free; more or less of it for a time (promise.md 4.1, 5.1, 6.4).
final class CapacityIntents {
    private static final String POOL = "pool";
    private static final String SOURCE = "source";
    private static final String CHANGED = "change.";
    private static final int MOST_POOLS = 1_000;
    private static final int MOST = 1_000;
    /// How far a window without an end is looked at.
    private static final Duration AHEAD = Duration.ofDays(365);
    private static final long MOST_COUNT = 10_000;
    private static final List<String> CHANGE = List.of(SOURCE, "start", "end", "zone", "capacity", "elements", "force");

    /// The four figures, in Promise's words.
    enum Figure {
        TOTAL,
        RESERVED,
        USAGE,
        AVAILABLE;

        private Capacities of(Quadruple quadruple) {
            return switch (this) {
                case TOTAL -> quadruple.total();
                case RESERVED -> quadruple.reserved();
                case USAGE -> quadruple.allocated();
                case AVAILABLE -> quadruple.available();
            };
        }

        ObjectNode shown(Quadruple quadruple, Set<String> unlimited) {
            boolean limitless = this == TOTAL || this == AVAILABLE;
            return Keys.shown(of(quadruple), limitless ? unlimited : Set.of());
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Parts parts;

    CapacityIntents(Parts parts) {
        this.parts = parts;
    }

    List<Intent> all() {
        return List.of(
                Intent.reading(
                        "query-capacity",
                        "How much there is in a window: total, reserved, usage or available.",
                        List.of("capacity", "zone", "provider-id", "window", "without", "show-utilization", "elements"),
                        List.of("collections", "utilization", "figures"),
                        this::query),
                Intent.reading(
                        "query-flavor-capacity",
                        "How many instances of a flavor fit for all of a window.",
                        List.of("flavor", "window", "zone", "provider-id", "count"),
                        List.of("count", "earliest"),
                        this::flavor),
                Intent.changing(
                        "increase-capacity",
                        "Says that there is more of a provider for a time.",
                        CHANGE,
                        List.of("pool-id"),
                        asked -> change(asked, false)),
                Intent.changing(
                        "decrease-capacity",
                        "Says that there is less of a provider for a time; what hurts somebody needs force.",
                        CHANGE,
                        List.of("pool-id", "affected"),
                        asked -> change(asked, true)));
    }

    private static Where where(Fields fields) {
        return new Where(fields.ref("provider-id").map(Ref::name), fields.text("zone"));
    }

    /// The window with an end, and no longer than can be looked at.
    private static Interval bounded(Fields fields, Window window) {
        var end = window.when().from().plus(AHEAD);
        if (window.when().isBounded() && window.when().until().isAfter(end)) {
            fields.fault("window", "is longer than " + AHEAD.toDays() + " days; ask for less");
        }
        return new Interval(
                window.when().from(), window.when().isBounded() ? window.when().until() : end);
    }

    private ObjectNode query(Asked asked) {
        var fields = asked.fields();
        var figure = fields.word("capacity", Figure.class).orElse(Figure.AVAILABLE);
        var window = Window.read(fields, "window", parts.now());
        var when = bounded(fields, window);
        var where = where(fields);
        boolean utilized = fields.flag("show-utilization").orElse(true);
        for (var field : List.of("without", "elements")) {
            fields.any(field)
                    .filter(node -> !node.isEmpty())
                    .ifPresent(_ -> fields.fault(field, "cannot be told apart here; leave it out"));
        }
        asked.end();
        return parts.in(tx -> {
            var capacity = parts.broker().capacity();
            var whole = capacity.quadruple(tx, where, when).orThrow().whole();
            var told = Told.ok(figure.word() + " in the window");
            var list = told.putArray("collections");
            var counted = collections(tx, asked.caller(), figure, new Window(when, window.inclusive()));
            counted.keySet().forEach(list::add);
            if (utilized) {
                var course = capacity.profile(tx, where, when, window.inclusive(), Window.MOST)
                        .orThrow();
                points(told.putArray("utilization"), course, figure, counted.values());
            }
            told.set("figures", figures(whole));
            return told;
        });
    }

    /// One at the start, and one at each change of this figure.
    private static void points(ArrayNode points, Course course, Figure figure, Collection<Interval> counted) {
        var before = Json.object();
        for (var moment : course.moments()) {
            var at = moment.when().from();
            var now = Json.object();
            now.put("count", counted.stream().filter(span -> span.contains(at)).count());
            now.set("capacity", figure.shown(moment.quadruple(), course.unlimited()));
            if (!now.equals(before)) {
                points.addObject().put("timestamp", at.toString()).setAll(now);
            }
            before = now;
        }
    }

    /// All four, and what reservations have whether it is in use or not.
    static ObjectNode figures(Standing standing) {
        var node = Json.object();
        for (var figure : Figure.values()) {
            node.set(figure.word(), figure.shown(standing.quadruple(), standing.unlimited()));
        }
        return node.set("committed", Keys.shown(standing.quadruple().committed()));
    }

    /// What a figure is made of and the caller may see, with its time.
    private Map<String, Interval> collections(Tx tx, Caller caller, Figure figure, Window window) {
        var found = new LinkedHashMap<String, Interval>();
        var kinds = switch (figure) {
            case TOTAL -> Set.of(Ref.Kind.POOL);
            case RESERVED -> Set.of(Ref.Kind.RESERVATION);
            case USAGE -> Set.of(Ref.Kind.ALLOCATION);
            case AVAILABLE -> Set.of(Ref.Kind.POOL, Ref.Kind.RESERVATION, Ref.Kind.ALLOCATION);
        };
        if (kinds.contains(Ref.Kind.POOL)) {
            pools(tx).forEach(pool -> found.put(Ref.Kind.POOL.of(pool.id()), Interval.since(pool.created())));
        }
        if (kinds.contains(Ref.Kind.RESERVATION)) {
            parts.mine()
                    .present(tx, caller, Reservations.TYPE)
                    .forEach(one -> found.put(
                            Ref.Kind.RESERVATION.of(one.id()),
                            one.as(Reservation.class).when()));
        }
        if (kinds.contains(Ref.Kind.ALLOCATION)) {
            parts.mine()
                    .present(tx, caller, Allocations.TYPE)
                    .forEach(one -> found.put(
                            Ref.Kind.ALLOCATION.of(one.id()),
                            one.as(Allocation.class).when()));
        }
        found.values().removeIf(span -> !window.when().overlaps(span));
        found.entrySet()
                .removeIf(entry -> !entry.getKey().startsWith("ResourcePool") && !window.matches(entry.getValue()));
        return found;
    }

    private List<Resource> pools(Tx tx) {
        return parts.resources().ofType(tx, POOL, MOST_POOLS);
    }

    private ObjectNode flavor(Asked asked) {
        var fields = asked.fields();
        var when = bounded(fields, Window.read(fields, "window", parts.now()));
        var where = where(fields);
        long wanted = fields.whole("count", 1, MOST_COUNT).orElse(1L);
        return parts.in(tx -> {
            var account = where.provider().flatMap(parts.directory(tx)::account);
            var flavor = parts.wishes(tx).flavor(fields, "flavor", account);
            asked.end();
            var room = parts.broker()
                    .capacity()
                    .flavor(tx, where, flavor.orElseThrow(), when, wanted)
                    .orThrow();
            return Told.ok("instances that fit for all of the window")
                    .put("count", room.count())
                    .put("earliest", room.earliest().map(Instant::toString).orElse(null));
        });
    }

    private ObjectNode change(Asked asked, boolean less) {
        Parts.operate(asked.caller(), "change how much there is");
        var fields = asked.fields();
        var source = fields.ref(SOURCE);
        fields.missing(SOURCE);
        var start = fields.time("start").orElse(parts.now());
        var end = fields.time("end").orElse(Instant.MAX);
        if (!end.isAfter(start)) {
            fields.fault("end", "is " + end + "; it must be after start, " + start);
        }
        var zone = fields.text("zone");
        var amount = Keys.ours(fields.vector("capacity", 0));
        if (amount.nothing()) {
            fields.fault("capacity", "is missing, or all of it is zero; say how much, such as {\"cores\": 4}");
        }
        if (!fields.texts("elements", MOST).isEmpty()) {
            fields.fault("elements", "are found by looking at the provider; leave it out");
        }
        boolean force = fields.flag("force").orElse(false);
        asked.end();
        var entries = parts.broker().entries();
        var before = parts.before(asked.caller(), asked.http(), less ? "less" : "more", asked.body());
        var done = before.once(
                parts.database(),
                remembering -> parts.in(tx -> {
                    var pool = pool(tx, source.orElseThrow());
                    var wish = new Wish(
                            zone.or(() -> zone(tx, pool, source.orElseThrow())),
                            Optional.empty(),
                            new Interval(start, end),
                            Optional.of(less ? Capacities.NONE.minus(amount) : amount),
                            Origin.DECLARED,
                            asked.caller().user(),
                            force);
                    return entries.add(tx, asked.caller(), pool, wish).map(outcome -> {
                        if (outcome.taken()) {
                            remembering.accept(tx, outcome.entry().id());
                        }
                        return outcome;
                    });
                }),
                entries::before);
        return switch (done) {
            case Answer.Yes<Outcome>(var outcome) -> told(outcome);
            case Answer.No<Outcome>(var why) -> throw new RefusedException(inKeys(why));
        };
    }

    /// With the key of the request for the dimension that is at fault.
    private static Refusal inKeys(Refusal why) {
        return why.field()
                .filter(field -> field.startsWith(CHANGED))
                .map(field -> field.substring(CHANGED.length()))
                .map(dimension -> Refusal.malformed(
                        "capacity." + Keys.key(dimension),
                        why.message()
                                .replace(CHANGED + dimension, "capacity." + dimension)
                                .replace(dimension, Keys.key(dimension))))
                .orElse(why);
    }

    /// Of what more or less there is for a time: it is a pool of Promise's, too.
    private Stream<Entry> entries(Tx tx, Resource pool, Ref ref) {
        return ref.mayBe(Ref.Kind.POOL) && ref.id().isPresent()
                ? parts.broker().entries().list(tx, pool, Interval.since(parts.now())).stream()
                        .filter(entry -> ref.id().equals(Optional.of(entry.id())))
                : Stream.empty();
    }

    /// The zone in which it is more or less.
    private Optional<String> zone(Tx tx, Resource pool, Ref ref) {
        return entries(tx, pool, ref)
                .flatMap(entry -> parts.broker().entries().zone(tx, pool, entry.place()).stream())
                .findFirst();
    }

    /// A pool by its own id, or by the provider's id or name.
    private Resource pool(Tx tx, Ref ref) {
        return pools(tx).stream()
                .filter(one -> {
                    var sold = one.as(Pool.class);
                    return ref.mayBe(Ref.Kind.POOL) && one.id().toString().equals(ref.name())
                            || entries(tx, one, ref).findFirst().isPresent()
                            || ref.mayBe(Ref.Kind.PROVIDER)
                                    && (sold.provider().toString().equals(ref.name())
                                            || sold.name().equals(ref.name()));
                })
                .findFirst()
                .orElseThrow(() -> new RefusedException(Refusal.malformed(
                        SOURCE, SOURCE + " is " + Fields.shorten(ref.name()) + "; there is no such provider or pool")));
    }

    private static ObjectNode told(Outcome outcome) {
        var affected = new ArrayList<String>();
        outcome.hurt()
                .forEach(one ->
                        affected.add((one.type().equals(Allocations.TYPE) ? Ref.Kind.ALLOCATION : Ref.Kind.RESERVATION)
                                .of(one.id())));
        var told = outcome.taken()
                ? Told.ok("changed").put("pool-id", outcome.entry().id().toString())
                : Told.conflict("it would hurt " + affected.size()
                        + " who were promised capacity; with force they are hurt and told");
        if (!affected.isEmpty()) {
            var list = told.putArray("affected");
            affected.forEach(list::add);
        }
        return told;
    }
}
