package holdfast.platform;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The files of one embedded PostgreSQL: making them, and reading from them whether its server runs and is ready.
///
/// @param directory where everything of this database is: `pg18` (the cluster), `password`, `postgres.log`
/// @param programs the unpacked PostgreSQL installation
/// @param runAs how its programs are started
/// @param durable whether what is committed survives a power cut
record PostgresCluster(Path directory, Path programs, Unprivileged runAs, boolean durable) {
    /// The role that owns everything, and the database that is ours.
    static final String NAME = "holdfast";

    /// Room that a new cluster takes (files 40 MB, log segments 2 x 16 MB), and a little to live.
    private static final long ROOM_FOR_NEW = 120L << 20;

    Path data() {
        return directory.resolve("pg" + PostgresBinaries.MAJOR);
    }

    Path log() {
        return directory.resolve("postgres.log");
    }

    private Path passwordFile() {
        return directory.resolve("password");
    }

    /// Makes the cluster if there is none, and returns the password of its owner.
    ///
    /// A kill at any instant leaves either no cluster or a whole one: it is made under another name and renamed.
    String prepare() throws IOException {
        if (Files.isDirectory(data())) {
            try {
                return Files.readString(passwordFile()).strip();
            } catch (NoSuchFileException e) {
                return setPassword();
            }
        }
        long room = Files.getFileStore(directory).getUsableSpace();
        if (room < ROOM_FOR_NEW)
            throw new CannotStartException("The data directory " + directory + " is on a disk with " + (room >> 20)
                    + " MB left; a new database needs " + (ROOM_FOR_NEW >> 20)
                    + " MB. Free some, or choose another directory.");
        var password = PrivateFiles.newSecret();
        PrivateFiles.writeSecret(passwordFile(), password + "\n");
        var fresh = directory.resolve("pg" + PostgresBinaries.MAJOR + ".new");
        PrivateFiles.deleteTree(fresh);
        PrivateFiles.makeDirectory(fresh);
        runAs.give(directory);
        initdb(fresh);
        single(fresh, "postgres", "create database " + NAME);
        Files.move(fresh, data(), StandardCopyOption.ATOMIC_MOVE);
        PrivateFiles.syncDirectory(directory);
        return password;
    }

    private void initdb(Path fresh) throws IOException {
        var ended = Commands.run(
                runAs.command(List.of(
                        programs.resolve("bin/initdb").toString(),
                        durable ? "--sync-method=fsync" : "--no-sync",
                        "--pgdata=" + fresh,
                        "--username=" + NAME,
                        "--pwfile=" + passwordFile(),
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--locale-provider=builtin", // sort order must not depend on the host
                        "--builtin-locale=C.UTF-8",
                        "--data-checksums",
                        "--no-instructions")),
                "");
        if (!ended.ok()) throw failed("initdb", ended);
    }

    /// The password file was lost, but whoever may write the cluster's files may set a new one.
    private String setPassword() throws IOException {
        var password = PrivateFiles.newSecret();
        single(data(), NAME, "alter role " + NAME + " password '" + password + "'");
        PrivateFiles.writeSecret(passwordFile(), password + "\n");
        runAs.give(passwordFile());
        return password;
    }

    /// Runs one statement without a server. The server must not run.
    private void single(Path cluster, String database, String statement) throws IOException {
        var ended = Commands.run(
                runAs.command(List.of(
                        programs.resolve("bin/postgres").toString(),
                        "--single",
                        "-c",
                        "fsync=" + (durable ? "on" : "off"),
                        "-D",
                        cluster.toString(),
                        "-c",
                        "exit_on_error=on",
                        database)),
                statement + "\n");
        if (!ended.ok() || ended.output().contains("ERROR:")) throw failed("postgres --single", ended);
    }

    private CannotStartException failed(String program, Commands.Ended ended) {
        var cause = new IOException(ended.output().strip());
        if (DirectoryLock.isDiskFull(cause)) return DirectoryLock.cannotWrite(directory, cause);
        return new CannotStartException(
                "Cannot make the database in " + directory + ": " + program + " ended with status " + ended.exit()
                        + " and said: " + ended.output().strip(),
                cause);
    }

    /// The command that runs the server in the foreground.
    List<String> serverCommand(int port) {
        var words = new ArrayList<String>();
        words.add(programs.resolve("bin/postgres").toString());
        words.addAll(List.of("-D", data().toString()));
        for (var setting : settings(port)) words.addAll(List.of("-c", setting));
        return runAs.command(words);
    }

    private List<String> settings(int port) {
        var settings = new ArrayList<>(List.of(
                "listen_addresses=127.0.0.1",
                "port=" + port,
                "unix_socket_directories=",
                "max_connections=" + (durable ? 60 : 200), // tests run several servers on one database
                "shared_buffers=128MB",
                "work_mem=4MB",
                "maintenance_work_mem=32MB",
                "io_method=sync", // no extra processes; our tables fit in memory
                "jit=off",
                "wal_level=minimal", // nobody replicates an embedded database
                "max_wal_senders=0",
                "max_wal_size=1GB",
                "min_wal_size=64MB",
                "timezone=UTC",
                "log_timezone=UTC",
                "log_line_prefix=%m [%p] "));
        for (var safety : List.of("fsync", "synchronous_commit", "full_page_writes"))
            settings.add(safety + "=" + (durable ? "on" : "off"));
        if (!durable) settings.addAll(List.of("checkpoint_timeout=1h"));
        return settings;
    }

    /// Whether the server with this process id takes connections. It writes so in line 8 of its lock file.
    boolean isReady(long pid) throws IOException {
        var lines = lockFile();
        return lines.size() >= 8
                && lines.getFirst().strip().equals(String.valueOf(pid))
                && lines.get(7).strip().equals("ready");
    }

    /// The process id in the server's lock file, if there is such a file.
    Optional<Long> lockHolder() throws IOException {
        var lines = lockFile();
        if (lines.isEmpty()) return Optional.empty();
        try {
            return Optional.of(Long.parseLong(lines.getFirst().strip()));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private List<String> lockFile() throws IOException {
        try {
            return Files.readAllLines(data().resolve("postmaster.pid"));
        } catch (NoSuchFileException _) {
            return List.of();
        }
    }

    /// Removes the lock file of a server that is gone, after stopping one that outlived its holdfast for a moment.
    ///
    /// PostgreSQL itself only asks whether a process with that id exists. That is not enough: it may be a zombie
    /// that nobody reaps, or another program that got the same number after a restart of the host.
    void clearStaleLock() throws IOException, InterruptedException {
        var holder = lockHolder();
        if (holder.isPresent() && isOurServer(holder.get())) {
            signal("INT", holder.get());
            for (int tries = 0; tries < 6000 && isOurServer(holder.get()); tries++) Thread.sleep(5);
            if (isOurServer(holder.get()))
                throw new CannotStartException(
                        "A PostgreSQL server left over from an earlier run (process " + holder.get() + ") still uses "
                                + data() + " and did not stop within 30 s. Stop it with: kill -QUIT " + holder.get());
        }
        Files.deleteIfExists(data().resolve("postmaster.pid"));
    }

    /// Whether a process is alive (a zombie is not) and is a server on this very cluster.
    private boolean isOurServer(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            if (stat.charAt(stat.lastIndexOf(')') + 2) == 'Z') return false;
            var command = new String(Files.readAllBytes(Path.of("/proc", String.valueOf(pid), "cmdline")), UTF_8);
            var words = List.of(command.split("\0"));
            return words.getFirst().endsWith("/postgres") && words.contains(data().toString());
        } catch (IOException _) {
            return false; // no such process
        }
    }

    /// Sends a signal, which Java cannot for any but two.
    static void signal(String name, long pid) throws IOException {
        Commands.run("sh", "-c", "kill -" + name + " " + pid);
    }

    /// What the server said last that explains why it ended: the last fatal line and what follows, or the last
    /// lines.
    String lastWords() throws IOException {
        if (!Files.exists(log())) return "it said nothing";
        var lines = Files.readString(log()).lines().toList();
        var tail = lines.subList(Math.max(0, lines.size() - 12), lines.size());
        for (int i = 0; i < tail.size(); i++) {
            if (tail.get(i).contains("FATAL:") || tail.get(i).contains("PANIC:"))
                return String.join("\n", tail.subList(i, tail.size()));
        }
        return tail.isEmpty() ? "it said nothing" : String.join("\n", tail);
    }
}
