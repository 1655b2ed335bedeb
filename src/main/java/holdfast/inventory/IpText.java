package holdfast.inventory;

import java.util.function.Predicate;

/// Whether a text is an IP address. Written out because the platform's parser would ask the name service about
/// anything else.
final class IpText {
    private IpText() {}

    static boolean isV4(String text) {
        var parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (var part : parts) {
            if (part.isEmpty() || part.length() > 3 || !isDigits(part) || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }

    static boolean isV6(String text) {
        if (text.length() > 45) {
            return false;
        }
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text) == 8;
        }
        var left = text.substring(0, gap);
        var right = text.substring(gap + 2);
        int before = left.isEmpty() ? 0 : groups(left);
        int after = right.isEmpty() ? 0 : groups(right);
        return before >= 0 && after >= 0 && before + after < 8 && !left.contains(".");
    }

    /// `address/bits`.
    static boolean isSubnet(String text, Predicate<String> address, int most) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return false;
        }
        var bits = text.substring(slash + 1);
        return !bits.isEmpty()
                && bits.length() <= 3
                && isDigits(bits)
                && Integer.parseInt(bits) <= most
                && address.test(text.substring(0, slash));
    }

    /// How many 16-bit groups; an IPv4 tail counts as two. -1 if malformed.
    private static int groups(String text) {
        var parts = text.split(":", -1);
        int count = 0;
        for (int at = 0; at < parts.length; at++) {
            var part = parts[at];
            if (at == parts.length - 1 && part.contains(".")) {
                if (!isV4(part)) {
                    return -1;
                }
                count += 2;
            } else if (part.isEmpty()
                    || part.length() > 4
                    || !part.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128)) {
                return -1;
            } else {
                count++;
            }
        }
        return count;
    }

    private static boolean isDigits(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
