package holdfast.cli;

import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/// A command that asks the server.
abstract class RemoteCommand implements Callable<Integer> {
    private static final int ALL = 10_000;

    @Mixin
    final ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    final OutputOptions output = new OutputOptions();

    final Wiring wiring;

    RemoteCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    Terminal terminal() {
        return wiring.terminal();
    }

    Client client() {
        return connection.client(wiring);
    }

    /// Writes an answer: as it came from the server, or as `text` says it.
    ///
    /// @return exit status
    final int say(JsonNode answer, Function<JsonNode, String> text) {
        output.write(terminal(), answer, () -> text.apply(answer));
        return ExitCode.OK;
    }

    final int show(String collection, String id, Function<JsonNode, String> text) {
        return say(client().get(Client.path(collection, id)), text);
    }

    final int remove(String collection, String id, Function<JsonNode, String> text) {
        return say(client().delete(Client.path(collection, id)), text);
    }

    /// Takes an action of a resource that needs no input.
    final int act(String collection, String id, String action, Function<JsonNode, String> text) {
        var path = Client.path(List.of(collection, id), Map.of("action", Optional.of(action)));
        return say(client().post(path, Json.object()), text);
    }

    /// Lists all of a collection: see [#list(List, String, Table, BiConsumer)].
    final int list(String collection, String none, Table table, BiConsumer<Table, JsonNode> row) {
        return list(client().list(List.of(collection), Map.of(), ALL), none, table, row);
    }

    /// Writes a list: as it came, or with a row for each in `table`.
    ///
    /// @param none what is said instead of an empty table
    final int list(List<JsonNode> found, String none, Table table, BiConsumer<Table, JsonNode> row) {
        output.writeAll(
                terminal(),
                found,
                () -> {
                    found.forEach(one -> row.accept(table, one));
                    return table;
                },
                none);
        return ExitCode.OK;
    }

    /// A time that was given by an option.
    ///
    /// @throws CliException if it is none
    final String time(String option, String text) {
        return Times.parse(option, text, wiring.platform().now(), terminal().zone())
                .toString();
    }

    /// A time of an answer, in the zone of whoever reads it.
    final String time(JsonNode one, String field) {
        return SliceView.dash(Times.seconds(Nodes.text(one, field), terminal().zone()));
    }
}
