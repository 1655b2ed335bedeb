package holdfast.federation.choice;

import java.util.Locale;

/// What a peer is rated by (fluidos.md 6.9).
public enum Deed {
    /// It says what it offers.
    LIST(0.1),
    /// It holds what it offers.
    RESERVE(0.3),
    /// It sells what it holds.
    PURCHASE(0.2),
    /// It lends what it sold, and no less.
    PEERING(0.2),
    /// It lends it to the end.
    TERM(0.2);

    private final double weight;

    Deed(double weight) {
        this.weight = weight;
    }

    /// Its part of the rating; all of them together make 1.
    double weight() {
        return weight;
    }

    /// As stored and shown.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @throws IllegalArgumentException if none is called that
    public static Deed of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
