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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// What is done for one wish, step by step, as the journals of the servers that take part have it.
final class TraceView {
    /// More steps than one wish can have.
    private static final int MOST = 2_000;

    private static final Pattern STEP = Pattern.compile("((?:W\\d+ (?:#\\w+ )*)*)([A-Z_]+): (.*)", Pattern.DOTALL);
    private static final Pattern NUMBERED = Pattern.compile("(W\\d+) ((?:#\\w+ )+)");

    private final List<Entry> entries;
    private final Set<String> workflows;

    private TraceView(List<Entry> entries) {
        this.entries = entries;
        this.workflows = entries.stream()
                .map(entry -> entry.numbers().keySet())
                .filter(some -> some.size() == 1)
                .flatMap(Set::stream)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private record Entry(String server, JsonNode step) {
        Instant at() {
            return Instant.parse(Nodes.text(step, "at"));
        }

        Matcher words() {
            return STEP.matcher(Nodes.text(step, "why"));
        }

        /// By workflow; of several while it is not known which one it is.
        Map<String, String> numbers() {
            var numbers = new TreeMap<String, String>();
            var words = words();
            if (words.matches())
                NUMBERED.matcher(words.group(1))
                        .results()
                        .forEach(found ->
                                numbers.put(found.group(1), found.group(2).strip()));
            return numbers;
        }
    }

    /// The workflows in which something was bought.
    Set<String> workflows() {
        return workflows;
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
            var step = entry.words();
            boolean known = step.matches();
            cells.add(known ? numbers(entry) : "");
            cells.add(known ? step.group(2).toLowerCase(Locale.ROOT).replace('_', ' ') : "");
            cells.add(Nodes.text(entry.step, "resourceType"));
            cells.add(known ? step.group(3) : Nodes.text(entry.step, "why"));
            table.row(cells.toArray());
        }
        return table;
    }

    /// What was done before anybody could know the workflow has numbers of all: those are told that it came to be.
    private String numbers(Entry entry) {
        return entry.numbers().entrySet().stream()
                .filter(each -> workflows.isEmpty() || workflows.contains(each.getKey()))
                .map(each -> workflows.size() == 1 ? each.getValue() : each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(" "));
    }
}
