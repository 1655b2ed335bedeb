package holdfast.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A calendar as text: a row for each host, zone and account, a column for each stretch of time.
final class Gantt {
    private static final int WIDEST = 72;
    private static final int NARROWEST = 24;
    private static final char FREE = '.';
    private static final char OTHERS = '#';
    private static final char SEVERAL = '*';
    private static final char CLEANING = '-';
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private final Terminal terminal;
    private final JsonNode calendar;
    private final Instant from;
    private final Duration column;
    private final int columns;
    /// What is known of those who are named, by id, in the order in which they are met.
    private final Map<String, JsonNode> named = new LinkedHashMap<>();

    private Gantt(Terminal terminal, JsonNode calendar, int labels) {
        this.terminal = terminal;
        this.calendar = calendar;
        this.from = Instant.parse(Nodes.text(calendar, "start"));
        var until = Instant.parse(Nodes.text(calendar, "end"));
        this.columns = Math.clamp(terminal.tableWidth() - labels - 2L, NARROWEST, WIDEST);
        var each = Duration.between(from, until).dividedBy(columns);
        this.column = each.isZero() ? Duration.ofNanos(1) : each;
    }

    static String text(Terminal terminal, JsonNode calendar) {
        var rows = Nodes.items(calendar, "rows");
        if (rows.isEmpty()) return "There is nothing to reserve yet.  holdfast provider list\n";
        int labels = rows.stream().mapToInt(row -> label(row).length()).max().orElse(0);
        return new Gantt(terminal, calendar, labels).drawn(rows, labels);
    }

    private static String label(JsonNode row) {
        var host = Nodes.text(row, "host");
        var zone = Nodes.text(row, "zone");
        var area = Nodes.text(row, "provider") + (zone.isEmpty() ? "" : "/" + zone);
        return host.isEmpty() ? area : "  " + host;
    }

    private String drawn(List<JsonNode> rows, int labels) {
        var out = new StringBuilder();
        var begin = Times.minutes(Nodes.text(calendar, "start"), terminal.zone());
        var end = Times.minutes(Nodes.text(calendar, "end"), terminal.zone());
        int between = columns - begin.length() - end.length();
        var margin = " ".repeat(labels + 2);
        out.append(margin)
                .append(begin)
                .append(between > 0 ? " ".repeat(between) : "\n" + margin + " ".repeat(columns - end.length()))
                .append(end)
                .append('\n');
        for (var row : rows)
            out.append(label(row))
                    .append(" ".repeat(labels - label(row).length() + 2))
                    .append(line(Nodes.items(row, "bars")))
                    .append('\n');
        out.append('\n').append(signs());
        named.forEach((id, holder) -> out.append(
                "%s %s (%s), %s\n".formatted(letter(id), Nodes.text(holder, "name"), id, Nodes.text(holder, "state"))));
        if (Nodes.at(calendar, "truncated").asBoolean(false)) out.append("There is more; ask for a shorter time.\n");
        return out.toString();
    }

    /// In one line, or in two where that is too long.
    private String signs() {
        var taken = "%s free   %s others".formatted(FREE, OTHERS);
        var both = "%s several   %s cleaning\n".formatted(SEVERAL, CLEANING);
        return taken + (taken.length() + 2 + both.length() > terminal.tableWidth() ? "\n" : "   ") + both;
    }

    private String line(List<JsonNode> bars) {
        var line = new char[columns];
        java.util.Arrays.fill(line, FREE);
        for (var bar : cleanings(bars)) draw(line, bar, CLEANING);
        var taken = new boolean[columns];
        for (var bar : bars) {
            char sign = sign(bar);
            for (int i = first(bar); i < last(bar, "end"); i++) {
                line[i] = taken[i] && line[i] != sign ? SEVERAL : sign;
                taken[i] = true;
            }
        }
        return new String(line);
    }

    private static List<JsonNode> cleanings(List<JsonNode> bars) {
        var cleanings = new ArrayList<JsonNode>();
        for (var bar : bars) if (!Nodes.text(bar, "cleanedUntil").isEmpty()) cleanings.add(bar);
        return cleanings;
    }

    private void draw(char[] line, JsonNode bar, char sign) {
        for (int i = first(bar); i < last(bar, "cleanedUntil"); i++) line[i] = sign;
    }

    private char sign(JsonNode bar) {
        var holder = Nodes.at(bar, "holder");
        var id = Nodes.text(holder, "id");
        if (id.isEmpty()) return OTHERS;
        named.putIfAbsent(id, holder);
        return letter(id);
    }

    private char letter(String id) {
        return LETTERS.charAt(new ArrayList<>(named.keySet()).indexOf(id) % LETTERS.length());
    }

    private int first(JsonNode bar) {
        return column(Nodes.text(bar, "start"), false);
    }

    /// The column behind the last one that it touches.
    private int last(JsonNode bar, String member) {
        var end = Nodes.text(bar, member);
        return end.isEmpty() ? columns : column(end, true);
    }

    private int column(String time, boolean up) {
        var since = Duration.between(from, Instant.parse(time));
        if (since.isNegative()) return 0;
        long whole = since.dividedBy(column);
        boolean more = up && column.multipliedBy(whole).compareTo(since) < 0;
        return (int) Math.min(columns, whole + (more ? 1 : 0));
    }
}
