package holdfast.inventory;

/// How much of a graph file is read before it is refused.
///
/// @param bytes of the whole file; of a text, characters
/// @param vertices how many
/// @param edges how many
/// @param value characters of one property
public record Limits(long bytes, int vertices, int edges, int value) {
    /// 64 MB, 200,000 vertices, 800,000 edges, a million characters in a value.
    public static final Limits DEFAULT = new Limits(64L << 20, 200_000, 800_000, 1_000_000);
}
