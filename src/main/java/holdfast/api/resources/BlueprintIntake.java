package holdfast.api.resources;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.broker.services.Blueprint;
import holdfast.broker.services.Category;
import holdfast.broker.services.Manifest;
import holdfast.broker.services.Ware;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.platform.Json;
import holdfast.platform.ParseFault;
import holdfast.protocol.rear.FlavorIds;
import holdfast.protocol.rear.HostingPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Reads a ServiceBlueprint as clusters have them (fluidos.md 2.9), in YAML or JSON. Beside what they have it may say
/// what buyers may set (`spec.configurationTemplate`), and what it costs (`spec.price`).
public final class BlueprintIntake {
    /// In bytes.
    static final int LARGEST = 256 << 10;

    private static final int LONGEST = 253;
    private static final int LONGEST_TEXT = 4_000;
    private static final int LONGEST_NAME = 40;
    private static final int MOST_TAGS = 50;
    private static final int MOST_TEMPLATES = 64;
    private static final String TEXT = "text";
    private static final ObjectMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(40)
                            .maxNumberLength(100)
                            .maxStringLength(LARGEST)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private BlueprintIntake() {}

    /// @param body as it is, or as the field `text` of an object
    /// @throws Problem with all that is wrong
    static Ware read(byte[] body) {
        var faults = new ArrayList<Refusal>();
        var ware = understood(tree(new String(body, UTF_8)), faults);
        if (!faults.isEmpty()) {
            throw Problem.of(faults);
        }
        return ware.orElseThrow();
    }

    /// The same of one that is read already.
    ///
    /// @return the first thing that is wrong, if something is
    public static Answer<Ware> understand(JsonNode manifest) {
        var faults = new ArrayList<Refusal>();
        var ware = understood(manifest, faults);
        return faults.isEmpty() ? Answer.yes(ware.orElseThrow()) : Answer.no(faults.getFirst());
    }

    private static Optional<Ware> understood(JsonNode manifest, List<Refusal> faults) {
        var form = new Form(manifest, "", faults);
        form.text("apiVersion", LONGEST)
                .filter(version -> !version.startsWith("nodecore.fluidos.eu/"))
                .ifPresent(version -> form.fault(
                        "apiVersion", "apiVersion is " + version + "; it must be nodecore.fluidos.eu/v1alpha1"));
        form.text("kind", LONGEST)
                .filter(kind -> !kind.equals("ServiceBlueprint"))
                .ifPresent(kind -> form.fault("kind", "kind is " + kind + "; it must be ServiceBlueprint"));
        form.any("status"); // what a cluster has made of it
        var metadata = form.any("metadata").orElse(MissingNode.getInstance());
        var name = metadata.path("name").asString("");
        if (name.length() > LONGEST_NAME || !FlavorIds.valid(name)) {
            form.fault(
                    "metadata.name",
                    "metadata.name is '" + Form.shorten(name) + "'; write 1 to " + LONGEST_NAME
                            + " lower-case letters, digits, dashes and dots");
        }
        if (!form.has("spec")) {
            form.fault("spec", "spec is missing; it says what the service is");
        }
        var ware = KindIntake.object(form, "spec", faults).map(spec -> spec(name, spec, faults));
        form.end();
        if (faults.isEmpty()) {
            faults.addAll(ware.orElseThrow().blueprint().faults());
        }
        return ware;
    }

    private static JsonNode tree(String text) {
        try {
            var tree = text.isBlank() ? MissingNode.getInstance() : YAML.readTree(text);
            if (tree.size() == 1 && tree.path(TEXT).isString()) {
                tree = YAML.readTree(tree.path(TEXT).stringValue());
            }
            if (tree.isObject()) {
                return tree;
            }
        } catch (JacksonException e) {
            throw Problem.badBody("the blueprint is no single document of YAML or JSON: " + ParseFault.words(e));
        }
        throw Problem.badBody("the blueprint must be an object with metadata and spec, in YAML or JSON");
    }

    private static Ware spec(String name, Form spec, List<Refusal> faults) {
        var word = spec.requiredText("category", LONGEST);
        var category = Category.of(word);
        if (!word.isEmpty() && category.isEmpty()) {
            spec.fault(
                    "category",
                    "spec.category is '" + Form.shorten(word) + "', which no node knows; there are "
                            + Category.words());
        }
        var known = category.orElse(Category.DATABASE);
        var blueprint = new Blueprint(
                spec.requiredText("name", LONGEST),
                prose(spec),
                known,
                spec.texts("tags", MOST_TAGS, LONGEST),
                hosting(spec),
                template(spec).orElseGet(known::template),
                manifests(spec, faults));
        var price = FlavorIntake.price(spec, faults);
        spec.end();
        return new Ware(name, blueprint, price);
    }

    /// It may have several lines.
    private static String prose(Form spec) {
        var text = spec.any("description").map(node -> node.asString("")).orElse("");
        if (text.length() > LONGEST_TEXT) {
            spec.fault(
                    "description",
                    "spec.description has " + text.length() + " characters; write at most " + LONGEST_TEXT);
        }
        return text;
    }

    private static List<HostingPolicy> hosting(Form spec) {
        var policies = new ArrayList<HostingPolicy>();
        for (var word : spec.texts("hostingPolicies", HostingPolicy.values().length, LONGEST)) {
            HostingPolicy.of(word)
                    .ifPresentOrElse(
                            policies::add,
                            () -> spec.fault(
                                    "hostingPolicies",
                                    "spec.hostingPolicies has '" + Form.shorten(word)
                                            + "'; there are Provider, Consumer and Shared"));
        }
        return policies;
    }

    /// As an object, or as a text with one in it (A22).
    private static Optional<JsonNode> template(Form spec) {
        return spec.any("configurationTemplate").map(node -> {
            try {
                return node.isString() ? Json.tree(node.stringValue()) : node;
            } catch (JacksonException _) {
                return node;
            }
        });
    }

    private static List<Manifest> manifests(Form spec, List<Refusal> faults) {
        var manifests = new ArrayList<Manifest>();
        for (var each : spec.list("templates", MOST_TEMPLATES)) {
            var inner = new Form(each, spec.at("templates") + "[" + manifests.size() + "]", faults);
            manifests.add(new Manifest(
                    inner.requiredText("name", LONGEST),
                    inner.text("description", LONGEST_TEXT).orElse(""),
                    inner.any("serviceData").orElse(MissingNode.getInstance())));
            inner.end();
        }
        return manifests;
    }
}
