package holdfast.calendar;

import holdfast.core.Interval;
import java.util.List;

/// Where and when something fits, and with which units: one for each device that was wanted, in that order.
public record Slot(String place, Interval when, List<String> units) {
    public Slot {
        units = List.copyOf(units);
    }
}
