package holdfast.federation.mail;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.Post;
import holdfast.platform.Json;
import holdfast.protocol.Message;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Mail as JSON: `{"envelopes": [{"id", "from", "to", "kind", "body"}], "taken": [ids]}`.
public final class MailText {
    private static final JsonMapper STRICT = Json.mapper()
            .rebuild()
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    private static final Pattern ID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final int DEEPEST = 16;
    private static final int MOST_TAKEN = 1_000;

    private MailText() {}

    /// One letter as it is written, to count how long it is.
    static ObjectNode tree(Letter letter) {
        var written = Json.object()
                .put("id", letter.id().toString())
                .put("from", letter.from())
                .put("to", letter.to())
                .put("kind", letter.message().getClass().getSimpleName());
        written.set("body", Json.toTree(letter.message()));
        return written;
    }

    /// The text of it.
    public static String write(Mail mail) {
        var written = Json.object();
        var envelopes = written.putArray("envelopes");
        mail.letters().stream().map(MailText::tree).forEach(envelopes::add);
        var taken = written.putArray("taken");
        mail.taken().stream().map(UUID::toString).forEach(taken::add);
        return Json.text(written);
    }

    /// Reads what came. One letter that cannot be read spoils all, so that none is lost unseen.
    ///
    /// @return [Refusal.Kind#MALFORMED] with the field
    public static Answer<Mail> read(String text) {
        try {
            if (text.length() > Mail.LARGEST) {
                throw wrong("body", "has " + text.length() + " characters: send at most " + Mail.LARGEST);
            }
            return Answer.yes(mail(Json.tree(text)));
        } catch (JacksonException _) {
            return Answer.no(Refusal.malformed("body", "the body is no JSON: send {\"envelopes\": [], \"taken\": []}"));
        } catch (RefusedException e) {
            return Answer.no(e.refusal());
        }
    }

    private static Mail mail(JsonNode tree) {
        if (!tree.isObject()) {
            throw wrong("body", "must be an object with envelopes and taken");
        }
        Json.unfit(tree, DEEPEST).ifPresent(rule -> {
            throw wrong("body", rule);
        });
        var envelopes = list(tree, "envelopes", Mail.MOST);
        var letters = IntStream.range(0, envelopes.size())
                .mapToObj(i -> letter("envelopes[" + i + "]", envelopes.get(i)))
                .toList();
        var taken = list(tree, "taken", MOST_TAKEN);
        return new Mail(
                letters,
                IntStream.range(0, taken.size())
                        .mapToObj(i -> id("taken[" + i + "]", taken.get(i)))
                        .toList());
    }

    private static List<JsonNode> list(JsonNode tree, String field, int most) {
        var node = tree.path(field);
        if (node.isMissingNode() || node.isNull()) {
            return List.of();
        }
        if (!node.isArray() || node.size() > most) {
            throw wrong(field, "must be a list of at most " + most);
        }
        return StreamSupport.stream(node.spliterator(), false).toList();
    }

    private static Letter letter(String at, JsonNode node) {
        var word = text(at + ".kind", node.path("kind"));
        var kind = Post.kind(word)
                .filter(Abroad.KINDS::contains)
                .orElseThrow(() -> wrong(
                        at + ".kind",
                        "is " + shortened(word) + ", which no domain says to another: send one of " + Abroad.words()));
        return new Letter(
                id(at + ".id", node.path("id")),
                text(at + ".from", node.path("from")),
                text(at + ".to", node.path("to")),
                body(at + ".body", kind, node.path("body")));
    }

    /// Whatever is wrong with it, it is theirs: what it holds may be secret, so only what it should be is said.
    private static Message body(String at, Class<? extends Message> kind, JsonNode node) {
        if (node.isObject()) {
            try {
                return STRICT.treeToValue(node, kind);
            } catch (RuntimeException _) {
                // told below
            }
        }
        throw wrong(at, "is no " + kind.getSimpleName());
    }

    private static UUID id(String at, JsonNode node) {
        var text = text(at, node);
        if (!ID.matcher(text).matches()) {
            throw wrong(at, "must be a UUID");
        }
        return UUID.fromString(text);
    }

    private static String text(String at, JsonNode node) {
        if (!node.isString()) {
            throw wrong(at, "must be text");
        }
        return node.stringValue();
    }

    private static String shortened(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }

    private static RefusedException wrong(String field, String rule) {
        return new RefusedException(Refusal.malformed(field, field + " " + rule));
    }
}
