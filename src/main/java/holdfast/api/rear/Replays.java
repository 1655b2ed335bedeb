package holdfast.api.rear;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.federation.wire.Call;
import holdfast.federation.wire.Reply;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Whoever names a question in `X-REAR-Request-Id` and asks it again within ten minutes gets the same answer, and
/// nothing happens twice (fluidos.md 5.9).
final class Replays {
    static final String HEADER = "x-rear-request-id";
    private static final String FIELD = "answer";
    private static final Duration KEPT = Duration.ofMinutes(10);
    private static final Pattern ID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private final Platform platform;
    private final Secrets secrets;

    /// @param secrets by which answers are sealed: that of a purchase holds a secret
    Replays(Platform platform, Secrets secrets) {
        this.platform = platform;
        this.secrets = secrets;
    }

    /// The answer that was given before, or that of `answer`, which is kept in the same transaction as what it
    /// does. Who asks the same at the same time waits for it. What only reads is read again.
    Reply once(Tx tx, Asked asked, Supplier<Reply> answer) {
        var named = asked.call().header(HEADER);
        return named.isPresent() && !asked.call().method().equals("GET")
                ? once(tx, id(named.get()), digest(asked), answer)
                : answer.get();
    }

    private Reply once(Tx tx, UUID id, String question, Supplier<Reply> answer) {
        if (!begin(tx, id, question)) {
            var before = tx.sql().fetchSingle("select question, answer from asked_once where request = ?", id);
            if (!question.equals(before.get("question", String.class))) {
                throw RearProblem.of(
                        409,
                        "the request id " + id + " was used for another question: take a new one for each question");
            }
            return secrets.unseal(id, FIELD, before.get("answer", String.class))
                    .map(told -> Json.read(told, Reply.class))
                    .orElseThrow(() -> RearProblem.of(
                            409,
                            "what was answered to the request id " + id
                                    + " cannot be read any more: ask again under a new one"));
        }
        var reply = answer.get();
        tx.sql()
                .execute(
                        "update asked_once set answer = ? where request = ?",
                        secrets.seal(id, FIELD, Json.text(reply)),
                        id);
        return reply;
    }

    /// @return whether nobody asked under that id of late
    private boolean begin(Tx tx, UUID id, String question) {
        var now = platform.now();
        return tx.sql().execute("""
                        insert into asked_once (request, question, made) values (?, ?, ?::timestamptz)
                        on conflict (request) do update
                        set question = excluded.question, answer = null, made = excluded.made
                        where asked_once.made <= ?::timestamptz
                        """, id, question, now, now.minus(KEPT)) == 1;
    }

    private static UUID id(String text) {
        if (!ID.matcher(text).matches()) {
            throw RearProblem.malformed(
                    "X-REAR-Request-Id",
                    "X-REAR-Request-Id must be a UUID, such as 123e4567-e89b-42d3-a456-426614174000");
        }
        return UUID.fromString(text);
    }

    private static String digest(Asked asked) {
        var call = asked.call();
        var said = Json.text(Json.array()
                .add(asked.passport().key())
                .add(call.toString())
                .add(Json.toTree(new TreeMap<>(call.query())))
                .add(spoken(call))
                .add(call.body()));
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(said.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    private static String spoken(Call call) {
        return Optional.ofNullable(call.headers().get("accept")).orElse("");
    }

    /// Forgets answers that are told no more.
    int prune(Tx tx, Instant ignored, int limit) {
        return tx.sql().execute("""
                delete from asked_once where request in (select request from asked_once where made < ?::timestamptz limit ?)
                """, platform.now().minus(KEPT), limit);
    }
}
