package holdfast.cli;

import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// A provider, for people.
final class ProviderView {
    private ProviderView() {}

    /// In a line.
    static String line(JsonNode one) {
        var hosts = Nodes.text(one, "hosts");
        return "%s is %s%s\n"
                .formatted(
                        Nodes.text(one, "name"),
                        Nodes.text(one, "state"),
                        hosts.isEmpty() ? "." : "; hosts: %s, flavors: %d.".formatted(hosts, size(one, "flavors")));
    }

    /// All of it.
    static String text(Terminal terminal, JsonNode one) {
        return Sheet.named(terminal, one)
                .facts("id", "driver", "endpoint", "region", "username", "userDomain", "projectName", "projectDomain")
                .fact("zones", words(one, "zones"))
                .fact("holds", holds(one))
                .fact("cleaning", Nodes.text(one, "cleaningSeconds") + " s")
                .fact("looked at", "each " + Nodes.text(one, "pollSeconds") + " s")
                .fact("tells on", tells(one))
                .time("last seen", "lastSync")
                .fact("others there", Nodes.text(one, "unknown"))
                .fact("trouble", Nodes.text(one, "transitioningMessage"))
                .below(hosts(one))
                .below(flavors(one))
                .below(limits(one))
                .toString();
    }

    private static String holds(JsonNode one) {
        var enforced = Nodes.text(one, "enforced");
        if (!Nodes.at(one, "enforce").asBoolean(false)) return "accounted for only";
        return switch (enforced) {
            case "true" -> "others are kept off";
            case "false" -> "accounted for only: this account cannot keep others off";
            default -> "others are to be kept off";
        };
    }

    private static String tells(JsonNode one) {
        var bus = Nodes.text(one, "notifications");
        var trouble = Nodes.text(one, "notificationsTrouble");
        return trouble.isEmpty() ? bus : bus + ", not heard: " + trouble;
    }

    private static Table hosts(JsonNode one) {
        var table = Table.of("HOST", "ZONE", "UP", ">VCPU", ">MEMORY MB", ">DISK GB");
        for (var host : Nodes.items(one, "hypervisors"))
            table.row(
                    Nodes.text(host, "name"),
                    Nodes.text(host, "zone"),
                    Nodes.at(host, "up").asBoolean(false) ? "yes" : "no",
                    SliceView.dash(Nodes.text(host, "total", "vcpu")),
                    SliceView.dash(Nodes.text(host, "total", "memory_mb")),
                    SliceView.dash(Nodes.text(host, "total", "disk_gb")));
        return table;
    }

    private static Table flavors(JsonNode one) {
        var table = Table.of("FLAVOR", "ID", ">VCPUS", ">MEMORY MB", ">DISK GB");
        for (var flavor : Nodes.items(one, "flavors"))
            table.row(
                    Nodes.text(flavor, "name"),
                    Nodes.text(flavor, "id"),
                    Nodes.text(flavor, "vcpus"),
                    Nodes.text(flavor, "memoryMb"),
                    Nodes.text(flavor, "diskGb"));
        return table;
    }

    private static Table limits(JsonNode one) {
        var table = Table.of("LIMIT", ">MOST");
        Nodes.texts(one, "limits").forEach((dimension, most) -> table.row(dimension, most));
        return table;
    }

    private static String words(JsonNode one, String name) {
        return Nodes.items(one, name).stream().map(word -> word.asString("")).collect(Collectors.joining(", "));
    }

    private static int size(JsonNode one, String name) {
        return Nodes.at(one, name).size();
    }
}
