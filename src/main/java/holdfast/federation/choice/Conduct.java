package holdfast.federation.choice;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// How a peer has behaved with flavors of one type (fluidos.md 6.9). Each deed is rated for itself: many answers to
/// questions that cost nothing do not make up for one promise that was not kept.
///
/// @param deeds those that were seen
public record Conduct(Map<Deed, Tally> deeds) {
    /// Of whom nothing was seen.
    public static final Conduct UNKNOWN = new Conduct(Map.of());

    public Conduct {
        var sorted = new EnumMap<Deed, Tally>(Deed.class);
        sorted.putAll(deeds);
        deeds = Collections.unmodifiableMap(sorted);
    }

    /// @param tries how often it was asked
    /// @param kept how often it did it
    public record Tally(long tries, long kept, Rating rating) {}

    /// From 0 to 1; one half for who is not known.
    public double score(Instant now) {
        return Arrays.stream(Deed.values())
                .mapToDouble(deed -> deed.weight()
                        * Optional.ofNullable(deeds.get(deed))
                                .map(Tally::rating)
                                .orElseGet(() -> Rating.fresh(now))
                                .score(now))
                .sum();
    }
}
