package holdfast.core;

import java.time.Instant;

/// Why there is no room, so that whoever was refused can check it against the profile of the place (promise.md 6.1).
///
/// @param place id of the place that has too little
/// @param dimension what it has too little of
/// @param at first instant of the asked time at which it has
/// @param wanted the sum of what the request wants of it at that instant
/// @param free what is free of it then; below zero where capacity that was booked is lost
public record Certificate(String place, String dimension, Instant at, long wanted, long free) {
    /// How much is missing, always positive.
    public long deficit() {
        return wanted - free;
    }
}
