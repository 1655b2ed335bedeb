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
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

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

    /// @return the instance of an earlier request with the same token; MALFORMED for a token that is too long,
    ///     CLASH if
    ///     that one asked for something else
    Answer<Optional<Resource>> earlier(Tx tx, UUID pool, String who, Launch launch) {
        if (launch.token().isEmpty()) {
            return Answer.yes(Optional.empty());
        }
        var token = launch.token().get();
        if (token.length() > LONGEST) {
            return Answer.no(Refusal.malformed("X-Client-Token", "a client token has at most 255 characters"));
        }
        tx.sql()
                .deleteFrom(LAUNCH_TOKEN)
                .where(LAUNCH_TOKEN.AT.lt(platform.now().minus(KEPT)))
                .execute();
        var row = tx.sql()
                .selectFrom(LAUNCH_TOKEN)
                .where(LAUNCH_TOKEN.POOL.eq(pool).and(LAUNCH_TOKEN.WHO.eq(who)).and(LAUNCH_TOKEN.TOKEN.eq(token)))
                .fetchOptional();
        if (row.isPresent() && !row.get().getDigest().equals(digest(launch))) {
            return Answer.no(Refusal.clash("the client token was used for another request within the last day"));
        }
        return Answer.yes(row.flatMap(known -> resources.find(tx, known.getInstance())));
    }

    /// Remembers what a token was for. Of two at the same time the second one fails and is tried again.
    Resource keep(Tx tx, UUID pool, String who, Launch launch, Resource made) {
        launch.token()
                .ifPresent(token -> tx.sql()
                        .insertInto(LAUNCH_TOKEN)
                        .values(pool, who, token, digest(launch), made.id(), platform.now())
                        .execute());
        return made;
    }

    private static String digest(Launch launch) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(Json.text(launch).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every platform", e);
        }
    }
}
