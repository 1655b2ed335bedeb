package holdfast.orchestrator.instances;

import static holdfast.db.Tables.LAUNCH_TOKEN;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Words by which clients say that they ask for the same once more, because they do not know whether they were heard
/// (aeolus.md 7, row 12): within a day the first answer counts.
final class LaunchTokens {
    private static final Duration KEPT = Duration.ofHours(24);
    private static final int LONGEST = 255;

    private final Platform platform;
    private final Resources resources;

    LaunchTokens(Platform platform, Resources resources) {
        this.platform = platform;
        this.resources = resources;
    }

    /// Does what a request asks for, unless it was done for an earlier one with the same token. Of two at the same
    /// time the second waits for the first.
    ///
    /// @param request all that was asked for
    /// @param work makes one or several
    /// @return what was made, then or now; MALFORMED for a token that is too long, CLASH if the earlier request
    ///     asked
    ///     for something else, both with the name of the token
    Answer<List<Resource>> once(
            Tx tx,
            UUID pool,
            String who,
            Optional<String> token,
            Record request,
            Supplier<Answer<List<Resource>>> work) {
        if (token.isEmpty()) {
            return work.get();
        }
        if (token.get().length() > LONGEST) {
            return Answer.no(
                    Refusal.malformed(Deployments.TOKEN, "a client token has at most " + LONGEST + " characters"));
        }
        tx.sql()
                .fetch(
                        "select pg_advisory_xact_lock(hashtextextended(?, 0))",
                        "token " + pool + " " + who + " " + token.get());
        tx.sql()
                .deleteFrom(LAUNCH_TOKEN)
                .where(LAUNCH_TOKEN.AT.lt(platform.now().minus(KEPT)))
                .execute();
        var row = tx.sql()
                .selectFrom(LAUNCH_TOKEN)
                .where(LAUNCH_TOKEN.POOL.eq(pool).and(LAUNCH_TOKEN.WHO.eq(who)).and(LAUNCH_TOKEN.TOKEN.eq(token.get())))
                .fetchOptional();
        if (row.isEmpty()) {
            return work.get().map(made -> kept(tx, pool, who, token.get(), digest(request), made));
        }
        if (!row.get().getDigest().equals(digest(request))) {
            return Answer.no(new Refusal(
                    Refusal.Kind.CLASH,
                    "the client token was used for another request within the last day",
                    Optional.of(Deployments.TOKEN),
                    Optional.empty()));
        }
        var made = Stream.concat(
                        Stream.of(row.get().getMade()), Arrays.stream(row.get().getOthers()))
                .flatMap(id -> resources.find(tx, id).stream())
                .toList();
        return made.isEmpty()
                ? Answer.no(Refusal.notThere("what was made with this client token is gone"))
                : Answer.yes(made);
    }

    private List<Resource> kept(Tx tx, UUID pool, String who, String token, String digest, List<Resource> made) {
        var others = made.stream().skip(1).map(Resource::id).toArray(UUID[]::new);
        tx.sql()
                .insertInto(LAUNCH_TOKEN)
                .set(LAUNCH_TOKEN.POOL, pool)
                .set(LAUNCH_TOKEN.WHO, who)
                .set(LAUNCH_TOKEN.TOKEN, token)
                .set(LAUNCH_TOKEN.DIGEST, digest)
                .set(LAUNCH_TOKEN.MADE, made.getFirst().id())
                .set(LAUNCH_TOKEN.OTHERS, others)
                .set(LAUNCH_TOKEN.AT, platform.now())
                .execute();
        return made;
    }

    private static String digest(Record request) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(Json.text(request).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every platform", e);
        }
    }
}
