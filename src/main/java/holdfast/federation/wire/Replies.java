package holdfast.federation.wire;

import holdfast.core.Refusal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// Answers that are no yes, as values (fluidos.md 5.1, 5.5, 5.6).
final class Replies {
    /// Of what a node says for people.
    private static final int LONGEST = 300;

    /// A pause of at most 27 hours; a date is passed over.
    private static final Pattern SECONDS = Pattern.compile("\\d{1,5}");

    private Replies() {}

    static <T> Told<T> no(Reply reply) {
        var line = line(reply.body());
        var said = "it answered " + reply.status() + (line.isEmpty() ? "" : ": " + line);
        return new Told.No<>(
                reply.status(),
                new Refusal(kind(reply.status()), said, Optional.empty(), Optional.empty()),
                reply.header("retry-after")
                        .filter(text -> SECONDS.matcher(text).matches())
                        .map(text -> Duration.ofSeconds(Long.parseLong(text))));
    }

    private static Refusal.Kind kind(int status) {
        return switch (status) {
            case 400, 413, 422 -> Refusal.Kind.MALFORMED;
            case 401, 403 -> Refusal.Kind.NOT_YOURS;
            case 404, 405, 410 -> Refusal.Kind.NOT_THERE;
            case 408, 409 -> Refusal.Kind.CLASH;
            case 429, 503 -> Refusal.Kind.SILENT;
            default -> Refusal.Kind.BROKEN;
        };
    }

    /// One line that does no harm where it is shown.
    private static String line(String body) {
        var line = body.substring(0, Math.min(body.length(), 4 * LONGEST))
                .replaceAll("[\\p{Cntrl}\\p{Cs}]+", " ")
                .strip();
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }
}
