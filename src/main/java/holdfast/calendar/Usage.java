package holdfast.calendar;

import holdfast.core.Capacities;
import java.util.Set;

/// How a place stands over a window. With a total that changes, the extremes may be at different instants, so that
/// `free` is not just `total` without `used`.
///
/// @param total the least total of each dimension
/// @param used the most that is booked at one instant, of each dimension: the peak, not the sum
/// @param free the least of total without used, of each dimension; negative where capacity was lost below what is
///     booked
/// @param units units held at some instant of the window
public record Usage(Capacities total, Capacities used, Capacities free, Set<String> units) {}
