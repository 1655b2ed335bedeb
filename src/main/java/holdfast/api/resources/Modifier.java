package holdfast.api.resources;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How a filter compares (cattle.md 5.4).
enum Modifier {
    EQ,
    NE,
    LT,
    LTE,
    GT,
    GTE,
    PREFIX,
    LIKE,
    NOTLIKE,
    NULL,
    NOTNULL;

    static final List<Modifier> TEXT = List.of(EQ, NE, PREFIX, LIKE, NOTLIKE, NULL, NOTNULL);
    static final List<Modifier> ORDERED = List.of(EQ, NE, LT, LTE, GT, GTE, NULL, NOTNULL);
    static final List<Modifier> CHOICE = List.of(EQ, NE, NULL, NOTNULL);

    /// As it is written.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Modifier> of(String word) {
        for (var modifier : values()) {
            if (modifier.word().equals(word)) {
                return Optional.of(modifier);
            }
        }
        return Optional.empty();
    }
}
