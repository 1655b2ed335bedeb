package holdfast.api.resources;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// The ids that people see: `1`, a short form of the type, and a number, such as `1i42` (cattle.md 5.3).
final class Ids {
    private static final int MOST_DIGITS = 18;

    private Ids() {}

    /// @param type name of a root type
    static String wire(String type, long number) {
        return prefix(type) + number;
    }

    /// The number in an id of that type; empty if it is none.
    static OptionalLong number(String type, String text) {
        var prefix = prefix(type);
        var digits = text.startsWith(prefix) ? text.substring(prefix.length()) : "";
        return isNumber(digits) ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
    }

    /// The number in an id of any type; empty if it is none. Numbers of resources are unique across types.
    static OptionalLong number(String text) {
        int begin = 1;
        while (begin < text.length() && Character.isLetter(text.charAt(begin))) {
            begin++;
        }
        var digits = text.startsWith("1") && begin > 1 ? text.substring(begin) : "";
        return isNumber(digits) ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
    }

    /// Whether it has the shape of an id, as people see it or as it is stored.
    static boolean isId(String text) {
        return number(text).isPresent() || uuid(text).isPresent();
    }

    private static boolean isNumber(String digits) {
        return !digits.isEmpty()
                && digits.length() <= MOST_DIGITS
                && digits.chars().allMatch(digit -> digit >= '0' && digit <= '9');
    }

    static Optional<UUID> uuid(String text) {
        try {
            return text.length() == 36 ? Optional.of(UUID.fromString(text)) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// First letter and capitals of the type.
    private static String prefix(String type) {
        return "1"
                + switch (type) {
                    case "stack" -> "st";
                    case "secret" -> "se";
                    default ->
                        (type.charAt(0)
                                        + type.substring(1)
                                                .codePoints()
                                                .filter(Character::isUpperCase)
                                                .collect(
                                                        StringBuilder::new,
                                                        StringBuilder::appendCodePoint,
                                                        StringBuilder::append)
                                                .toString())
                                .toLowerCase(Locale.ROOT);
                };
    }
}
