package holdfast.cli;

import holdfast.core.RefusedException;
import holdfast.inventory.GraphMl;
import holdfast.inventory.NodeLink;
import holdfast.platform.Json;
import holdfast.platform.ParseFault;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// A file that describes a slice, as the body of a request.
final class SliceFile {
    private SliceFile() {}

    /// Reads GraphML, node-link JSON, or the short form in YAML or JSON. The content decides, not the file's name.
    ///
    /// @throws CliException if it is none of these
    static ObjectNode read(Path file) {
        var text = Inputs.text(file);
        var start = text.stripLeading();
        if (start.startsWith("\uFEFF")) start = start.substring(1).stripLeading();
        if (start.isEmpty()) throw new CliException(ExitCode.FAILED, file + " is empty");
        return switch (start.charAt(0)) {
            case '<' -> graph(file, text);
            case '{' -> json(file, text);
            default -> shortForm(file, parse(file, () -> YAMLMapper.shared().readTree(text)));
        };
    }

    private static ObjectNode json(Path file, String text) {
        var tree = parse(file, () -> Json.tree(text));
        if (tree.path("links").isArray() || tree.path("edges").isArray()) {
            try {
                return graph(file, GraphMl.write(NodeLink.read(text)));
            } catch (RefusedException e) {
                throw refused(file, e);
            }
        }
        return shortForm(file, tree);
    }

    private static ObjectNode graph(Path file, String graphMl) {
        return Json.object().put("name", stem(file)).put("graph", graphMl);
    }

    private static ObjectNode shortForm(Path file, JsonNode tree) {
        if (!(tree instanceof ObjectNode slice) || !(slice.has("nodes") || slice.has("graph"))) {
            throw new CliException(
                    ExitCode.FAILED,
                    file + " does not describe a slice",
                    "give GraphML, node-link JSON, or the short form with a list of nodes (see examples/one-vm.yaml)");
        }
        if (!slice.has("name")) slice.put("name", stem(file));
        return slice;
    }

    private interface Reading {
        JsonNode tree();
    }

    private static JsonNode parse(Path file, Reading reading) {
        try {
            return reading.tree();
        } catch (JacksonException e) {
            var at = e.getLocation();
            var line = at == null ? "" : ", line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw new CliException(ExitCode.FAILED, file + line + ": " + ParseFault.words(e));
        }
    }

    static CliException refused(Path file, RefusedException e) {
        var field = e.refusal().field();
        return new CliException(
                ExitCode.FAILED,
                file + ": " + e.refusal().message(),
                field.map(at -> new String[] {"at " + at}).orElse(new String[0]));
    }

    private static String stem(Path file) {
        if (file.toString().equals("-")) return "slice";
        return String.valueOf(file.getFileName()).replaceFirst("\\.[A-Za-z]{1,10}$", "");
    }
}
