package holdfast.api.promise;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What something is called that may be of several classes: `ResourcePool:<id>`, or the bare id (promise.md 5.1).
///
/// @param kind the class, if it was said
/// @param name the rest: an id, or a name
record Ref(Optional<Kind> kind, String name) {
    /// Promise's classes.
    enum Kind {
        PROVIDER("ResourceProvider"),
        POOL("ResourcePool"),
        RESERVATION("ResourceReservation"),
        ALLOCATION("ResourceAllocation");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /// As lists of several classes name one.
        String of(UUID id) {
            return word + ":" + id;
        }
    }

    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    static Ref of(String text) {
        return Stream.of(Kind.values())
                .filter(kind -> text.startsWith(kind.word + ":"))
                .findFirst()
                .map(kind -> new Ref(Optional.of(kind), text.substring(kind.word.length() + 1)))
                .orElseGet(() -> new Ref(Optional.empty(), text));
    }

    /// Whether it may be one of that class.
    boolean mayBe(Kind other) {
        return kind.isEmpty() || kind.get() == other;
    }

    /// Empty if it is a name.
    Optional<UUID> id() {
        return ID.matcher(name).matches() ? Optional.of(UUID.fromString(name)) : Optional.empty();
    }
}
