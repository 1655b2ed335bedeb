package holdfast.inventory;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The labels that the model knows, and what each may say.
final class LabelRules {
    private record Rule(String words, Predicate<String> holds) {}

    private static final Map<String, Rule> RULES = new TreeMap<>(Map.ofEntries(
            pattern(
                    "bdf",
                    "[0-9a-fA-F]{1,4}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\\.[0-9a-fA-F]",
                    "a PCI address such as 0000:25:00.0"),
            pattern("mac", "[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}", "a MAC address such as 0C:42:A1:78:F8:04"),
            rule("ipv4", "an IPv4 address", IpText::isV4),
            rule("ipv4_range", "two IPv4 addresses a-b", text -> isPair(text, IpText::isV4)),
            rule("ipv4_subnet", "an IPv4 subnet such as 10.1.0.0/24", text -> IpText.isSubnet(text, IpText::isV4, 32)),
            rule("ipv6", "an IPv6 address", IpText::isV6),
            rule("ipv6_range", "two IPv6 addresses a-b", text -> isPair(text, IpText::isV6)),
            rule(
                    "ipv6_subnet",
                    "an IPv6 subnet such as 2001:db8::/64",
                    text -> IpText.isSubnet(text, IpText::isV6, 128)),
            rule("asn", "a number from 1 to 4294967295", text -> isNumber(text, 1, 4_294_967_295L)),
            rule("vlan", "a number from 0 to 4096", text -> isNumber(text, 0, 4096)),
            rule("inner_vlan", "a number from 0 to 4096", text -> isNumber(text, 0, 4096)),
            rule("vlan_range", "a range a-b with 0 <= a <= b <= 4096", LabelRules::isVlanRange),
            any("instance"),
            any("instance_parent"),
            any("local_name"),
            any("device_name"),
            any("local_type"),
            rule("bgp_key", "6 to 150 characters", text -> text.length() >= 6 && text.length() <= 150),
            rule("account_id", "3 to 100 characters", text -> text.length() >= 3 && text.length() <= 100),
            rule("region", "3 to 100 characters", text -> text.length() >= 3 && text.length() <= 100),
            pattern("usb_id", "[0-9a-fA-F]{4}:[0-9a-fA-F]{4}", "a USB id such as 0403:6011"),
            rule("numa", "a number from -1 to 7", text -> isNumber(text, -1, 7))));

    private LabelRules() {}

    static boolean isKnown(String name) {
        return RULES.containsKey(name);
    }

    /// The known labels, for messages.
    static String names() {
        return String.join(", ", RULES.keySet());
    }

    /// The rule that `value` breaks, if it does.
    static Optional<String> broken(String name, String value) {
        var rule = RULES.get(name);
        return rule == null || rule.holds.test(value) ? Optional.empty() : Optional.of(rule.words);
    }

    private static Map.Entry<String, Rule> any(String name) {
        return rule(name, "1 to 255 characters", text -> !text.isBlank() && text.length() <= 255);
    }

    private static Map.Entry<String, Rule> pattern(String name, String pattern, String words) {
        return rule(name, words, Pattern.compile(pattern).asMatchPredicate());
    }

    private static Map.Entry<String, Rule> rule(String name, String words, Predicate<String> holds) {
        return Map.entry(name, new Rule(words, holds));
    }

    private static boolean isPair(String text, Predicate<String> each) {
        int dash = text.indexOf('-');
        return dash > 0 && each.test(text.substring(0, dash)) && each.test(text.substring(dash + 1));
    }

    private static boolean isVlanRange(String text) {
        int dash = text.indexOf('-');
        if (dash <= 0) {
            return false;
        }
        var from = text.substring(0, dash);
        var to = text.substring(dash + 1);
        return isNumber(from, 0, 4096) && isNumber(to, 0, 4096) && Long.parseLong(from) <= Long.parseLong(to);
    }

    private static boolean isNumber(String text, long least, long most) {
        if (text.isEmpty() || text.length() > 11 || !text.matches("-?[0-9]{1,10}")) {
            return false;
        }
        long number = Long.parseLong(text);
        return number >= least && number <= most;
    }
}
