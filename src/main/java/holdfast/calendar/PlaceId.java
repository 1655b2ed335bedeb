package holdfast.calendar;

/// A place of a book.
public record PlaceId(String book, String id) {
    static PlaceId of(Booking booking) {
        return new PlaceId(booking.book(), booking.place());
    }
}
