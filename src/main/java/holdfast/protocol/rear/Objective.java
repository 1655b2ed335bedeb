package holdfast.protocol.rear;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// What makes one offer better than another that fits as well (fluidos.md 6.8).
public enum Objective {
    CHEAPEST("cheapest"),
    /// The least latency.
    NEAREST("nearest", "fastest"),
    /// The least carbon.
    GREENEST("greenest"),
    BEST_RATED("best-rated"),
    /// Price, carbon, latency and rating alike.
    BALANCED("balanced");

    private final List<String> words;

    Objective(String... words) {
        this.words = List.of(words);
    }

    /// As it is written and shown.
    public String word() {
        return words.getFirst();
    }

    /// The objective of that name, whatever the case.
    public static Optional<Objective> of(String word) {
        return Arrays.stream(values())
                .filter(objective -> objective.words.contains(word.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /// All names, for people.
    public static String all() {
        return Arrays.stream(values()).map(Objective::word).collect(Collectors.joining(", "));
    }
}
