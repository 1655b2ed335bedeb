package holdfast.cli;

import holdfast.cli.Terminal.Style;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/// `status`.
@Command(
        name = "status",
        description = "Shows how the server is: version, database, actors, and how many things are in which state.")
final class StatusCommand extends RemoteCommand {
    StatusCommand(Wiring wiring) {
        super(wiring);
    }

    @Override
    public Integer call() {
        var client = client();
        var status = client.get(Client.path("status"));
        output.write(terminal(), status, () -> "Holdfast at " + client.server() + "\n" + text(status));
        return ExitCode.OK;
    }

    /// Single values first, then each group under its name.
    private String text(JsonNode status) {
        var out = new StringBuilder();
        var groups = new StringBuilder();
        for (var member : status.properties()) {
            if (member.getKey().equals("links") || member.getKey().equals("type")) continue;
            if (member.getValue().isValueNode()) {
                out.append("%-13s  %s\n"
                        .formatted(
                                member.getKey(),
                                Times.seconds(
                                        member.getValue().asString(""),
                                        terminal().zone())));
            } else if (!member.getValue().isEmpty()) {
                groups.append('\n')
                        .append(terminal().styled(Style.STRONG, member.getKey()))
                        .append('\n');
                groups.append(group(member.getValue()));
            }
        }
        return out.append(groups).toString();
    }

    private String group(JsonNode group) {
        if (group.isArray()) return table(group);
        var out = new StringBuilder();
        int width = group.properties().stream()
                .mapToInt(member -> member.getKey().length())
                .max()
                .orElse(0);
        for (var member : group.properties())
            out.append("  ")
                    .append(member.getKey())
                    .append(" ".repeat(width + 2 - member.getKey().length()))
                    .append(member.getValue().isValueNode() ? member.getValue().asString("") : flat(member.getValue()))
                    .append('\n');
        return out.toString();
    }

    /// Objects of the same kind, one row for each.
    private String table(JsonNode list) {
        var titles = list.path(0).properties().stream().map(Map.Entry::getKey).toList();
        var table = Table.of(
                titles.stream().map(title -> title.toUpperCase(Locale.ROOT)).toArray(String[]::new));
        for (var item : list)
            table.row(titles.stream()
                    .map(title -> title.equals("state") ? Table.state(Nodes.text(item, title)) : flat(item.path(title)))
                    .toArray());
        return table.text(terminal()).indent(2);
    }

    private static String flat(JsonNode value) {
        if (value.isValueNode()) return value.asString("");
        var parts = new ArrayList<String>();
        if (value.isArray()) value.forEach(item -> parts.add(flat(item)));
        else
            parts.add(value.properties().stream()
                    .map(member -> member.getKey() + " " + flat(member.getValue()))
                    .collect(Collectors.joining(", ")));
        return String.join("; ", parts);
    }
}
