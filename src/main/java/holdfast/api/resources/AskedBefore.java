package holdfast.api.resources;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.platform.Tx;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// A request to make something that a client may repeat because the answer was lost (promise.md 7, row 1): with the
/// same header `Idempotency-Key` it is made once within 24 hours. What was refused may be tried again.
final class AskedBefore {
    static final String HEADER = "Idempotency-Key";
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

    /// @param body what is asked for, without what was added to it here
    /// @throws Problem if the key is not 1 to 255 printable characters
    static AskedBefore of(Ask ask, ObjectNode body, Instant now) {
        var key = ask.http().header(HEADER);
        if (key.filter(text -> !KEY.matcher(text).matches()).isPresent()) {
            throw Problem.invalid(
                    "InvalidFormat",
                    HEADER,
                    HEADER + " must be 1 to 255 characters without spaces; it is '" + Form.shorten(key.get()) + "'");
        }
        return new AskedBefore(key, ask.caller().project(), hash(ask, body), now);
    }

    private static byte[] hash(Ask ask, ObjectNode body) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(String.join("/", ask.http().path()).getBytes(UTF_8));
            digest.update((byte) 0);
            digest.update(body.toString().getBytes(UTF_8));
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What was made of it before; one that is under way is waited for. It is asked before the request is judged:
    /// what was right then may be wrong by now.
    ///
    /// @return a clash if the key was used for something else
    Optional<Answer<Resource>> before(Tx tx, BiFunction<Tx, UUID, Optional<Resource>> find) {
        if (key.isEmpty()) {
            return Optional.empty();
        }
        if (isNew(tx)) {
            forget(tx);
            return Optional.empty();
        }
        return Optional.of(known(tx, find));
    }

    /// Makes it, or finds what was made meanwhile.
    ///
    /// @param make leaves nothing behind if it refuses
    /// @return a clash if the key was used for something else
    Answer<Resource> once(Tx tx, Supplier<Answer<Resource>> make, BiFunction<Tx, UUID, Optional<Resource>> find) {
        if (key.isEmpty()) {
            return make.get();
        }
        if (!isNew(tx)) {
            return known(tx, find);
        }
        var answer = make.get();
        switch (answer) {
            case Answer.Yes<Resource>(var made) ->
                tx.sql()
                        .execute(
                                "update asked_before set resource = ? where project = ? and key = ?",
                                made.id(),
                                project,
                                key.get());
            case Answer.No<Resource> _ -> forget(tx);
        }
        return answer;
    }

    /// Another one with the same key waits here until the first has ended.
    private boolean isNew(Tx tx) {
        return tx.sql()
                        .execute(
                                "insert into asked_before (project, key, hash, created) values (?, ?, ?, ?::timestamptz)"
                                        + " on conflict do nothing",
                                project,
                                key.orElseThrow(),
                                hash,
                                now)
                > 0;
    }

    private Answer<Resource> known(Tx tx, BiFunction<Tx, UUID, Optional<Resource>> find) {
        var before = tx.sql()
                .fetchSingle(
                        "select hash, resource from asked_before where project = ? and key = ?",
                        project,
                        key.orElseThrow());
        return Arrays.equals(before.get("hash", byte[].class), hash)
                ? Answer.yes(find.apply(tx, before.get("resource", UUID.class)).orElseThrow())
                : Answer.no(Refusal.clash(
                        "the " + HEADER + " '" + key.get() + "' was used for another request; take a new one"));
    }

    private void forget(Tx tx) {
        tx.sql().execute("delete from asked_before where project = ? and key = ?", project, key.orElseThrow());
    }
}
