package holdfast.cli;

import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Where something could be made, in which order that would be tried, and why not elsewhere.
final class ExplainedView {
    private ExplainedView() {}

    static String text(JsonNode answer, Terminal terminal) {
        var accounts = Table.of(">RANK", "ACCOUNT", "CLOUD", ">GROUP", ">PRICE", "~NOTES");
        for (var one : Nodes.items(answer, "candidates"))
            accounts.row(
                    SliceView.dash(Nodes.text(one, "rank")),
                    Nodes.text(one, "provider_account", "value"),
                    Nodes.text(one, "provider", "value"),
                    SliceView.dash(Nodes.text(one, "group_score")),
                    SliceView.dash(Nodes.text(one, "price")),
                    words(one, "notes"));
        for (var one : Nodes.items(answer, "rejected_accounts"))
            accounts.row(
                    "no",
                    SliceView.dash(Nodes.text(one, "provider_account", "value")),
                    SliceView.dash(Nodes.text(one, "provider", "value")),
                    "-",
                    "-",
                    words(one, "reasons"));
        var own = words(answer, "reasons");
        boolean possible = Nodes.at(answer, "possible").asBoolean(false);
        return (possible ? "It can be made.\n" : "It cannot be made" + (own.isEmpty() ? ".\n" : ": " + own + "\n"))
                + (accounts.isEmpty() ? "" : "\n" + accounts.text(terminal));
    }

    private static String words(JsonNode one, String field) {
        return Nodes.items(one, field).stream()
                .map(word -> word.isObject() ? Nodes.text(word, "message") : word.asString(""))
                .collect(Collectors.joining("; "));
    }
}
