package holdfast.calendar;

import holdfast.core.Capacities;
import java.util.Set;

/// What may still be booked at a place over a window.
///
/// @param least what is free at the worst instant of each dimension; zero where capacity was lost below what is booked
/// @param unitsTaken units that somebody holds for some of the window; the others are free for all of it
public record Free(Capacities least, Set<String> unitsTaken) {}
