package holdfast.broker.choice;

import holdfast.core.Capacities;
import holdfast.core.Interval;

/// An amount for a time.
public record Step(Interval when, Capacities amount) {}
