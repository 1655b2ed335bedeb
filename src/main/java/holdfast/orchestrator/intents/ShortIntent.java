package holdfast.orchestrator.intents;

import holdfast.core.Answer;
import holdfast.orchestrator.intents.Intent.Part;
import holdfast.orchestrator.intents.Intent.Size;
import holdfast.orchestrator.intents.Intent.Within;
import holdfast.protocol.rear.Constraint;
import holdfast.protocol.rear.Objective;
import holdfast.protocol.rear.Wish;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Our own way to write an intent:
///
/// ```yaml
/// name: render-farm
/// objective: cheapest
/// hours: 4
/// parts:
///   - {name: front, cpu: 2, memory: 4Gi, hard: [latency <= 40ms]}
///   - {name: store, cpu: 1, memory: 2Gi, disk: 20Gi, within: here}
///   - {name: queue, kind: service, category: message-queue}
/// ```
final class ShortIntent {
    private static final int MOST_HOURS = 24 * 366;
    private static final int MOST_GPUS = 8;

    private ShortIntent() {}

    static Intent read(JsonNode tree, Instant now) {
        var fields = new Fields(tree, "");
        fields.only("name", "objective", "hours", "notBefore", "deadline", "keepPartial", "within", "parts");
        var name = fields.required("name", "my-intent");
        var within = within(fields).orElse(Within.ANYWHERE);
        var parts = fields.list("parts", Intent.MOST_PARTS);
        return new Intent(
                name,
                Intent.Form.SHORT,
                objective(fields),
                parts.stream()
                        .filter(part -> !isService(part))
                        .map(part -> part(part, within))
                        .toList(),
                fields.whole("hours", 1, MOST_HOURS).map(Duration::ofHours),
                time(fields, "notBefore", now),
                time(fields, "deadline", now),
                fields.flag("keepPartial"),
                parts.stream()
                        .filter(ShortIntent::isService)
                        .map(ShortIntent::service)
                        .toList());
    }

    private static boolean isService(Fields part) {
        return part.text("kind").orElse("").equals("service");
    }

    private static Intent.Service service(Fields part) {
        part.only("name", "kind", "category", "tag");
        return new Intent.Service(
                part.required("name", "queue"), part.required("category", "message-queue"), part.text("tag"));
    }

    private static Part part(Fields part, Within usual) {
        part.only("name", "kind", "cpu", "memory", "disk", "gpu", "image", "within", "hard", "soft");
        var kind = part.text("kind").orElse("compute");
        if (!kind.equals("compute")) {
            throw Fields.refused(part.at("kind"), "is '" + Fields.shorten(kind) + "'; it must be compute or service");
        }
        return new Part(
                part.required("name", "front"),
                new Size(
                        part.amount("cpu").orElse(Size.SMALL.cpu()),
                        part.amount("memory").orElse(Size.SMALL.memory()),
                        part.amount("disk").orElse(Size.SMALL.disk()),
                        part.whole("gpu", 0, MOST_GPUS).orElse(0)),
                part.text("image"),
                within(part).orElse(usual),
                constraints(part, "hard"),
                constraints(part, "soft"),
                Map.of());
    }

    private static List<Constraint> constraints(Fields part, String name) {
        return part.list(name, Wish.MOST).stream()
                .map(entry -> {
                    if (!entry.node().isString()) {
                        throw Fields.refused(entry.path(), "must be a text such as latency <= 40ms");
                    }
                    return switch (Constraint.of(entry.node().stringValue())) {
                        case Answer.Yes<Constraint>(var constraint) -> constraint;
                        case Answer.No<Constraint>(var why) ->
                            throw Fields.refused(entry.path(), "is wrong: " + why.message());
                    };
                })
                .toList();
    }

    private static Objective objective(Fields fields) {
        return fields.text("objective")
                .map(word -> Objective.of(word)
                        .orElseThrow(() -> Fields.refused(
                                fields.at("objective"),
                                "is '" + Fields.shorten(word) + "'; it must be one of " + Objective.all())))
                .orElse(Objective.CHEAPEST);
    }

    private static Optional<Within> within(Fields fields) {
        return fields.text("within")
                .map(word -> Arrays.stream(Within.values())
                        .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(word))
                        .findFirst()
                        .orElseThrow(() -> Fields.refused(
                                fields.at("within"),
                                "is '" + Fields.shorten(word) + "'; it must be here, anywhere or outside")));
    }

    /// A time with a zone, or hours from now, such as `+6h`.
    private static Optional<Instant> time(Fields fields, String name, Instant now) {
        return fields.text(name).map(text -> {
            if (text.matches("\\+\\d{1,4}h")) {
                return now.plus(Duration.ofHours(Long.parseLong(text.substring(1, text.length() - 1))));
            }
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException _) {
                throw Fields.refused(
                        fields.at(name),
                        "is '" + Fields.shorten(text)
                                + "'; it must be a time with a zone such as 2030-01-07T08:00:00Z, or hours from now"
                                + " such as +6h");
            }
        });
    }
}
