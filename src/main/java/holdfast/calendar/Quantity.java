package holdfast.calendar;

/// Which side of a place a profile shows.
public enum Quantity {
    /// What there is.
    TOTAL,
    /// What is booked.
    USED,
    /// What is not; negative where capacity was lost below what is booked.
    FREE
}
