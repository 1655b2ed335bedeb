package holdfast.api.resources;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.core.Demand;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.inventory.Catalog;
import holdfast.inventory.Graph;
import holdfast.inventory.GraphMl;
import holdfast.inventory.NodeLink;
import holdfast.inventory.SliceGraph;
import holdfast.inventory.Validation;
import holdfast.orchestrator.SliceRequest;
import holdfast.platform.ParseFault;
import holdfast.platform.Platform;
import holdfast.protocol.rear.Wish;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Understands what a user asks for in any of the ways to write it: a graph as GraphML or node-link text, or fields as
/// JSON or YAML with a graph or a short list of nodes in them.
final class Intake {
    private static final Duration DEFAULT_TERM = Duration.ofHours(24);
    private static final long MOST_HOURS = 24 * 366;
    private static final int MOST_KEYS = 32;
    private static final int LONGEST_KEY = 8_192;
    private static final int LONGEST_TEXT = 200;
    private static final int MOST_FAULTS = 100;
    private static final Pattern KEY = Pattern.compile("(ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/=]+( .*)?");

    private static final ObjectMapper JSON = strict(JsonMapper.builder(JsonFactory.builder()
            .streamReadConstraints(constraints(70_000_000))
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build()));
    private static final ObjectMapper YAML = strict(YAMLMapper.builder(YAMLFactory.builder()
            .streamReadConstraints(constraints(1_000_000))
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build()));

    private final Catalog catalog;
    private final Platform platform;

    Intake(Catalog catalog, Platform platform) {
        this.catalog = catalog;
        this.platform = platform;
    }

    private static StreamReadConstraints constraints(int longest) {
        return StreamReadConstraints.builder()
                .maxNestingDepth(16)
                .maxNumberLength(100)
                .maxStringLength(longest)
                .build();
    }

    private static ObjectMapper strict(tools.jackson.databind.cfg.MapperBuilder<?, ?> builder) {
        return builder.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    }

    /// What was asked for, or everything that is wrong with it.
    sealed interface Read {
        record Understood(SliceRequest request) implements Read {}

        /// @param faults at least one
        record Faulty(List<Refusal> faults) implements Read {}
    }

    /// Fields of a request, whichever way they came.
    private record Fields(
            String name,
            Optional<String> start,
            Optional<String> end,
            Optional<Long> hours,
            List<String> sshKeys,
            Optional<Wish> elsewhere) {}

    /// Whether a body of this type is an object of fields, and never a large graph.
    static boolean isYaml(String mediaType) {
        return mediaType.equals("application/yaml")
                || mediaType.equals("application/x-yaml")
                || mediaType.equals("text/yaml");
    }

    /// @throws Problem if it cannot even be read
    Read read(Ask ask, byte[] body) {
        var text = text(body);
        var first = text.stripLeading();
        if (isYaml(ask.http().mediaType())) {
            return fields(tree(YAML, text, "YAML"));
        }
        if (first.startsWith("<")) {
            return graph(ask, GraphMl.read(text), text);
        }
        if (!first.startsWith("{")) {
            throw Problem.malformed(
                    "body", "the body must be JSON or GraphML, or YAML with the header Content-Type: application/yaml");
        }
        var tree = tree(JSON, text, "JSON");
        if (tree.has("links") || tree.has("directed")) {
            var graph = NodeLink.read(text);
            return graph(ask, graph, GraphMl.write(graph));
        }
        return fields(tree);
    }

    /// A JSON object.
    ///
    /// @throws Problem if it is none
    static JsonNode json(byte[] body) {
        return tree(JSON, text(body), "JSON");
    }

    private static String text(byte[] body) {
        if (!isUtf8(body)) {
            throw Problem.malformed("body", "the body is not UTF-8");
        }
        var text = new String(body, UTF_8);
        if (text.isBlank()) {
            throw Problem.malformed("body", "the body is empty; it must say what is asked for");
        }
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /// Looks without a second copy of the whole.
    private static boolean isUtf8(byte[] body) {
        var decoder = UTF_8.newDecoder();
        var in = ByteBuffer.wrap(body);
        var out = CharBuffer.allocate(8_192);
        var result = decoder.decode(in, out, true);
        while (result.isOverflow()) {
            out.clear();
            result = decoder.decode(in, out, true);
        }
        return !result.isError();
    }

    private static JsonNode tree(ObjectMapper mapper, String text, String language) {
        try {
            var tree = mapper.readTree(text);
            if (!tree.isObject()) {
                throw Problem.malformed(
                        "body", "the body must be a " + language + " object with fields such as name and nodes");
            }
            return tree;
        } catch (JacksonException e) {
            var at = e.getLocation();
            var where = at == null || at.getLineNr() < 1 ? "body" : "line " + at.getLineNr();
            throw Problem.malformed(where, "not " + language + ", " + where + ": " + ParseFault.words(e));
        }
    }

    /// A graph as body; the fields are query parameters.
    private Read graph(Ask ask, Graph graph, String text) {
        var faults = new ArrayList<Refusal>();
        var fields = new Fields(
                ask.one("name").orElse(""),
                ask.one("start"),
                ask.one("end"),
                ask.whole("hours", 1, MOST_HOURS),
                ask.all("sshKey"),
                WishForm.any(ask.flag("elsewhere"), platform.newId()));
        if (fields.name.isEmpty()) {
            faults.add(Refusal.malformed(
                    "name", "name is missing; give it as a query parameter beside the graph, such as ?name=my-slice"));
        }
        return finish(fields, graph, text, faults);
    }

    private Read fields(JsonNode tree) {
        var faults = new ArrayList<Refusal>();
        var form = new Form(tree, "", faults);
        var fields = new Fields(
                form.requiredText("name", LONGEST_TEXT),
                form.text("start", LONGEST_TEXT),
                form.text("end", LONGEST_TEXT),
                form.whole("hours", 1, MOST_HOURS),
                form.texts("sshKeys", MOST_KEYS, LONGEST_KEY),
                WishForm.read(form, platform.newId(), faults));
        boolean given = form.has("graph");
        boolean listed = form.has("nodes");
        if (given == listed) {
            form.fault(
                    given ? "nodes" : "graph",
                    given
                            ? "graph and nodes are both given; give one of them"
                            : "what to build is missing; give graph (GraphML or node-link text) or nodes (a short list)");
        }
        var nodes = form.list("nodes", ShortForm.MOST_NODES);
        form.end();
        if (given && faults.isEmpty()) {
            var graph = form.any("graph").orElseThrow();
            return graph(fields, graph.isString() ? graph.stringValue() : graph.toString(), faults);
        }
        var written = new ShortForm(catalog, platform, faults).read(nodes);
        return switch (finish(fields, written.graph(), GraphMl.write(written.graph()), faults)) {
            case Read.Understood understood -> understood;
            case Read.Faulty(var all) ->
                new Read.Faulty(all.stream().map(written::told).toList());
        };
    }

    /// A graph as a field.
    private Read graph(Fields fields, String text, List<Refusal> faults) {
        if (text.stripLeading().startsWith("<")) {
            return finish(fields, GraphMl.read(text), text, faults);
        }
        var graph = NodeLink.read(text);
        return finish(fields, graph, GraphMl.write(graph), faults);
    }

    private Read finish(Fields fields, Graph graph, String text, List<Refusal> faults) {
        var term = term(fields, faults);
        for (int n = 0; n < fields.sshKeys.size(); n++) {
            if (!KEY.matcher(fields.sshKeys.get(n)).matches()) {
                faults.add(Refusal.malformed(
                        "sshKeys[" + n + "]",
                        "sshKeys[" + n + "] is not a public SSH key such as 'ssh-ed25519 AAAA... name'"));
            }
        }
        if (faults.isEmpty()) {
            faults.addAll(Validation.slice(graph));
        }
        var demands = List.<Demand>of();
        if (faults.isEmpty()) {
            var slice = SliceGraph.read(graph, catalog);
            faults.addAll(slice.refused());
            faults.addAll(slice.unsupported());
            demands = slice.demands();
        }
        if (!faults.isEmpty()) {
            return new Read.Faulty(List.copyOf(faults.subList(0, Math.min(faults.size(), MOST_FAULTS))));
        }
        return new Read.Understood(new SliceRequest(
                fields.name, term.orElseThrow(), demands, fields.sshKeys, Optional.of(text), fields.elsewhere));
    }

    /// From `start` (now, if not given) to `end`, or for some hours; a day, if neither is given.
    private Optional<Interval> term(Fields fields, List<Refusal> faults) {
        try {
            var start = fields.start.map(text -> Ask.time("start", text)).orElseGet(platform::now);
            if (fields.end.isPresent() && fields.hours.isPresent()) {
                throw Problem.malformed("hours", "end and hours are both given; give one of them");
            }
            var length = fields.hours.map(Duration::ofHours).orElse(DEFAULT_TERM);
            Instant end = fields.end.map(text -> Ask.time("end", text)).orElseGet(() -> start.plus(length));
            if (!start.isBefore(end)) {
                throw Problem.malformed("end", "the slice would end at " + end + ", before it starts at " + start);
            }
            return Optional.of(new Interval(start, end));
        } catch (Problem e) {
            faults.add(Refusal.malformed(e.field(), e.told()));
            return Optional.empty();
        }
    }
}
