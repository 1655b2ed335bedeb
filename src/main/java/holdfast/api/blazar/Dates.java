package holdfast.api.blazar;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/// Times as Blazar's clients write and read them: always UTC, to the minute on their way in, with six digits and no
/// zone on their way out (promise.md 5.4).
final class Dates {
    private static final String NOW = "now";
    private static final Pattern SHAPE = Pattern.compile("\\d{4}-\\d{1,2}-\\d{1,2} \\d{1,2}:\\d{1,2}");
    private static final DateTimeFormatter IN =
            DateTimeFormatter.ofPattern("uuuu-M-d H:m").withResolverStyle(ResolverStyle.STRICT);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    private Dates() {}

    /// `YYYY-MM-DD hh:mm`, or `now`, which is the start of this minute.
    ///
    /// @throws BlazarProblem 400 in the words that clients look for
    static Instant read(String text, Instant now) {
        if (text.equals(NOW)) {
            return minute(now);
        }
        try {
            if (SHAPE.matcher(text).matches()) {
                return LocalDateTime.parse(text, IN).toInstant(ZoneOffset.UTC);
            }
        } catch (DateTimeException _) {
            // told below
        }
        var shown = text.length() > 40 ? text.substring(0, 40) + "..." : text;
        throw BlazarProblem.malformed(shown + " is an invalid date. Required format: %Y-%m-%d %H:%M");
    }

    /// The start of the minute.
    static Instant minute(Instant at) {
        return at.truncatedTo(ChronoUnit.MINUTES);
    }

    /// Of starts, ends and events.
    static String time(Instant at) {
        return TIME.format(at);
    }

    /// Of what was made and changed.
    static String stamp(Instant at) {
        return STAMP.format(at);
    }
}
