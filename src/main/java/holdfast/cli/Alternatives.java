package holdfast.cli;

import java.time.ZoneId;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// What could be had instead of a reservation that was refused, in words.
final class Alternatives {
    private Alternatives() {}

    /// Such as `later: from 2031-04-05 10:00 to 2031-04-05 12:00, 3 hosts in lab/north`.
    static String words(JsonNode alternative, ZoneId zone) {
        var request = Nodes.at(alternative, "request");
        var kind = Nodes.text(alternative, "kind");
        var latest = Nodes.text(Nodes.at(request, "flexible"), "latest");
        return "%s: from %s to %s%s, %s"
                .formatted(
                        switch (kind) {
                            case "earliest" -> "later";
                            case "max" -> "the most";
                            case "zones" -> "elsewhere";
                            default -> kind;
                        },
                        Times.minutes(Nodes.text(request, "start"), zone),
                        Times.minutes(Nodes.text(request, "end"), zone),
                        latest.isEmpty() ? "" : " (or later, beginning by " + Times.minutes(latest, zone) + ")",
                        Nodes.items(request, "items").stream()
                                .map(Alternatives::item)
                                .collect(Collectors.joining(", ")));
    }

    /// Such as `2 to 4 hosts in lab/north`.
    static String item(JsonNode item) {
        var zones = Nodes.items(item, "zones").stream()
                .map(zone -> zone.asString(""))
                .collect(Collectors.joining(" or "));
        var what = switch (Nodes.text(item, "kind")) {
            case "hosts" -> count(item, "host");
            case "instances" -> count(item, "server") + " of " + flavor(Nodes.at(item, "flavor"));
            case "quantity" -> amounts(item);
            default -> Nodes.text(item, "kind");
        };
        return what + (zones.isEmpty() ? "" : " in " + zones);
    }

    private static String count(JsonNode item, String thing) {
        long min = Nodes.number(item, "min");
        long max = Nodes.number(item, "max");
        return (max > min ? min + " to " + max : String.valueOf(min)) + " " + thing
                + (Math.max(min, max) == 1 ? "" : "s");
    }

    private static String flavor(JsonNode flavor) {
        return "%d vcpus, %d MB, %d GB"
                .formatted(
                        Nodes.number(flavor, "vcpus"),
                        Nodes.number(flavor, "memoryMb"),
                        Nodes.number(flavor, "diskGb"));
    }

    private static String amounts(JsonNode item) {
        var words = Nodes.texts(item, "amounts").entrySet().stream()
                .map(amount -> amount.getValue() + " " + amount.getKey())
                .collect(Collectors.joining(", "));
        return words.isEmpty() ? Nodes.items(item, "steps").size() + " steps" : words;
    }
}
