package holdfast.calendar;

import holdfast.core.Interval;
import java.util.List;
import java.util.UUID;

/// A promise that cannot be kept. Reported, never corrected by the calendar: whom to move or to disappoint is policy.
public sealed interface Violation {
    String book();

    Interval when();

    /// Who holds what there is too little of, sorted; some of them will not get it.
    List<UUID> holders();

    /// More is booked than there is. Only a loss of capacity leads here.
    ///
    /// @param missing by how much, always positive
    record Overbooked(String book, String place, String dimension, Interval when, long missing, List<UUID> holders)
            implements Violation {}

    /// A unit has two holders, or is held at a time at which its booking is not. Nothing leads here but damaged
    /// data.
    record UnitTwice(String book, String unit, Interval when, List<UUID> holders) implements Violation {}
}
