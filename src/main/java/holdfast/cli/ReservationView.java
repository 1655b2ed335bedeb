package holdfast.cli;

import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Reservations, for people.
final class ReservationView {
    private ReservationView() {}

    static Table table(Terminal terminal, List<JsonNode> all) {
        var table = Table.of("ID", "NAME", "STATE", "START", "END", "OWNER", ">PRIORITY", "~WHAT");
        for (var one : all)
            table.row(
                    Nodes.text(one, "id"),
                    Nodes.text(one, "name"),
                    Table.state(state(one)),
                    Times.minutes(Nodes.text(one, "start"), terminal.zone()),
                    end(terminal, one),
                    Nodes.text(one, "owner"),
                    Nodes.text(one, "priority"),
                    items(one));
        return table;
    }

    /// What it is for the user: capacity that was lost matters more than how far it is.
    static String state(JsonNode one) {
        var state = Nodes.text(one, "state");
        return Nodes.at(one, "atRisk").asBoolean(false) ? state + ", at risk" : state;
    }

    private static String end(Terminal terminal, JsonNode one) {
        return SliceView.dash(Times.minutes(Nodes.text(one, "end"), terminal.zone()));
    }

    private static String items(JsonNode one) {
        return Nodes.items(one, "items").stream().map(Alternatives::item).collect(Collectors.joining(", "));
    }

    /// In a line.
    static String line(Terminal terminal, JsonNode one) {
        return "%s (%s) is %s, from %s to %s: %s.\n"
                .formatted(
                        Nodes.text(one, "name"),
                        Nodes.text(one, "id"),
                        state(one),
                        Times.minutes(Nodes.text(one, "start"), terminal.zone()),
                        end(terminal, one),
                        items(one));
    }

    /// All of it.
    static String text(Terminal terminal, JsonNode one) {
        var table = Table.of("ITEM", "HELD", "~WHAT", "~WHERE");
        for (var item : Nodes.items(one, "items"))
            table.row(
                    Nodes.text(item, "id"),
                    SliceView.dash(Nodes.text(item, "held")),
                    Alternatives.item(item),
                    SliceView.dash(Nodes.items(item, "placement").stream()
                            .map(ReservationView::place)
                            .collect(Collectors.joining(", "))));
        return new Sheet(terminal, one, Nodes.text(one, "name"), state(one))
                .facts("id", "owner", "priority")
                .times("start", "end", "expiry", "goodUntil")
                .fact("trouble", Nodes.text(one, "error", "message"))
                .below(table)
                .toString();
    }

    static String place(JsonNode placement) {
        long slots = Nodes.number(placement, "slots");
        return Nodes.text(placement, "place") + (slots > 1 ? " x" + slots : "");
    }
}
