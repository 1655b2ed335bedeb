package holdfast.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What is done for one wish, step by step, as the journals of the servers that take part have it.
final class TraceView {
    /// More steps than one wish can have.
    private static final int MOST = 2_000;

    private static final Pattern STEP = Pattern.compile("(W\\d+) ((?:#\\w+ )*)(\\w+): (.*)", Pattern.DOTALL);

    private final List<Entry> entries;

    private TraceView(List<Entry> entries) {
        this.entries = entries;
    }

    private record Entry(String server, JsonNode step) {
        Instant at() {
            return Instant.parse(Nodes.text(step, "at"));
        }
    }

    /// Of one server.
    static TraceView of(Client client, String trace) {
        return of(Map.of("", client), trace);
    }

    /// Of several, by the times that they say.
    ///
    /// @param servers by the name under which they are shown
    static TraceView of(Map<String, Client> servers, String trace) {
        var parameters = new LinkedHashMap<String, Optional<String>>();
        parameters.put("trace", Optional.of(trace));
        parameters.put("after", Optional.of("0"));
        var entries = new ArrayList<Entry>();
        servers.forEach((name, client) ->
                client.list(List.of("journal"), parameters, MOST).forEach(step -> entries.add(new Entry(name, step))));
        entries.sort(Comparator.comparing(Entry::at)); // those of one server keep their order
        return new TraceView(entries);
    }

    List<JsonNode> steps() {
        return entries.stream().map(Entry::step).toList();
    }

    Table table() {
        boolean several = entries.stream().map(Entry::server).distinct().count() > 1;
        var table = several
                ? Table.of(">MS", "AT", "STEP", "WHAT", "OF", "~DETAIL")
                : Table.of(">MS", "STEP", "WHAT", "OF", "~DETAIL");
        for (var entry : entries) {
            var cells = new ArrayList<String>();
            cells.add(String.valueOf(
                    Duration.between(entries.getFirst().at(), entry.at()).toMillis()));
            if (several) cells.add(entry.server);
            var step = STEP.matcher(Nodes.text(entry.step, "why"));
            boolean known = step.matches();
            cells.add(known ? step.group(2).strip() : "");
            cells.add(known ? step.group(3).toLowerCase(Locale.ROOT).replace('_', ' ') : "");
            cells.add(Nodes.text(entry.step, "resourceType"));
            cells.add(known ? step.group(4) : Nodes.text(entry.step, "why"));
            table.row(cells.toArray());
        }
        return table;
    }
}
