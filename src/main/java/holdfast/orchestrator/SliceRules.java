package holdfast.orchestrator;

import holdfast.core.Refusal;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a slice must keep to whatever there is room for.
final class SliceRules {
    private static final Pattern NAME = Pattern.compile("[\\p{Alnum}][\\p{Alnum} ._-]{2,99}");
    private static final int MOST_SLIVERS = 1_000;

    private SliceRules() {}

    /// @param federated whether room in other domains can be asked for
    /// @return what is wrong with it, if something is
    static Optional<Refusal> refusal(
            SliceRequest request, Instant now, Orchestrator.Settings settings, boolean federated) {
        var term = request.term();
        if (request.elsewhere().isPresent() && !federated) {
            return Optional.of(Refusal.malformed(
                    "elsewhere",
                    "this domain deals with no others, so nothing can be bought elsewhere; leave elsewhere out"));
        }
        if (!NAME.matcher(request.name()).matches()) {
            return Optional.of(Refusal.malformed(
                    "name",
                    "the slice's name must be 3 to 100 letters, digits, blanks, dots, dashes or"
                            + " underscores and start with a letter or digit; it is: " + request.name()));
        }
        if (request.demands().isEmpty() || request.demands().size() > MOST_SLIVERS) {
            return Optional.of(Refusal.malformed(
                    "graph",
                    "a slice has 1 to " + MOST_SLIVERS + " slivers; this one has "
                            + request.demands().size()));
        }
        var names = new HashSet<String>();
        for (var demand : request.demands()) {
            if (!names.add(demand.name())) {
                return Optional.of(
                        Refusal.malformed("nodes." + demand.name(), "two nodes are called " + demand.name()));
            }
        }
        if (!term.until().isAfter(now)) {
            return Optional.of(Refusal.malformed(
                    "end", "the slice would end at " + term.until() + ", which is past; it is now " + now));
        }
        if (term.from().isBefore(now.minus(settings.skew()))) {
            return Optional.of(Refusal.malformed(
                    "start",
                    "the slice would start at " + term.from() + ", which is past; it is now " + now
                            + "; leave the start out to start at once"));
        }
        if (term.length().compareTo(settings.longestTerm()) > 0) {
            return Optional.of(Refusal.malformed(
                    "end",
                    "the slice would last " + term.length().toHours() + " hours; the longest is "
                            + settings.longestTerm().toHours() + " hours"));
        }
        return Optional.empty();
    }
}
