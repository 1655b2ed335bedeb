package holdfast.cli;

import holdfast.platform.Standard;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;

/// Where a command writes: answers to one stream, progress and errors to the other.
///
/// @param watched whether somebody looks at `out`, so that tables are fitted
/// @param lively whether somebody looks at `err`, so that progress may be redrawn in place
/// @param color whether colours are wanted
/// @param width columns to fit tables to; unlimited if nobody looks, and `COLUMNS` does not say it
/// @param zone in which times are shown to people
public record Terminal(
        PrintWriter out, PrintWriter err, boolean watched, boolean lively, boolean color, int width, ZoneId zone) {
    private static final int UNLIMITED = 100_000;

    /// Ways to set a word off.
    enum Style {
        GOOD("32"),
        BAD("31"),
        BUSY("33"),
        STRONG("1"),
        FAINT("2"),
        PLAIN("");

        private final String code;

        Style(String code) {
            this.code = code;
        }
    }

    /// The terminal or the files that this process was started on. `NO_COLOR` and `COLUMNS` are respected.
    public static Terminal system(Map<String, String> environment) {
        boolean watched = Standard.isTerminal(Standard.Stream.OUT);
        boolean lively = Standard.isTerminal(Standard.Stream.ERR) && !"dumb".equals(environment.get("TERM"));
        boolean color = watched
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(environment.get("TERM"));
        var columns = Optional.ofNullable(environment.get("COLUMNS"))
                .filter(text -> text.matches("[1-9][0-9]{0,4}"))
                .map(Integer::parseInt);
        int width = columns.orElseGet(
                () -> watched || lively ? Standard.terminalColumns().orElse(80) : UNLIMITED);
        return new Terminal(
                writer(FileDescriptor.out, "stdout.encoding"),
                writer(FileDescriptor.err, "stderr.encoding"),
                watched,
                lively,
                color,
                width,
                ZoneId.systemDefault());
    }

    private static PrintWriter writer(FileDescriptor descriptor, String encoding) {
        var charset = Charset.forName(System.getProperty(encoding, "UTF-8"));
        return new PrintWriter(new PrintStream(new FileOutputStream(descriptor), false, charset), true, charset);
    }

    /// Columns that a table may take. What somebody sends on, while he looks at progress, is not cut.
    int tableWidth() {
        return watched || !lively ? width : UNLIMITED;
    }

    /// The text, set off if colours are wanted.
    String styled(Style style, String text) {
        return !color || style == Style.PLAIN || text.isEmpty() ? text : "\033[" + style.code + "m" + text + "\033[0m";
    }

    void print(String line) {
        out.println(line);
        out.flush();
    }

    /// For progress, notes and errors.
    void note(String line) {
        err.println(line);
        err.flush();
    }
}
