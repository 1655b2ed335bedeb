package holdfast.calendar;

import static holdfast.core.Answer.no;
import static holdfast.core.Answer.yes;

import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// What is held when, in any number of books (one for each actor). Everything runs in the caller's transaction and is
/// true from its commit on; nothing here reads a clock.
///
/// Whatever writes takes the locks of its places in the order of their ids and keeps them until commit, so that a
/// caller which wants to look at several places and then book takes them first with [#lock]. Refusals are values and
/// leave nothing behind in the transaction. The database checks everything once more (`booking_fits`,
/// `booking_unit_alone`).
public final class Calendar {
    private final Duration searchAhead;
    private final Optional<Hot> hot;

    /// Looks 90 days beyond what was asked for when a refusal should name an earliest start; knows nothing by
    /// heart.
    public Calendar() {
        this(Duration.ofDays(90));
    }

    /// @param searchAhead how far beyond the end of what was asked for a refusal looks for the earliest start; zero
    ///     = it does not look
    public Calendar(Duration searchAhead) {
        this(searchAhead, Optional.empty());
    }

    /// @param hot the places that this server knows by heart: what is free of them need not be read
    public Calendar(Hot hot) {
        this(Duration.ofDays(90), Optional.of(hot));
    }

    private Calendar(Duration searchAhead, Optional<Hot> hot) {
        this.searchAhead = searchAhead;
        this.hot = hot;
    }

    Duration searchAhead() {
        return searchAhead;
    }

    // ---------------------------------------------------------------------------------------------------------------
    // places

    /// From `from` on the place has `total`, and nothing in dimensions that `total` does not name; totals planned
    /// for later by this method are dropped, changes by [#changeTotal] are still added. Makes the place if it is
    /// new. Repeating changes nothing.
    ///
    /// @return where more is now booked than there is, from `from` on; nothing booked is touched (fabric.md 7,
    ///     "reload of a smaller ARM")
    public List<Violation> setTotal(Tx tx, String book, String place, Capacities total, Instant from) {
        requireAmounts("total", total, 0);
        Totals.set(tx, book, place, total, Micros.sql(from));
        return Totals.overbooked(tx, book, new String[] {place}, from);
    }

    /// Adds `change` to the total for all of `when`: growth if positive, maintenance or failure if negative.
    /// Changes add up, so the opposite change cancels one, and each call counts. Where they sum up to less than
    /// nothing, the total is zero.
    ///
    /// @return where more is now booked than there is, from the start of `when` on. To refuse a reduction that
    ///     hurts, roll back.
    public Answer<List<Violation>> changeTotal(Tx tx, String book, String place, Interval when, Capacities change) {
        requireAmounts("change", change, -Booking.MOST);
        if (Micros.isEmpty(when)) {
            return no(Refusals.tooShort(when));
        }
        if (Bookings.lock(tx, book, List.of(place)).isEmpty()) {
            return no(Refusals.noSuchPlace(book, place));
        }
        Totals.change(tx, book, place, when, change);
        return yes(Totals.overbooked(tx, book, new String[] {place}, when.from()));
    }

    /// The place has what the steps say and nothing at any other time, whatever was said of it before: the inside
    /// of something that is booked elsewhere, which can be taken only once. Makes the place if it is new. Not for
    /// places that have entries ([Entries]): they would be forgotten.
    ///
    /// @param steps amounts that are not negative; where steps overlap they add up
    /// @return where more is now booked than there is, at any time
    public List<Violation> carve(Tx tx, String book, String place, List<Profile.Step> steps) {
        steps.forEach(step -> requireAmounts("step", step.amount(), 0));
        Totals.carve(tx, book, place, steps);
        return Totals.overbooked(tx, book, new String[] {place}, Instant.MIN);
    }

    /// Forgets a place and its bookings that ended by `now`; refuses while any lasts longer. What is not there is
    /// gone already.
    public Optional<Refusal> removePlace(Tx tx, String book, String place, Instant now) {
        Bookings.lock(tx, book, List.of(place));
        tx.sql()
                .execute(
                        "delete from booking where book = ? and place = ? and upper(during) <= ?::timestamptz",
                        book,
                        place,
                        Micros.sql(now));
        var last = tx.sql()
                .resultQuery(
                        "select count(*) as count, calendar_micros(max(upper(during))) as last from booking where book = ? and place = ?",
                        book,
                        place)
                .fetchSingle();
        long open = last.get("count", Long.class);
        if (open > 0) {
            return Optional.of(Refusals.inUse(place, open, Micros.instant(last.get("last", Long.class))));
        }
        tx.sql().execute("delete from place where book = ? and id = ?", book, place);
        return Optional.empty();
    }

    /// The places of a book, sorted.
    public List<String> places(Tx tx, String book) {
        return List.of(Views.all(tx, book));
    }

    /// Takes the locks of the places until the end of the transaction: what is free cannot change meanwhile but by
    /// ourselves.
    ///
    /// @return those places that exist
    public Set<String> lock(Tx tx, String book, Collection<String> places) {
        return Bookings.lock(tx, book, places);
    }

    // -------------------------------------------------------------------------------------------------------------
    // bookings

    /// Books, or says why not: [Refusal.Kind#NO_ROOM] with place, dimension, first instant and deficit (or the unit
    /// and how long it is held), and the earliest start of the same request. Told twice (same book, holder, place
    /// and time) is once; told otherwise the second time is a [Refusal.Kind#CLASH].
    public Answer<Booking> book(Tx tx, Booking booking) {
        return switch (bookAll(tx, List.of(booking))) {
            case Answer.Yes<List<Booking>>(var booked) -> yes(booked.getFirst());
            case Answer.No<List<Booking>>(var why) -> no(why);
        };
    }

    /// Books all or nothing. The bookings may be of several places and books; answers in the order asked.
    public Answer<List<Booking>> bookAll(Tx tx, List<Booking> bookings) {
        var empty = bookings.stream()
                .filter(booking -> Micros.isEmpty(booking.when()))
                .findFirst();
        if (empty.isPresent()) {
            return no(Refusals.tooShort(empty.get().when()));
        }
        if (bookings.size() > 1) {
            Changes.lockAll(tx, Changes.placesOf(bookings));
        }
        var written = new ArrayList<Long>();
        var booked = new ArrayList<Booking>();
        for (var booking : bookings) {
            var outcome = Bookings.insert(tx, booking);
            var refusal = switch (outcome) {
                case Bookings.Outcome.Written(var id) -> {
                    written.add(id);
                    booked.add(Changes.rounded(booking));
                    yield Optional.<Refusal>empty();
                }
                case Bookings.Outcome.There(var there) -> {
                    booked.add(there);
                    yield Refusals.differs(there, booking);
                }
                case Bookings.Outcome.Short(var shortage) ->
                    Optional.of(Refusals.noRoom(booking, shortage, Slots.earliest(tx, booking, searchAhead)));
                case Bookings.Outcome.UnitHeld(var unit, var when) ->
                    Optional.of(Refusals.unitHeld(booking, unit, when, Slots.earliest(tx, booking, searchAhead)));
                case Bookings.Outcome.UnitLost _ -> Optional.of(Refusals.unitLost(booking));
                case Bookings.Outcome.NoPlace _ -> Optional.of(Refusals.noSuchPlace(booking.book(), booking.place()));
            };
            if (refusal.isPresent()) {
                if (!written.isEmpty()) {
                    Bookings.delete(tx, written);
                }
                return no(refusal.get());
            }
        }
        return yes(booked);
    }

    /// Gives the holder's booking of this place new contents: time, amount and units may all change, in any
    /// direction, without the old booking counting against the new one. Where the place lost capacity, taking no
    /// more than before always works.
    public Answer<Booking> modify(Tx tx, Booking wanted) {
        if (Micros.isEmpty(wanted.when())) {
            return no(Refusals.tooShort(wanted.when()));
        }
        var rows = Changes.lockHeld(tx, wanted.book(), wanted.holder()).stream()
                .filter(row -> row.booking().place().equals(wanted.place()))
                .toList();
        if (rows.size() != 1) {
            return no(rows.isEmpty() ? Refusals.holdsNothing(wanted.holder()) : Refusals.ambiguous(wanted.holder()));
        }
        return Changes.rewrite(tx, rows, List.of(wanted)).map(List::getFirst);
    }

    /// Moves all bookings of the holder to `when`, whether longer, shorter or elsewhere in time; all or nothing.
    /// The holder's present bookings do not count against it, and must all be of one time.
    public Answer<List<Booking>> extend(Tx tx, String book, UUID holder, Interval when) {
        if (Micros.isEmpty(when)) {
            return no(Refusals.tooShort(when));
        }
        var rows = Changes.lockHeld(tx, book, holder);
        if (rows.isEmpty()) {
            return no(Refusals.holdsNothing(holder));
        }
        if (rows.stream().map(row -> row.booking().when()).distinct().count() > 1) {
            return no(Refusals.ambiguous(holder));
        }
        return Changes.rewrite(
                tx, rows, rows.stream().map(row -> row.booking().during(when)).toList());
    }

    /// From now on the holder has exactly these bookings in the book, whatever it had before; all or nothing. What
    /// it had does not count against what it gets. A demand in steps is several bookings of one place. Where a
    /// place lost capacity, taking no more than before at any instant always works.
    ///
    /// @return the bookings as asked for; [Refusal.Kind#MALFORMED] if two are of the same place and time
    public Answer<List<Booking>> replace(Tx tx, String book, UUID holder, List<Booking> bookings) {
        return Changes.moveAll(tx, List.of(new Move(book, holder, bookings)));
    }

    /// Many holders at once, all or nothing, as [#replace] does for one. Only how it is before and after counts, so
    /// that two may change places.
    ///
    /// @throws IllegalArgumentException if one holder is moved twice in a book
    public Answer<List<Booking>> moveAll(Tx tx, List<Move> moves) {
        return Changes.moveAll(tx, moves);
    }

    /// Takes back what `work` wrote, and the locks that it took, if it refuses.
    public <T> Answer<T> atomically(Tx tx, Supplier<Answer<T>> work) {
        return Changes.atomically(tx, work);
    }

    /// Keeps what the holder has at its end beyond it, until it is released, because the thing is still in use.
    /// Does nothing where somebody else has booked it for later already: see [Entries#overrun].
    ///
    /// @return whether all of it is kept
    public boolean holdOn(Tx tx, String book, UUID holder) {
        return Changes.holdOn(tx, book, holder, Set.of()).isEmpty();
    }

    /// Frees what the holder has from `at` on: bookings that begin later vanish, those that run end at `at`.
    /// Repeating does nothing.
    ///
    /// @return how many bookings were ended
    public int release(Tx tx, String book, UUID holder, Instant at) {
        var rows = Changes.lockHeld(tx, book, holder);
        return rows.isEmpty() ? 0 : Bookings.end(tx, rows, Micros.sql(at));
    }

    /// The same where a place has to be cleaned before others get it: what runs and keeps it only for that ends so
    /// much later.
    public int release(Tx tx, String book, UUID holder, Instant at, Duration cleaning) {
        var rows = Changes.lockHeld(tx, book, holder).stream()
                .collect(Collectors.partitioningBy(row -> Whole.isAlone(row.booking())
                        && row.booking().when().from().isBefore(at)));
        return Bookings.end(tx, rows.getOrDefault(false, List.of()), Micros.sql(at))
                + Bookings.end(tx, rows.getOrDefault(true, List.of()), Micros.sql(at.plus(cleaning)));
    }

    /// The holder's bookings, by start and place.
    public List<Booking> held(Tx tx, String book, UUID holder) {
        return held(tx, book, Set.of(holder)).getOrDefault(holder, List.of());
    }

    /// The bookings of many holders, each as [#held] has them; one who has none is not in the map. One query.
    public Map<UUID, List<Booking>> held(Tx tx, String book, Set<UUID> holders) {
        return Bookings.of(tx, book, holders).stream()
                .map(Bookings.Row::booking)
                .collect(Collectors.groupingBy(Booking::holder));
    }

    /// The bookings of a place that overlap the window, by start and holder, at most `limit`.
    public List<Booking> bookings(Tx tx, String book, String place, Interval when, int limit) {
        return bookings(tx, book, List.of(place), when, limit);
    }

    /// The bookings of these places that overlap the window, by place, start and holder, at most `limit`. One
    /// query.
    public List<Booking> bookings(Tx tx, String book, Collection<String> places, Interval when, int limit) {
        return Views.bookings(tx, book, places, when, limit);
    }

    /// Gives each booking of these places that overlaps the window, in any order and without its units, to somebody
    /// who adds them up: they are not kept in memory. One query.
    public void forEachBooking(Tx tx, String book, Collection<String> places, Interval when, Consumer<Booking> to) {
        Views.forEachBooking(tx, book, places, when, to);
    }

    /// The same of all places of a book.
    public void forEachBooking(Tx tx, String book, Interval when, Consumer<Booking> to) {
        Views.forEachBooking(tx, book, when, to);
    }

    // ------------------------------------------------------------------------------------------------------------
    // questions; what is lent counts in none but the one that asks for it

    /// What may still be booked over the window, in a few queries for any number of places. A place that is not
    /// known is not in the map.
    public Map<String, Free> free(Tx tx, String book, Collection<String> places, Interval when) {
        var free = new TreeMap<String, Free>();
        var known = Micros.isEmpty(when) ? Map.<String, Profile>of() : knownByHeart(tx, book, places, when);
        if (!known.isEmpty()) {
            var held = Views.heldUnits(tx, book, known.keySet(), when);
            known.forEach((place, profile) -> free.put(
                    place, new Free(profile.min(when).max(Capacities.NONE), held.getOrDefault(place, Set.of()))));
        }
        var others = without(places, known.keySet());
        if (!others.isEmpty()) {
            usage(tx, book, Optional.of(others), when)
                    .forEach((place, usage) ->
                            free.put(place, new Free(usage.free().max(Capacities.NONE), usage.units())));
        }
        return free;
    }

    private Map<String, Profile> knownByHeart(Tx tx, String book, Collection<String> places, Interval when) {
        return hot.map(memory -> memory.profiles(tx, book, places, when)).orElse(Map.of());
    }

    private static Set<String> without(Collection<String> places, Set<String> some) {
        var others = new TreeSet<>(places);
        others.removeAll(some);
        return others;
    }

    /// How places stand over the window, sorted; all places of the book if `places` is empty. One query.
    public Map<String, Usage> usage(Tx tx, String book, Optional<? extends Collection<String>> places, Interval when) {
        return Micros.isEmpty(when) ? Map.of() : Views.usage(tx, book, places.map(some -> some), when);
    }

    /// How all places of the book stand over the window, sorted.
    public Map<String, Usage> usage(Tx tx, String book, Interval when) {
        return usage(tx, book, Optional.empty(), when);
    }

    /// What is free at each instant of the window; zero outside of it, and everywhere if there is no such place.
    public Profile profile(Tx tx, String book, String place, Interval when) {
        return profiles(tx, book, List.of(place), when, Quantity.FREE).getOrDefault(place, new Profile(Set.of()));
    }

    /// What there is, is booked or is free at each instant of the window, by place; zero outside of the window. A
    /// few queries.
    public Map<String, Profile> profiles(
            Tx tx, String book, Collection<String> places, Interval when, Quantity quantity) {
        var known = quantity == Quantity.FREE ? knownByHeart(tx, book, places, when) : Map.<String, Profile>of();
        return and(known, tx, book, places, when, quantity);
    }

    /// What was free a moment ago, for a decision that is looked at again when it is booked: what is known by heart
    /// is not read.
    public Map<String, Profile> glance(Tx tx, String book, Collection<String> places, Interval when) {
        var known = hot.map(memory -> memory.glance(book, places, when)).orElse(Map.of());
        return and(known, tx, book, places, when, Quantity.FREE);
    }

    private static Map<String, Profile> and(
            Map<String, Profile> known,
            Tx tx,
            String book,
            Collection<String> places,
            Interval when,
            Quantity quantity) {
        var others = without(places, known.keySet());
        var all = new TreeMap<>(known);
        if (!others.isEmpty()) {
            all.putAll(Views.profiles(tx, book, others, when, quantity));
        }
        return all;
    }

    /// What is lent at an instant, by place; a place of which nothing is lent is not in the map. One query.
    public Map<String, Capacities> lent(Tx tx, String book, Collection<String> places, Instant at) {
        return Views.lent(tx, book, places, at);
    }

    /// The bookings that are lent at an instant, by place and start. One query.
    public List<Booking> lentBookings(Tx tx, String book, Collection<String> places, Instant at) {
        return Views.lentBookings(tx, book, places, at);
    }

    /// The version of each place that there is: it rises with whatever changes of its totals and bookings, so that
    /// what was read at the same version is still true.
    public Map<String, Long> versions(Tx tx, String book, Collection<String> places) {
        return Views.versions(tx, book, places);
    }

    /// The earliest place and time at which the amounts and one unit for each device are free for all of `length`;
    /// the first candidate among equals. The refusal tells "nowhere before the horizon" from "gave up searching".
    public Answer<Slot> earliest(
            Tx tx,
            String book,
            List<Candidate> candidates,
            Capacities amount,
            Duration length,
            Instant from,
            Instant horizon) {
        return Slots.earliest(tx, book, candidates, amount, length, from, horizon);
    }

    /// The stretches of the window in which the amounts are free at a place, each as long as can be.
    public List<Interval> freeWindows(Tx tx, String book, String place, Capacities amount, Interval when) {
        return profile(tx, book, place, when).windows(amount, when);
    }

    /// The stretches of the window in which nobody holds each unit. One query.
    public Map<String, List<Interval>> freeWindows(Tx tx, String book, Collection<String> units, Interval when) {
        var free = new TreeMap<String, List<Interval>>();
        Views.units(tx, book, units, when).forEach((unit, timeline) -> free.put(unit, timeline.freeWindows(when)));
        return free;
    }

    /// When each unit is held; a unit that is free all the time may be missing. One query.
    public Map<String, UnitTimeline> timelines(Tx tx, String book, Collection<String> units, Interval when) {
        return Views.units(tx, book, units, when);
    }

    // -----------------------------------------------------------------------------------------------------------------
    // care

    /// Where more is booked than there is, from `since` on, with the holders whom it hurts.
    public List<Violation> violations(Tx tx, String book, Instant since) {
        return Totals.overbooked(tx, book, Views.all(tx, book), since);
    }

    /// Recomputes from the rows alone, without the functions that admission trusts, that no place is overbooked at
    /// any instant of any time by what is firm and no unit has two holders (I1 and I2 of fabric.md 7). Reads
    /// everything.
    public List<Violation> audit(Tx tx) {
        return Audit.all(tx);
    }

    /// The same for some places of one book, for a timer that goes on where it was: in turn all places are looked
    /// at.
    ///
    /// @param after the last place of the round before; empty = from the first one on
    /// @param places how many places this round looks at, at most; at least one
    public AuditRound audit(Tx tx, String book, Optional<String> after, int places) {
        return Audit.round(tx, book, after, places);
    }

    /// Forgets at most `limit` bookings that ended at or before `before`, and as many entries of [Entries]; sums up
    /// older totals.
    ///
    /// @return how many bookings were forgotten; less than `limit` means that no more are left
    public int prune(Tx tx, Instant before, int limit) {
        int pruned = Bookings.prune(tx, Micros.sql(before), limit);
        EntryRows.prune(tx, Micros.sql(before), limit);
        if (pruned < limit) {
            Totals.prune(tx, Micros.sql(before));
            Hot.prune(tx);
        }
        return pruned;
    }

    // --------------------------------------------------------------------------------------------------------------
    // helpers

    private static void requireAmounts(String what, Capacities amounts, long least) {
        amounts.amounts().forEach((dimension, amount) -> {
            if (amount < least || amount > Booking.MOST) {
                throw new IllegalArgumentException(what + " of " + dimension + " is " + amount + "; it must be between "
                        + least + " and " + Booking.MOST);
            }
        });
    }
}
