package holdfast.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;

/// Random stories, told to the calendar and to [NaiveCalendar]: after each sentence both must say the same.
class CalendarModelTest {
    static final Instant START = Instant.parse("2030-01-07T00:00:00Z");
    static final int HOURS = 24;
    static final List<String> PLACES = List.of("a", "b");
    static final UUID HOLDER = new UUID(0, 1);
    static final List<String> DIMENSIONS = List.of("core", "ram");
    private static final String BOOK = "broker";

    private static final TestDatabase db = TestDatabase.fresh();

    private final Calendar calendar = new Calendar(Duration.ofHours(HOURS));
    private final Entries entries = new Entries(calendar);

    @AfterContainer
    static void close() {
        db.close();
    }

    /// What may happen to a calendar.
    sealed interface Event {
        record SetTotal(String place, Capacities total, int from) implements Event {}

        record ChangeTotal(String place, Interval when, Capacities change) implements Event {}

        record Book(Booking booking) implements Event {}

        record Modify(Booking booking) implements Event {}

        record Extend(UUID holder, Interval when) implements Event {}

        record Release(UUID holder, int at) implements Event {}

        /// All that the holder has from now on: the steps of a demand.
        record Replace(UUID holder, List<Booking> bookings) implements Event {}

        /// Two holders change places.
        record Swap(UUID one, UUID other) implements Event {}

        record AddEntry(Entry entry) implements Event {}

        record Decrease(Entry entry, boolean force) implements Event {}

        record RemoveEntry(UUID id, int at) implements Event {}
    }

    @Property(tries = 150, shrinking = ShrinkingMode.BOUNDED)
    void the_calendar_says_what_the_naive_one_says(
            @ForAll("stories") List<Event> story, @ForAll("windows") Interval window) {
        db.empty();
        var naive = new NaiveCalendar();
        for (var event : story) {
            assertThat(tell(event)).as("%s after %s", event, naive).isEqualTo(naive.tell(event));
            List<Violation> audited = answer(calendar::audit);
            var one = answer(tx -> calendar.audit(tx, BOOK, Optional.empty(), 1));
            var rest = answer(tx -> calendar.audit(tx, BOOK, one.next(), 2));
            assertThat(rest.next()).isEmpty();
            assertThat(Stream.of(one, rest).flatMap(round -> round.violations().stream()))
                    .isEqualTo(audited);
            List<Violation> violations = answer(tx -> calendar.violations(tx, BOOK, START));
            assertThat(violations).as("violations after %s", event).containsExactlyInAnyOrderElementsOf(audited);
        }
        var usages = answer(tx -> calendar.usage(tx, BOOK, window));
        var frees = answer(tx -> calendar.profiles(tx, BOOK, PLACES, window, Quantity.FREE));
        for (var usage : usages.entrySet()) {
            var place = usage.getKey();
            var free = frees.get(place);
            assertThat(usage.getValue()).isEqualTo(naive.usage(place, window));
            assertThat(free.min(window)).isEqualTo(usage.getValue().free());
            for (int hour = hour(window.from()); hour < hour(window.until()); hour++) {
                for (var dimension : DIMENSIONS) {
                    assertThat(free.at(at(hour)).get(dimension)).isEqualTo(naive.free(place, dimension, hour));
                }
            }
        }
        for (int hour = 0; hour < HOURS; hour++) {
            int now = hour;
            var lent = answer(tx -> calendar.lent(tx, BOOK, PLACES, at(now)));
            for (var place : PLACES) {
                assertThat(lent.getOrDefault(place, Capacities.NONE)).isEqualTo(naive.lent(place, hour));
            }
        }
        for (var place : PLACES) {
            assertThat(Set.copyOf(answer(tx -> entries.list(tx, BOOK, List.of(place), window))))
                    .isEqualTo(naive.entries(place, window));
        }
        naive.holders()
                .forEach(holder -> assertThat(Set.copyOf(answer(tx -> calendar.held(tx, BOOK, holder))))
                        .isEqualTo(naive.held(holder)));
        assertThat(violatedHours()).isEqualTo(naive.violatedHours());
    }

    @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
    void what_is_named_as_the_earliest_start_is_accepted_and_nothing_earlier_is(
            @ForAll("stories") List<Event> story, @ForAll("firmBookings") Booking wanted) {
        db.empty();
        story.forEach(this::tell);
        for (var place : PLACES) {
            answer(tx ->
                    calendar.setTotal(tx, BOOK, place, new Capacities(Map.of("core", 5L, "ram", 5L)), at(HOURS / 2)));
        }
        var length = wanted.when().length();
        var candidates = PLACES.stream()
                .map(place -> new Candidate(
                        place, wanted.units().stream().map(Set::of).toList()))
                .toList();
        var found =
                answer(tx -> calendar.earliest(tx, BOOK, candidates, wanted.amount(), length, START, at(2 * HOURS)));
        int first =
                found instanceof Answer.Yes<Slot>(var slot) ? hour(slot.when().from()) : 2 * HOURS;
        var holder = new UUID(9, 9);
        for (int hour = 0; hour + length.toHours() <= 2 * HOURS && hour <= first; hour++) {
            var when = Interval.of(at(hour), length);
            var fitting = PLACES.stream()
                    .filter(place -> db.database().inTransaction(tx -> {
                        var fits = calendar.book(
                                        tx, new Booking(BOOK, holder, place, when, wanted.amount(), wanted.units()))
                                instanceof Answer.Yes;
                        calendar.release(tx, BOOK, holder, START);
                        return fits;
                    }))
                    .findFirst();
            assertThat(fitting.isPresent())
                    .as("start at hour %d, named was %s", hour, found)
                    .isEqualTo(hour == first);
            if (found instanceof Answer.Yes<Slot>(var slot) && hour == first) {
                assertThat(slot.place()).isEqualTo(fitting.orElseThrow());
            }
        }
    }

    // -------------------------------------------------------------------------------------------------------------
    // events

    @Provide
    Arbitrary<List<Event>> stories() {
        var place = Arbitraries.of(PLACES);
        var holder = Arbitraries.integers().between(1, 6).map(number -> new UUID(0, number));
        Arbitrary<Event> set = Combinators.combine(
                        place, amounts(0, 9), Arbitraries.integers().between(0, HOURS - 1))
                .as(Event.SetTotal::new);
        Arbitrary<Event> change =
                Combinators.combine(place, windows(), amounts(-6, 4)).as(Event.ChangeTotal::new);
        Arbitrary<Event> book = bookings().map(Event.Book::new);
        Arbitrary<Event> modify = bookings().map(Event.Modify::new);
        Arbitrary<Event> extend = Combinators.combine(holder, windows()).as(Event.Extend::new);
        Arbitrary<Event> replace = bookings()
                .list()
                .ofMaxSize(4)
                .map(steps -> new Event.Replace(
                        HOLDER, steps.stream().map(step -> of(HOLDER, step)).toList()));
        Arbitrary<Event> swap = Combinators.combine(holder, holder)
                .filter((one, other) -> !one.equals(other))
                .as(Event.Swap::new);
        Arbitrary<Event> add = entries(-6, 4).map(Event.AddEntry::new);
        Arbitrary<Event> decrease = Combinators.combine(entries(-6, -1), Arbitraries.of(true, false))
                .as(Event.Decrease::new);
        Arbitrary<Event> remove = Combinators.combine(
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(0, HOURS))
                .as((id, at) -> new Event.RemoveEntry(new UUID(1, id), at));
        Arbitrary<Event> release = Combinators.combine(
                        holder, Arbitraries.integers().between(0, HOURS))
                .as(Event.Release::new);
        var start = PLACES.stream()
                .<Event>map(each -> new Event.SetTotal(each, new Capacities(Map.of("core", 8L, "ram", 8L)), 0))
                .toList();
        return Arbitraries.frequencyOf(
                        Tuple.of(1, set),
                        Tuple.of(1, change),
                        Tuple.of(8, book),
                        Tuple.of(3, modify),
                        Tuple.of(3, extend),
                        Tuple.of(2, release),
                        Tuple.of(3, replace),
                        Tuple.of(2, swap),
                        Tuple.of(1, add),
                        Tuple.of(1, decrease),
                        Tuple.of(1, remove))
                .list()
                .ofMinSize(1)
                .ofMaxSize(40)
                .map(events -> {
                    var story = new ArrayList<>(start);
                    story.addAll(events);
                    return story;
                });
    }

    @Provide
    Arbitrary<Booking> bookings() {
        var holder = Arbitraries.integers().between(1, 6).map(number -> new UUID(0, number));
        var units = Arbitraries.of("gpu-0", "gpu-1", "gpu-2").set().ofMaxSize(2);
        var firm = Arbitraries.of(true, true, false);
        return Combinators.combine(holder, Arbitraries.of(PLACES), windows(), amounts(0, 5), units, firm)
                .as((who, where, when, amount, devices, isFirm) -> isFirm
                        ? new Booking(BOOK, who, where, when, amount, devices)
                        : new Booking(BOOK, who, where, when, amount, Set.of()).lent());
    }

    private static Booking of(UUID holder, Booking booking) {
        return new Booking(
                booking.book(),
                holder,
                booking.place(),
                booking.when(),
                booking.amount(),
                booking.units(),
                booking.kind(),
                booking.firm());
    }

    private Arbitrary<Entry> entries(int least, int most) {
        var id = Arbitraries.integers().between(0, 3).map(number -> new UUID(1, number));
        return Combinators.combine(id, Arbitraries.of(PLACES), windows(), amounts(least, most))
                .filter((_, _, _, change) -> !change.nothing())
                .as((number, place, when, change) -> new Entry(
                        number, BOOK, place, when, change, Entry.Origin.DECLARED, "source", "project", false, START));
    }

    @Provide
    Arbitrary<Booking> firmBookings() {
        return bookings().filter(Booking::firm);
    }

    @Provide
    Arbitrary<Interval> windows() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, HOURS - 1),
                        Arbitraries.integers().between(1, 12))
                .as((from, length) -> new Interval(at(from), at(Math.min(HOURS, from + length))));
    }

    private static Arbitrary<Capacities> amounts(int least, int most) {
        var amount = Arbitraries.longs().between(least, most);
        return Combinators.combine(amount, amount).as((core, ram) -> new Capacities(Map.of("core", core, "ram", ram)));
    }

    // --------------------------------------------------------------------------------------------------------------
    // telling

    private boolean tell(Event event) {
        return switch (event) {
            case Event.SetTotal(var place, var total, var from) -> {
                answer(tx -> calendar.setTotal(tx, BOOK, place, total, at(from)));
                yield true;
            }
            case Event.ChangeTotal(var place, var when, var change) ->
                answer(tx -> calendar.changeTotal(tx, BOOK, place, when, change)) instanceof Answer.Yes;
            case Event.Book(var booking) -> answer(tx -> calendar.book(tx, booking)) instanceof Answer.Yes;
            case Event.Modify(var booking) -> answer(tx -> calendar.modify(tx, booking)) instanceof Answer.Yes;
            case Event.Extend(var holder, var when) ->
                answer(tx -> calendar.extend(tx, BOOK, holder, when)) instanceof Answer.Yes;
            case Event.Release(var holder, var at) -> answer(tx -> calendar.release(tx, BOOK, holder, at(at))) > 0;
            case Event.Replace(var holder, var bookings) ->
                answer(tx -> calendar.replace(tx, BOOK, holder, bookings)) instanceof Answer.Yes;
            case Event.Swap(var one, var other) ->
                answer(tx -> calendar.moveAll(
                                tx,
                                Stream.of(one, other)
                                        .map(holder -> new Move(BOOK, holder, swapped(calendar.held(tx, BOOK, holder))))
                                        .toList()))
                        instanceof Answer.Yes;
            case Event.AddEntry(var entry) -> answer(tx -> entries.add(tx, entry)) instanceof Answer.Yes;
            case Event.Decrease(var entry, var force) ->
                answer(tx -> entries.decrease(tx, entry, force)).orThrow().taken();
            case Event.RemoveEntry(var id, var at) ->
                answer(tx -> entries.remove(tx, id, at(at))) instanceof Answer.Yes;
        };
    }

    /// The same at the other place; what would be two of one place and time is one.
    static List<Booking> swapped(Collection<Booking> bookings) {
        var keys = new HashSet<String>();
        return bookings.stream()
                .map(booking -> new Booking(
                        BOOK,
                        booking.holder(),
                        booking.place().equals("a") ? "b" : "a",
                        booking.when(),
                        booking.amount(),
                        booking.units(),
                        booking.kind(),
                        booking.firm()))
                .sorted(Comparator.comparing(Booking::toString))
                .filter(booking -> keys.add(booking.place() + booking.when()))
                .toList();
    }

    private Set<String> violatedHours() {
        var hours = new TreeSet<String>();
        for (var violation : answer(tx -> calendar.violations(tx, BOOK, START))) {
            switch (violation) {
                case Violation.Overbooked(var book, var place, var dimension, var when, var missing, var holders) -> {
                    assertThat(book).isEqualTo(BOOK);
                    for (int hour = hour(when.from()); hour < HOURS && at(hour).isBefore(when.until()); hour++) {
                        hours.add(place + " " + dimension + " " + hour + " " + missing + " " + holders);
                    }
                }
                case Violation.UnitTwice twice -> throw new AssertionError(twice);
            }
        }
        return hours;
    }

    private static <R> R answer(Function<Tx, R> work) {
        return db.database().inTransaction(work);
    }

    static Instant at(int hour) {
        return START.plus(Duration.ofHours(hour));
    }

    static int hour(Instant instant) {
        return (int) Duration.between(START, instant).toHours();
    }
}
