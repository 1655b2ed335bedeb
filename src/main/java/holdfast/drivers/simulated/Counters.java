package holdfast.drivers.simulated;

/// What was done for one key since the simulated host began.
///
/// @param ensures calls of `ensure`
/// @param removes calls of `remove`
/// @param made how often the thing really came into being
/// @param removed how often it was really removed; not counted when it disappears by itself
public record Counters(int ensures, int removes, int made, int removed) {
    static final Counters NONE = new Counters(0, 0, 0, 0);

    Counters withEnsure() {
        return new Counters(ensures + 1, removes, made, removed);
    }

    Counters withRemove() {
        return new Counters(ensures, removes + 1, made, removed);
    }

    Counters withMade() {
        return new Counters(ensures, removes, made + 1, removed);
    }

    Counters withRemoved() {
        return new Counters(ensures, removes, made, removed + 1);
    }
}
