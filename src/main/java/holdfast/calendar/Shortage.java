package holdfast.calendar;

import java.time.Instant;

/// Proof that something does not fit, which anybody can check against the profile of the place.
///
/// @param dimension what there is too little of
/// @param at first instant at which there is
/// @param wanted amount asked for
/// @param free amount free at that instant; below zero if the place lost capacity that was booked
public record Shortage(String dimension, Instant at, long wanted, long free) {
    /// How much is missing, always positive.
    public long missing() {
        return wanted - free;
    }
}
