package holdfast.orchestrator.intents;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.platform.ParseFault;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Tells in which form an intent is written, and reads it (fluidos.md 2.10): XML is MSPL; YAML or JSON with `kind` is
/// a manifest, annotated or not; anything else must be the short form.
public final class IntentText {
    /// In bytes of UTF-8.
    public static final int LARGEST = 256 << 10;

    static final int LONGEST_PART = 60;
    static final Pattern NAME = Pattern.compile("[\\p{Alnum}][\\p{Alnum} ._-]{2,79}");

    private static final ObjectMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(32)
                            .maxNumberLength(100)
                            .maxStringLength(LARGEST)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private IntentText() {}

    /// What the text says, or what is wrong with it and where.
    ///
    /// @param now from which hours are counted
    static Answer<Intent> read(String text, Instant now) {
        try {
            var intent = understood(text, now);
            check(intent, now);
            return Answer.yes(intent);
        } catch (RefusedException e) {
            return Answer.no(e.refusal());
        }
    }

    private static Intent understood(String text, Instant now) {
        if (text.getBytes(StandardCharsets.UTF_8).length > LARGEST) {
            throw Fields.refused("intent", "is longer than " + (LARGEST >> 10) + " KiB; shorten it");
        }
        if (text.isBlank()) {
            throw Fields.refused(
                    "intent", "is empty; write a manifest of Kubernetes, MSPL, or the short form with name and parts");
        }
        if (text.stripLeading().startsWith("<")) {
            return Mspl.read(text);
        }
        var tree = tree(text);
        return tree.has("kind") ? Manifest.read(tree, text, now) : ShortIntent.read(tree, now);
    }

    private static JsonNode tree(String text) {
        try {
            var tree = YAML.readTree(text);
            if (tree.isObject()) {
                return tree;
            }
        } catch (JacksonException e) {
            var at = e.getLocation();
            var line = at == null || at.getLineNr() < 1 ? "" : "line " + at.getLineNr() + ": ";
            throw new RefusedException(Refusal.malformed(
                    "intent", "the intent is no single document of YAML, JSON or XML: " + line + ParseFault.words(e)));
        }
        throw Fields.refused("intent", "must be an object with fields such as kind, or name and parts");
    }

    /// What holds in every form.
    private static void check(Intent intent, Instant now) {
        if (!NAME.matcher(intent.name()).matches()) {
            throw Fields.refused(
                    "name",
                    "is '" + Fields.shorten(intent.name()) + "'; it must be 3 to 80 letters, digits, blanks, dots,"
                            + " dashes or underscores and start with a letter or digit");
        }
        var all = Stream.concat(
                        intent.parts().stream().map(Intent.Part::name),
                        intent.services().stream().map(Intent.Service::name))
                .toList();
        if (all.isEmpty() || all.size() > Intent.MOST_PARTS) {
            throw Fields.refused("parts", "are " + all.size() + "; an intent has 1 to " + Intent.MOST_PARTS + " parts");
        }
        var names = new HashSet<String>();
        for (var name : all) {
            if (name.length() > LONGEST_PART || !NAME.matcher("p-" + name).matches()) {
                throw Fields.refused(
                        "parts",
                        "have one called '" + Fields.shorten(name)
                                + "'; a name has 1 to 60 letters, digits, blanks, dots, dashes or underscores");
            }
            if (!names.add(name)) {
                throw Fields.refused("parts", "have two that are called " + name + "; rename one");
            }
        }
        intent.deadline().filter(deadline -> !deadline.isAfter(now)).ifPresent(deadline -> {
            throw Fields.refused("deadline", "is " + deadline + ", which is past; it is now " + now);
        });
        intent.notBefore()
                .filter(begin ->
                        intent.deadline().filter(end -> !begin.isBefore(end)).isPresent())
                .ifPresent(begin -> {
                    throw Fields.refused("notBefore", "is " + begin + ", which is not before the deadline");
                });
    }
}
