package holdfast.federation.catalog;

import holdfast.protocol.rear.Publication;
import java.util.Optional;

/// What a catalog makes of something that is published (fluidos.md 5.9 point 9, 6.10), as a pure function.
public sealed interface Verdict {
    /// It takes the place of what was there.
    record Newer() implements Verdict {}

    /// It was said before, in the same words.
    record Same() implements Verdict {}

    /// Something newer is known.
    record Stale(String why) implements Verdict {}

    /// Something else was said under the same number.
    record Otherwise(String why) implements Verdict {}

    /// It is not for this publisher to say.
    record NotIts(String why) implements Verdict {}

    /// @param known what was published under that name last; empty if nothing
    static Verdict of(Optional<Publication> known, Publication told) {
        var name = told.flavor().id();
        if (!told.flavor().owner().id().equals(told.publisher())) {
            return new NotIts("flavor " + name + " is owned by "
                    + told.flavor().owner().id() + ", and " + told.publisher() + " publishes only its own");
        }
        if (known.isEmpty()) {
            return new Newer();
        }
        var before = known.get();
        if (!before.publisher().equals(told.publisher())) {
            return new NotIts("flavor " + name + " is published by another node");
        }
        int order = Long.compare(told.epoch(), before.epoch());
        int then = order != 0 ? order : Long.compare(told.sequence(), before.sequence());
        if (then > 0) {
            return new Newer();
        }
        if (then < 0) {
            return new Stale("sequence " + told.sequence() + " of epoch " + told.epoch() + " is stale: "
                    + before.sequence() + " of epoch " + before.epoch() + " is known; count on from there");
        }
        return before.equals(told)
                ? new Same()
                : new Otherwise("sequence " + told.sequence() + " of epoch " + told.epoch()
                        + " was used for other words: take the next one");
    }
}
