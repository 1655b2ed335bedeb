package holdfast.cli;

import java.util.List;

/// Ends a command. The message and the hints are for the user; no stack trace is shown.
public final class CliException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final transient List<String> hints;

    /// @param exitCode one of [ExitCode]
    /// @param hints more lines: the field at fault, the way out
    public CliException(int exitCode, String message, String... hints) {
        super(message, null, false, false);
        this.exitCode = exitCode;
        this.hints = List.of(hints);
    }

    public int exitCode() {
        return exitCode;
    }

    public List<String> hints() {
        return hints;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
