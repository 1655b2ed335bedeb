package holdfast.calendar;

import java.util.List;
import java.util.UUID;

/// What a holder shall hold in a book from now on, instead of whatever it holds there.
///
/// @param bookings all of it; empty = nothing. Several of one place are the steps of a demand that changes over time
public record Move(String book, UUID holder, List<Booking> bookings) {
    /// @throws IllegalArgumentException if a booking is of another book or holder
    public Move {
        bookings = List.copyOf(bookings);
        for (var booking : bookings) {
            if (!booking.book().equals(book) || !booking.holder().equals(holder)) {
                throw new IllegalArgumentException("booking of " + booking.holder() + " in " + booking.book()
                        + " is in the move of " + holder + " in " + book);
            }
        }
    }
}
