package holdfast.calendar;

import holdfast.core.Answer;
import holdfast.platform.Database;
import holdfast.platform.Tx;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;

/// A server that knows places by heart; what goes along with bookings is a function.
record HotServer(Hot hot, Admissions<HotServer.Then, List<Booking>> admissions) implements AutoCloseable {
    /// What is done with what was booked, in its transaction.
    record Then(List<Booking> booked, BiFunction<Tx, List<Booking>, List<Booking>> what) {}

    static HotServer of(UUID server, Database database, Calendar calendar) {
        return of(new Hot(server, database), database, calendar);
    }

    static HotServer of(Hot hot, Database database, Calendar calendar) {
        return new HotServer(
                hot,
                new Admissions<>(
                        database,
                        calendar,
                        hot,
                        (tx, granted) -> granted.stream()
                                .map(one -> one.what.apply(tx, one.booked))
                                .toList()));
    }

    Answer<List<Booking>> book(List<Booking> bookings) {
        return book(bookings, (_, booked) -> booked);
    }

    Answer<List<Booking>> book(List<Booking> bookings, BiFunction<Tx, List<Booking>, List<Booking>> then) {
        var booked = bookings.stream().map(Changes::rounded).toList();
        return admissions.book(bookings, new Then(booked, then));
    }

    void heat(PlaceId place) {
        admissions.heat(place);
    }

    boolean isHot(String book, String place) {
        return hot.knows(new PlaceId(book, place));
    }

    @Override
    public void close() {
        admissions.close();
    }
}
