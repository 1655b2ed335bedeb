package holdfast.core;

import java.util.Optional;
import java.util.regex.Pattern;

/// An address of IP version 4. Nothing is looked up.
///
/// @param number the address as a number, 0 to 2³² - 1
public record Ipv4(long number) implements Comparable<Ipv4> {
    private static final String PART = "(0|[1-9]\\d{0,2})";
    private static final Pattern SHAPE = Pattern.compile(String.join("\\.", PART, PART, PART, PART));
    private static final Pattern BLOCK = Pattern.compile("([\\d.]+)/(\\d{1,2})");

    /// Reads the four numbers as people write them: `203.0.113.99`.
    public static Optional<Ipv4> read(String text) {
        var parts = SHAPE.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        long number = 0;
        for (int n = 1; n <= 4; n++) {
            int part = Integer.parseInt(parts.group(n));
            if (part > 255) {
                return Optional.empty();
            }
            number = number << 8 | part;
        }
        return Optional.of(new Ipv4(number));
    }

    /// Whether it lies in a block such as `203.0.113.0/24`; not in what is no such block.
    public boolean isIn(String block) {
        var parts = BLOCK.matcher(block);
        if (!parts.matches() || Integer.parseInt(parts.group(2)) > 32) {
            return false;
        }
        int free = 32 - Integer.parseInt(parts.group(2));
        return read(parts.group(1))
                .filter(first -> first.number >> free == number >> free)
                .isPresent();
    }

    /// Whether it stands for the whole of a block: its first address, and its last, to which all listen. In blocks
    /// of one or two addresses each is somebody's (RFC 3021).
    public boolean isAllOf(String block) {
        var parts = BLOCK.matcher(block);
        if (!isIn(block) || !parts.matches() || Integer.parseInt(parts.group(2)) > 30) {
            return false;
        }
        long others = (1L << 32 - Integer.parseInt(parts.group(2))) - 1;
        return (number & others) == 0 || (number & others) == others;
    }

    @Override
    public int compareTo(Ipv4 other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return (number >> 24) + "." + (number >> 16 & 255) + "." + (number >> 8 & 255) + "." + (number & 255);
    }
}
