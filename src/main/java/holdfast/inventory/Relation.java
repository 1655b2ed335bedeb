package holdfast.inventory;

import java.util.Arrays;
import java.util.Optional;

/// How two vertices belong together. The model reserves `depends`, `adapts` and `peers` and uses none of them, so
/// they are refused.
public enum Relation {
    /// The one is part of the other: a component of a node, a service of a component.
    HAS("has"),
    /// Something flows between them: a port and its link, a service and its port.
    CONNECTS("connects");

    private final String word;

    Relation(String word) {
        this.word = word;
    }

    /// The word in files: `has` or `connects`.
    public String word() {
        return word;
    }

    /// The relation of that word, if it is one.
    public static Optional<Relation> of(String word) {
        return Arrays.stream(values())
                .filter(relation -> relation.word.equals(word))
                .findFirst();
    }
}
