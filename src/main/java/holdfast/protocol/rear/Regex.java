package holdfast.protocol.rear;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import holdfast.core.Answer;
import holdfast.core.Refusal;

/// A regular expression in the syntax of RE2 (fluidos.md 2.7). It takes time linear in the text that it looks at, so it
/// may come from a stranger.
public final class Regex {
    private static final int LONGEST = 1_000;
    private static final int LARGEST = 2_000;

    /// What the library may be given to compile: it writes out every repetition before anybody can see how much it
    /// is.
    private static final long MOST_WRITTEN_OUT = 100_000;

    private static final Pattern REPETITION = Pattern.compile("\\{(\\d+)(?:,(\\d*))?\\}");

    private final Pattern pattern;

    private Regex(Pattern pattern) {
        this.pattern = pattern;
    }

    /// Reads an expression of at most 1,000 characters that becomes at most 2,000 instructions.
    ///
    /// @return the expression, or why it is none; the caller names the field
    public static Answer<Regex> of(String text) {
        if (text.length() > LONGEST) {
            return no("has " + text.length() + " characters: write at most " + LONGEST);
        }
        if (writtenOut(text) > MOST_WRITTEN_OUT) {
            return no("repeats too much: use smaller numbers in braces, or + and *");
        }
        try {
            var pattern = Pattern.compile(text);
            return pattern.programSize() > LARGEST
                    ? no("stands for more than " + LARGEST + " instructions: shorten it or repeat less")
                    : Answer.yes(new Regex(pattern));
        } catch (PatternSyntaxException e) {
            return no("is none of RE2: " + e.getDescription() + "; looking around and back references are not in it");
        }
    }

    /// How long the text may become when repetitions are written out: as if each were within the others.
    private static long writtenOut(String text) {
        long length = text.length();
        var repetition = REPETITION.matcher(text);
        while (repetition.find() && length <= MOST_WRITTEN_OUT) {
            var most = repetition.group(2) == null || repetition.group(2).isEmpty()
                    ? repetition.group(1)
                    : repetition.group(2);
            length *= most.length() > 4 ? MOST_WRITTEN_OUT : Math.max(1, Long.parseLong(most));
        }
        return length;
    }

    @JsonCreator
    static Regex stored(String text) {
        return of(text).orThrow();
    }

    /// Whether it is found anywhere in `text`.
    public boolean finds(String text) {
        return pattern.matcher(text).find();
    }

    @JsonValue
    public String text() {
        return pattern.pattern();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Regex regex && text().equals(regex.text());
    }

    @Override
    public int hashCode() {
        return text().hashCode();
    }

    @Override
    public String toString() {
        return text();
    }

    private static Answer<Regex> no(String rule) {
        return Answer.no(Refusal.malformed("regex", "the regular expression " + rule));
    }
}
