package holdfast.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/// What the exit status of a command means.
public final class ExitCode {
    public static final int OK = 0;
    /// Refused, or it failed.
    public static final int FAILED = 1;
    /// The command line itself is wrong.
    public static final int USAGE = 2;
    /// What is asked about does not exist.
    public static final int NOT_THERE = 3;
    /// Not enough is free in the time asked for.
    public static final int NO_ROOM = 4;
    /// No server there, it is not ready, or it does not accept our token.
    public static final int NO_SERVER = 5;
    /// Something must be installed first.
    public static final int MISSING = 69;

    private ExitCode() {}

    /// For the foot of help texts.
    static Map<String, String> meanings() {
        var meanings = new LinkedHashMap<String, String>();
        meanings.put("0", "done");
        meanings.put("1", "refused, or it failed");
        meanings.put("2", "the command line is wrong");
        meanings.put("3", "what is asked about does not exist");
        meanings.put("4", "not enough is free in the time asked for");
        meanings.put("5", "no server there, it is not ready, or it does not accept the token");
        meanings.put("69", "something must be installed first");
        return meanings;
    }
}
