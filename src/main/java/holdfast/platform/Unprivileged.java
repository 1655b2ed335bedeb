package holdfast.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How a program is started so that it does not run as root, does not get the terminal's Ctrl-C, and gets an interrupt
/// when the thread that started
/// it ends.
///
/// PostgreSQL refuses to run as root. As root we start it in a user namespace without any mapping: inside it is nobody,
/// outside its files stay root's.
/// Where such namespaces are forbidden it becomes the user `nobody`, and its directory is given to that user.
///
/// @param prefix words to put before the command; they replace themselves by it, so that it has the process id of the
/// child that we started
/// @param becomesNobody whether the directories it writes must belong to [#NOBODY]
record Unprivileged(List<String> prefix, boolean becomesNobody) {
    /// Debian's numbers for the user and the group that own nothing; numbers need no entry in the password file.
    static final int NOBODY = 65534;

    /// What works on this host for this user. Takes a few milliseconds as root, nothing else.
    static Unprivileged here() throws IOException {
        requireProgram("setsid");
        requireProgram("setpriv");
        if (!isRoot()) return new Unprivileged(List.of("setsid", "setpriv", "--pdeathsig", "INT", "--"), false);
        if (Commands.run("unshare", "--user", "--", "setpriv", "--pdeathsig", "INT", "--", "true")
                .ok())
            return new Unprivileged(
                    List.of("setsid", "unshare", "--user", "--", "setpriv", "--pdeathsig", "INT", "--"), false);
        return asNobody();
    }

    static Unprivileged asNobody() {
        var id = String.valueOf(NOBODY);
        // One setpriv: a change of identity after it has set the death signal would clear that again.
        return new Unprivileged(
                List.of(
                        "setsid",
                        "setpriv",
                        "--reuid",
                        id,
                        "--regid",
                        id,
                        "--clear-groups",
                        "--pdeathsig",
                        "INT",
                        "--"),
                true);
    }

    List<String> command(List<String> program) {
        var words = new ArrayList<>(prefix);
        words.addAll(program);
        return words;
    }

    /// Gives a directory and all in it to the user that the program becomes, where it becomes another.
    void give(Path directory) throws IOException {
        if (!becomesNobody) return;
        var changed = Commands.run("chown", "-R", NOBODY + ":" + NOBODY, directory.toString());
        if (!changed.ok()) throw new IOException("cannot give " + directory + " to nobody: " + changed.output());
    }

    static boolean isRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    private static void requireProgram(String name) {
        if (Commands.find(name).isEmpty())
            throw new CannotStartException(
                    "The embedded PostgreSQL is started with the program " + name
                            + ", which is not on the PATH. Install util-linux, or name a PostgreSQL server with --database jdbc:postgresql://...");
    }
}
