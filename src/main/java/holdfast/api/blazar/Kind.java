package holdfast.api.blazar;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// The types of reservations.
enum Kind {
    HOSTS("physical:host"),
    INSTANCES("virtual:instance"),
    FLAVOR("flavor:instance"),
    ADDRESSES("virtual:floatingip");

    private final String word;

    Kind(String word) {
        this.word = word;
    }

    @JsonValue
    String word() {
        return word;
    }

    @JsonCreator
    static Kind stored(String word) {
        return find(word).orElseThrow();
    }

    /// @throws BlazarProblem 400
    static Kind of(String word) {
        return find(word)
                .orElseThrow(() -> BlazarProblem.malformed("resource_type "
                        + (word.length() > 40 ? word.substring(0, 40) + "..." : word) + " is not supported; there are: "
                        + Arrays.stream(values()).map(Kind::word).collect(Collectors.joining(", "))));
    }

    private static Optional<Kind> find(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }
}
