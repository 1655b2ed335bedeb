package holdfast.cli;

import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// What providers of cloud resources have, as tables.
record ProviderCapacity(Terminal terminal, JsonNode json) {
    private static final String NONE =
            "No provider has anything yet.  holdfast provider add NAME --endpoint URL --username USER --project PROJECT\n";

    /// Each account and zone: what there is of each dimension.
    String quadruple() {
        var table = Table.of(
                "PROVIDER", "ZONE", "DIMENSION", ">AVAILABLE", ">RESERVED", ">ALLOCATED", ">TOTAL", ">RECLAIMABLE");
        for (var part : Nodes.items(json, "parts"))
            for (var one : Nodes.items(part, "dimensions"))
                table.row(
                        Nodes.text(part, "provider"),
                        SliceView.dash(Nodes.text(part, "zone")),
                        Nodes.text(one, "dimension"),
                        Nodes.number(one, "available"),
                        Nodes.number(one, "reserved"),
                        Nodes.number(one, "allocated"),
                        Nodes.number(one, "total"),
                        Nodes.number(one, "reclaimable"));
        return table.isEmpty() ? NONE : table.text(terminal) + unlimited();
    }

    private String unlimited() {
        var names = Nodes.items(json, "unlimited").stream()
                .map(name -> name.asString(""))
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : "\nNot limited: " + names + ".\n";
    }

    /// Each stretch of time: what is available of all there is.
    String profile() {
        var table = Table.of("FROM", "UNTIL", "~AVAILABLE/TOTAL");
        for (var step : Nodes.items(json, "steps"))
            table.row(
                    time(step, "start"),
                    time(step, "end"),
                    Nodes.items(step, "dimensions").stream()
                            .map(one -> "%s %d/%d"
                                    .formatted(
                                            Nodes.text(one, "dimension"),
                                            Nodes.number(one, "available"),
                                            Nodes.number(one, "total")))
                            .collect(Collectors.joining("  ")));
        return table.isEmpty()
                ? NONE
                : table.text(terminal)
                        + (Nodes.at(json, "truncated").asBoolean(false)
                                ? "There is more; ask for a shorter time.\n"
                                : "");
    }

    String flavors() {
        var table = Table.of("FLAVOR", ">VCPUS", ">MEMORY MB", ">DISK GB", ">ROOM FOR", ">WANTED", "FROM");
        for (var one : Nodes.items(json, "flavors"))
            table.row(
                    Nodes.text(one, "flavor"),
                    Nodes.number(one, "vcpus"),
                    Nodes.number(one, "memoryMb"),
                    Nodes.number(one, "diskGb"),
                    Nodes.number(one, "count"),
                    Nodes.number(one, "wanted"),
                    Nodes.text(one, "earliest").isEmpty() ? "not within 90 days" : time(one, "earliest"));
        return table.text(terminal);
    }

    private String time(JsonNode node, String name) {
        return Times.minutes(Nodes.text(node, name), terminal.zone());
    }
}
