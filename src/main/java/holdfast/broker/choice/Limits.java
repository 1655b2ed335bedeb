package holdfast.broker.choice;

import holdfast.core.Refusal;
import holdfast.core.RefusedException;

/// Bounds of what comes from outside.
final class Limits {
    /// Items of one request.
    static final int ITEMS = 64;
    /// Instances, hosts, addresses or elements of one item.
    static final long COUNT = 100_000;
    /// Zones, elements, kept placements and steps of one item.
    static final int LIST = 1_000;
    /// Claims that a re-packing may move.
    static final int MOVABLE = 1_000;

    private Limits() {}

    /// @throws RefusedException naming field, value and rule
    static void within(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw malformed(field, field + " is " + value + "; it must be between " + least + " and " + most);
        }
    }

    static RefusedException malformed(String field, String message) {
        return new RefusedException(Refusal.malformed(field, message));
    }
}
