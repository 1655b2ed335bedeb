package holdfast.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.platform.Database;
import holdfast.platform.HttpRequest;
import holdfast.platform.Tx;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// A request to make something that a client may repeat because the answer was lost (promise.md 7, row 1): with the
/// same header `Idempotency-Key` it is made once within 24 hours. What was refused may be tried again.
public final class AskedBefore {
    private static final String HEADER = "Idempotency-Key";
    private static final int SHOWN = 60;
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final Optional<String> key;
    private final String project;
    private final byte[] hash;
    private final Instant now;

    private AskedBefore(Optional<String> key, String project, byte[] hash, Instant now) {
        this.key = key;
        this.project = project;
        this.hash = hash;
        this.now = now;
    }

    /// @param what is made: the same words at two interfaces are two things
    /// @param body what is asked for, without what was added to it here
    /// @throws RefusedException if the key is not 1 to 255 printable characters
    public static AskedBefore of(HttpRequest http, Caller caller, String what, JsonNode body, Instant now) {
        var key = http.header(HEADER);
        if (key.filter(text -> !KEY.matcher(text).matches()).isPresent()) {
            var shown = key.get().length() > SHOWN ? key.get().substring(0, SHOWN) + "..." : key.get();
            throw new RefusedException(Refusal.malformed(
                    HEADER, HEADER + " must be 1 to 255 characters without spaces; it is '" + shown + "'"));
        }
        return new AskedBefore(key, caller.project(), hash(what, body), now);
    }

    private static byte[] hash(String what, JsonNode body) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(what.getBytes(UTF_8));
            digest.update((byte) 0);
            digest.update(body.toString().getBytes(UTF_8));
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Somebody else has made it meanwhile.
    private static final class MadeException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MadeException() {
            super("made meanwhile with the same " + HEADER, null, false, false);
        }
    }

    /// Makes it, or finds what was made before.
    ///
    /// @param make makes it in transactions of its own, and gives its id to what it is given, in that which makes
    ///     it
    /// @return a clash if the key was used for something else
    public <T> Answer<T> once(
            Database database, Function<BiConsumer<Tx, UUID>, Answer<T>> make, BiFunction<Tx, UUID, Optional<T>> find) {
        if (key.isEmpty()) {
            return make.apply((_, _) -> {});
        }
        return before(database, find).orElseGet(() -> {
            try {
                var answer = make.apply(this::remember);
                // what was refused may be so because the same was granted meanwhile
                return answer instanceof Answer.No ? before(database, find).orElse(answer) : answer;
            } catch (MadeException _) {
                return before(database, find).orElseThrow();
            }
        });
    }

    /// What was made of it before. It is asked before the request is judged: what was right then may be wrong by
    /// now.
    ///
    /// @return a clash if the key was used for something else
    public <T> Optional<Answer<T>> before(Database database, BiFunction<Tx, UUID, Optional<T>> find) {
        if (key.isEmpty()) {
            return Optional.empty();
        }
        return database.inTransaction(tx -> tx.sql()
                .fetchOptional(
                        "select hash, resource from asked_before where project = ? and key = ?", project, key.get())
                .map(row -> Arrays.equals(row.get("hash", byte[].class), hash)
                        ? find.apply(tx, row.get("resource", UUID.class))
                                .<Answer<T>>map(Answer::yes)
                                .orElseGet(() -> Answer.no(Refusal.clash(
                                        "what was made with the " + HEADER + " '" + key.get() + "' is gone")))
                        : Answer.no(Refusal.clash("the " + HEADER + " '" + key.get()
                                + "' was used for another request; take a new one"))));
    }

    /// Another one with the same key waits here until the first has ended.
    private void remember(Tx tx, UUID made) {
        int rows = tx.sql()
                .execute(
                        "insert into asked_before (project, key, hash, resource, created) values (?, ?, ?, ?, ?::timestamptz)"
                                + " on conflict do nothing",
                        project,
                        key.orElseThrow(),
                        hash,
                        made,
                        now);
        if (rows == 0) {
            throw new MadeException();
        }
    }
}
