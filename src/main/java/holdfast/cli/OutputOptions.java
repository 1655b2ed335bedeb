package holdfast.cli;

import holdfast.platform.Json;
import java.util.Collection;
import java.util.function.Supplier;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/// In which form an answer is written.
final class OutputOptions {
    /// The forms.
    enum Format {
        TABLE,
        JSON,
        YAML
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "table, json or yaml. Default: table. Times are local in tables, ISO 8601 in UTC elsewhere.")
    Format format = Format.TABLE;

    boolean table() {
        return format == Format.TABLE;
    }

    /// Writes an answer: as it came from the server, or as `table` draws it.
    void write(Terminal terminal, JsonNode answer, Supplier<String> table) {
        switch (format) {
            case TABLE -> terminal.out().print(table.get());
            case JSON -> terminal.out().println(pretty(answer));
            case YAML -> terminal.out().print(yaml(answer));
        }
        terminal.out().flush();
    }

    /// Writes a list of resources.
    ///
    /// @param none what is said instead of an empty table
    void writeAll(Terminal terminal, Collection<JsonNode> answers, Supplier<Table> table, String none) {
        var list = Json.mapper().createArrayNode();
        answers.forEach(list::add);
        write(terminal, list, () -> {
            var drawn = table.get();
            return drawn.isEmpty() ? none : drawn.text(terminal);
        });
    }

    /// Writes one of a series of answers: a line of JSON, a YAML document.
    void writeOneOfMany(Terminal terminal, JsonNode answer) {
        switch (format) {
            case TABLE -> {}
            case JSON -> terminal.out().println(Json.text(answer));
            case YAML -> terminal.out().print("---\n" + yaml(answer));
        }
        terminal.out().flush();
    }

    private static String pretty(JsonNode answer) {
        return Json.mapper().writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(answer);
    }

    /// Texts in quotes, always: bare, many readers take a PCI address such as 0000:25:00.0 for a number of base 60.
    private static String yaml(JsonNode answer) {
        return YAMLMapper.builder()
                .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
                .build()
                .writeValueAsString(answer);
    }
}
