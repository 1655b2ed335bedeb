package holdfast.bench;

import static holdfast.bench.FullCalendar.BOOK;
import static holdfast.bench.FullCalendar.HOT;

import holdfast.calendar.Admissions;
import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.calendar.Hot;
import holdfast.calendar.PlaceId;
import holdfast.core.Answer;
import holdfast.platform.Database;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/// A server that takes bookings alone, and knows by heart what is asked for again and again.
record HotServer(Hot hot, Calendar calendar, Admissions<Booking, Booking> admissions) implements AutoCloseable {
    static HotServer open(Database database) {
        var hot = new Hot(UUID.randomUUID(), database);
        var calendar = new Calendar(hot);
        return new HotServer(hot, calendar, new Admissions<>(database, calendar, hot, (_, granted) -> granted));
    }

    Answer<Booking> book(Booking booking) {
        return admissions.book(List.of(booking), booking);
    }

    /// Asks until the hot place is known by heart.
    void heat(FullCalendar filled) {
        long began = System.nanoTime();
        var random = new SplittableRandom(1);
        do { // the first learns of what was restored
            book(filled.hot(random));
        } while (!hot.knows(new PlaceId(BOOK, HOT)));
        Report.millis("until the hot place is known by heart", (System.nanoTime() - began) / 1e6);
    }

    @Override
    public void close() {
        admissions.close();
    }
}
