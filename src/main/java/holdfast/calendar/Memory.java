package holdfast.calendar;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What is free of one place at each instant of all time, as it is at one version of the place. Belongs to whoever
/// owns the place in an epoch; for one thread at a time.
final class Memory {
    private static final Interval ALWAYS = new Interval(Instant.MIN, Instant.MAX);

    private final long epoch;
    private final Profile free;
    private long version;

    private Memory(long epoch, long version, Profile free) {
        this.epoch = epoch;
        this.version = version;
        this.free = free;
    }

    /// Reads the place with all its firm bookings. The transaction must see one state of the database only.
    static Memory read(Tx tx, PlaceId place, long epoch) {
        long version = tx.sql()
                .resultQuery("select version from place where book = ? and id = ?", place.book(), place.id())
                .fetchSingle()
                .get("version", Long.class);
        var free = Views.profiles(tx, place.book(), List.of(place.id()), ALWAYS, Quantity.FREE)
                .getOrDefault(place.id(), new Profile(Set.of()));
        return new Memory(epoch, version, free);
    }

    long epoch() {
        return epoch;
    }

    long version() {
        return version;
    }

    /// About how much of the heap it takes.
    long bytes() {
        return free.bytes();
    }

    /// Where a firm booking would not fit.
    Optional<Shortage> shortage(Booking booking) {
        return free.firstViolation(booking.amount(), booking.when());
    }

    /// When it would; as far as `ahead` beyond its end is looked at.
    Optional<Instant> earliest(Booking booking, Duration ahead) {
        var when = booking.when();
        var horizon = Micros.instant(Micros.plus(Micros.of(when.until()), Micros.of(ahead)));
        return !ahead.isZero()
                        && free.earliest(booking.amount(), when.length(), when.from(), horizon)
                                instanceof Fit.At(var start)
                ? Optional.of(start)
                : Optional.empty();
    }

    /// Counts a firm booking, which fits or is there already.
    void take(Booking booking) {
        change(booking.when(), booking.amount(), -1);
    }

    /// Counts no more what [#take] counted.
    void giveBack(Booking booking) {
        change(booking.when(), booking.amount(), 1);
    }

    private void change(Interval when, Capacities amount, int sign) {
        free.add(when, sign < 0 ? Capacities.NONE.minus(amount) : amount);
    }

    /// What was taken is written, which made it the next version.
    void written() {
        version++;
    }

    /// What others wrote.
    ///
    /// @param came whether the bookings came, or went
    record News(Interval when, Capacities amount, boolean came) {
        private Capacities change() {
            return came ? Capacities.NONE.minus(amount) : amount;
        }
    }

    /// Counts what others wrote since.
    void follow(News news) {
        free.add(news.when, news.change());
    }

    /// Everything up to this version is counted.
    void isNow(long other) {
        version = other;
    }

    /// What is free in the window; zero outside of it.
    Profile during(Interval when) {
        return free.during(when);
    }

    /// The same after some news, which are not counted; empty if they are of a dimension that was never heard of.
    Optional<Profile> during(Interval when, List<News> news) {
        var profile = during(when);
        var dimensions = profile.dimensions();
        if (!news.stream()
                .allMatch(one -> dimensions.containsAll(one.amount.amounts().keySet()))) {
            return Optional.empty();
        }
        for (var one : news) {
            if (one.when.overlaps(when)) {
                profile.add(common(one.when, when), one.change());
            }
        }
        return Optional.of(profile);
    }

    private static Interval common(Interval one, Interval other) {
        return new Interval(
                one.from().isAfter(other.from()) ? one.from() : other.from(),
                one.until().isBefore(other.until()) ? one.until() : other.until());
    }
}
