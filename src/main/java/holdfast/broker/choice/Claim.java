package holdfast.broker.choice;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// One booking that a decision asks for; book and kind are the caller's.
///
/// No two claims of one item have the same place and time, so that the calendar never takes one for the other.
///
/// @param item whose it is: the holder in the calendar
/// @param amount how much, never negative
/// @param units what is held alone
/// @param firm false for what is lent until somebody else needs it
public record Claim(UUID item, String place, Interval when, Capacities amount, Set<String> units, boolean firm) {
    public Claim {
        units = Collections.unmodifiableSet(new TreeSet<>(units));
    }
}
