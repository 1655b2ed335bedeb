package holdfast.cli;

import holdfast.platform.HttpCaller.Answer;
import holdfast.platform.Json;
import java.net.URI;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Errors of the server, as a user reads them.
final class Refusals {
    /// Fields by which something is asked about.
    private static final Set<String> NAMED = Set.of("provider", "zone", "flavor");

    private Refusals() {}

    /// What an answer with an error status means to a command.
    static CliException of(Answer answer, boolean hasToken, URI server, ZoneId zone) {
        var error = tree(answer);
        var message = Nodes.text(error, "message");
        if (message.isEmpty()) message = "the server answered with status " + answer.status();
        var hints = new ArrayList<String>();
        var field = Nodes.text(error, "fieldName");
        var value = Nodes.text(error, "value");
        if (!field.isEmpty())
            hints.add("at " + field + (value.isEmpty() ? "" : ": " + value.replaceAll("\\p{Cntrl}", "?")));
        var details = Nodes.items(error, "details");
        for (var detail : details.subList(Math.min(1, details.size()), details.size())) hints.add(detail(detail));
        var earliest = Nodes.text(error, "earliest");
        if (!earliest.isEmpty())
            hints.add("there is room from " + Times.minutes(earliest, zone) + ":  --start '"
                    + Times.minutes(earliest, zone) + "'");
        Nodes.items(error, "alternatives").forEach(one -> hints.add("instead " + Alternatives.words(one, zone)));
        switch (answer.status()) {
            case 401 ->
                hints.add(
                        hasToken
                                ? "the token given is not the one of " + server + "; name its file with --token-file"
                                : "no token was found; name its file with --token-file, or set HOLDFAST_TOKEN ('holdfast up' prints where it is)");
            case 503 ->
                hints.add(answer.retryAfter()
                        .map(seconds -> "try again in " + seconds + " s")
                        .orElse("try again soon"));
            default -> {}
        }
        boolean unknown = answer.status() == 400 && NAMED.contains(field) && message.contains("; there are: ");
        return new CliException(
                unknown ? ExitCode.NOT_THERE : exitCode(answer.status()), message, hints.toArray(String[]::new));
    }

    private static int exitCode(int status) {
        return switch (status) {
            case 401, 503 -> ExitCode.NO_SERVER;
            case 404 -> ExitCode.NOT_THERE;
            case 507 -> ExitCode.NO_ROOM;
            default -> ExitCode.FAILED;
        };
    }

    private static String detail(JsonNode detail) {
        if (detail.isValueNode()) return "also: " + detail.asString("");
        var field = Nodes.text(detail, "fieldName");
        if (field.isEmpty()) field = Nodes.text(detail, "field");
        return "also: " + Nodes.text(detail, "message") + (field.isEmpty() ? "" : " (at " + field + ")");
    }

    private static JsonNode tree(Answer answer) {
        try {
            return ours(Json.tree(answer.text()));
        } catch (JacksonException _) {
            return Json.object();
        }
    }

    /// Errors of the configuration of the cloud broker, in the shape of all others: one stands below `error`,
    /// several are a list, each with its field or the account that it is about.
    private static JsonNode ours(JsonNode tree) {
        if (tree.path("error").isObject()) return tree.path("error");
        var all = Json.array();
        for (var one : Nodes.items(tree, "errors")) {
            var account = Nodes.text(one, "provider_account");
            all.add(Json.object()
                    .put("message", (account.isEmpty() ? "" : account + ": ") + Nodes.text(one, "message"))
                    .put("fieldName", Nodes.text(one, "field"))
                    .put("value", Nodes.text(one, "value")));
        }
        if (all.isEmpty()) return tree;
        return ((ObjectNode) all.get(0).deepCopy()).set("details", all);
    }
}
