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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
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
        return once(tx, List.of(asked), _ -> List.of(answer.get())).getFirst();
    }

    /// The same for several who are answered together.
    ///
    /// @param answer those that were not answered before, in their order
    List<Reply> once(Tx tx, List<Asked> all, Function<List<Asked>, List<Reply>> answer) {
        var replies = new HashMap<Asked, Reply>();
        var named = new TreeMap<UUID, Asked>();
        var fresh = new ArrayList<Asked>();
        for (var asked : all) {
            try {
                var id = id(asked);
                if (id.isEmpty() || named.putIfAbsent(id.get(), asked) == null) {
                    fresh.add(asked); // the others of that id are answered as it was
                }
            } catch (RearProblem e) {
                replies.put(asked, e.reply(asked.call()));
            }
        }
        var begun = begin(tx, named);
        fresh.removeIf(asked -> id(asked).filter(id -> !begun.contains(id)).isPresent());
        if (!fresh.isEmpty()) {
            var answers = answer.apply(fresh);
            for (int i = 0; i < fresh.size(); i++) {
                replies.put(fresh.get(i), answers.get(i));
            }
            keep(tx, fresh, answers);
        }
        return all.stream()
                .map(asked -> replies.computeIfAbsent(asked, _ -> again(tx, asked)))
                .toList();
    }

    private static Optional<UUID> id(Asked asked) {
        return asked.call().method().equals("GET")
                ? Optional.empty()
                : asked.call().header(HEADER).map(Replays::id);
    }

    private Reply again(Tx tx, Asked asked) {
        var id = id(asked).orElseThrow();
        var before = tx.sql().fetchSingle("select question, answer from asked_once where request = ?", id);
        if (!digest(asked).equals(before.get("question", String.class))) {
            return RearProblem.of(
                            409,
                            "the request id " + id + " was used for another question: take a new one for each question")
                    .reply(asked.call());
        }
        return secrets.unseal(id, FIELD, before.get("answer", String.class))
                .map(told -> Json.read(told, Reply.class))
                .orElseGet(() -> RearProblem.of(
                                409,
                                "what was answered to the request id " + id
                                        + " cannot be read any more: ask again under a new one")
                        .reply(asked.call()));
    }

    /// In the order of their ids, which is the same for everybody.
    ///
    /// @return under which ids nobody asked of late
    private Set<UUID> begin(Tx tx, SortedMap<UUID, Asked> named) {
        if (named.isEmpty()) {
            return Set.of();
        }
        var now = platform.now();
        return tx.sql()
                .resultQuery(
                        """
                        insert into asked_once (request, question, made)
                        select t.request, t.question, ?::timestamptz from unnest(?::uuid[], ?::text[]) as t (request, question)
                        on conflict (request) do update
                        set question = excluded.question, answer = null, made = excluded.made
                        where asked_once.made <= ?::timestamptz
                        returning request
                        """,
                        now,
                        named.keySet().toArray(UUID[]::new),
                        named.values().stream().map(Replays::digest).toArray(String[]::new),
                        now.minus(KEPT))
                .fetchSet(row -> row.get("request", UUID.class));
    }

    private void keep(Tx tx, List<Asked> asked, List<Reply> answers) {
        var sealed = new TreeMap<UUID, String>();
        for (int i = 0; i < asked.size(); i++) {
            var answer = answers.get(i);
            id(asked.get(i)).ifPresent(id -> sealed.put(id, secrets.seal(id, FIELD, Json.text(answer))));
        }
        if (!sealed.isEmpty()) {
            tx.sql()
                    .execute(
                            """
                            update asked_once set answer = t.answer from unnest(?::uuid[], ?::text[]) as t (request, answer)
                            where asked_once.request = t.request
                            """,
                            sealed.keySet().toArray(UUID[]::new),
                            sealed.values().toArray(String[]::new));
        }
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
