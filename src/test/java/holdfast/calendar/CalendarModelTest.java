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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
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
    static final List<String> DIMENSIONS = List.of("core", "ram");
    private static final String BOOK = "broker";

    private static final TestDatabase db = TestDatabase.fresh();

    private final Calendar calendar = new Calendar(Duration.ofHours(HOURS));

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
    }

    @Property(tries = 150, shrinking = ShrinkingMode.BOUNDED)
    void the_calendar_says_what_the_naive_one_says(
            @ForAll("stories") List<Event> story, @ForAll("windows") Interval window) {
        db.empty();
        var naive = new NaiveCalendar();
        for (var event : story) {
            assertThat(tell(event)).as("%s after %s", event, naive).isEqualTo(naive.tell(event));
            List<Violation> audited = answer(calendar::audit);
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
        naive.holders()
                .forEach(holder -> assertThat(Set.copyOf(answer(tx -> calendar.held(tx, BOOK, holder))))
                        .isEqualTo(naive.held(holder)));
        assertThat(violatedHours()).isEqualTo(naive.violatedHours());
    }

    @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
    void what_is_named_as_the_earliest_start_is_accepted_and_nothing_earlier_is(
            @ForAll("stories") List<Event> story, @ForAll("bookings") Booking wanted) {
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
                        Tuple.of(2, release))
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
        return Combinators.combine(holder, Arbitraries.of(PLACES), windows(), amounts(0, 5), units)
                .as((who, where, when, amount, devices) -> new Booking(BOOK, who, where, when, amount, devices));
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
        };
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
