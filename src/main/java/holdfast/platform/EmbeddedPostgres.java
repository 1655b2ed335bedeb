package holdfast.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A PostgreSQL server of our own, kept in a directory: the default where no other database is named.
///
/// An ordinary server with durable settings, reachable from this host alone. It never outlives this process, even when
/// that is killed: the kernel then
/// interrupts it, and it shuts itself down cleanly. If it ends unasked, it is started again on the same port, so that
/// [#jdbcUrl()] stays true.
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    /// After a power cut it replays its log first, which on a busy host takes minutes; killed, it would begin anew.
    private static final Duration START_LIMIT = Duration.ofMinutes(10);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    /// Between two tries to start a server again that does not start, for example while the disk is full.
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private static final long LOG_FILE_LIMIT = 10L << 20;

    /// How a server is run.
    ///
    /// @param durable whether what is committed survives a power cut; only tests can do without
    /// @param cache where the PostgreSQL programs are unpacked, once per version
    public record Options(boolean durable, Path cache) {
        /// What a product needs: durable, programs in the user's cache directory.
        public static Options standard() {
            return new Options(true, userCache());
        }

        /// The same without durability: faster, for data that nobody misses.
        public static Options forTests() {
            return new Options(false, userCache());
        }

        private static Path userCache() {
            var named = Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).filter(text -> text.startsWith("/"));
            return named.map(Path::of)
                    .orElse(Path.of(System.getProperty("user.home"), ".cache"))
                    .resolve("holdfast");
        }
    }

    private final DirectoryLock lock;
    private final PostgresCluster cluster;
    private final String password;
    private final CompletableFuture<Void> firstReady = new CompletableFuture<>();
    private final Thread guard;
    private volatile int port;
    private volatile boolean stopping;
    private volatile @Nullable Process process;

    private EmbeddedPostgres(DirectoryLock lock, PostgresCluster cluster, String password) {
        this.lock = lock;
        this.cluster = cluster;
        this.password = password;
        this.port = Ports.free();
        // The death signal follows the thread that starts the server, so this one must live as long as the server may.
        this.guard = Thread.ofPlatform().name("postgres-guard").daemon(true).unstarted(this::keepRunning);
    }

    /// Starts the server on the data in `directory`, which is made if it is not there. Returns when connections are
    /// taken: after 30-60 ms, or 2-3 s for
    /// the first time on a machine.
    ///
    /// @throws CannotStartException when the directory cannot be written, is full, is in use by another process, or
    ///     the
    ///     server does not start
    public static EmbeddedPostgres start(Path directory, Options options) {
        try {
            return start(directory, options, Unprivileged.here());
        } catch (IOException e) {
            throw new CannotStartException(
                    "cannot find out how to run PostgreSQL as an ordinary user: " + e.getMessage(), e);
        }
    }

    static EmbeddedPostgres start(Path directory, Options options, Unprivileged runAs) {
        var lock = DirectoryLock.take(directory);
        try {
            var home = directory.toRealPath();
            // Nobody cannot read a cache below somebody's home directory.
            var cache = runAs.becomesNobody() ? home.resolve("programs") : options.cache();
            var cluster = new PostgresCluster(home, PostgresBinaries.unpacked(cache), runAs, options.durable());
            var password = prepare(cluster);
            var server = new EmbeddedPostgres(lock, cluster, password);
            server.guard.start();
            server.firstReady.join();
            return server;
        } catch (CompletionException e) {
            lock.close();
            throw e.getCause() instanceof CannotStartException known
                    ? known
                    : new CannotStartException(
                            "The embedded PostgreSQL in " + directory + " does not start: " + e.getCause(), e);
        } catch (IOException e) {
            lock.close();
            throw DirectoryLock.cannotWrite(directory, e);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static String prepare(PostgresCluster cluster) throws IOException {
        try {
            if (Files.isDirectory(cluster.data())) cluster.clearStaleLock();
            return cluster.prepare();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStartException("interrupted while starting PostgreSQL in " + cluster.directory(), e);
        }
    }

    /// Where to connect to; stays the same while this object lives.
    public String jdbcUrl() {
        return jdbcUrl(PostgresCluster.NAME);
    }

    /// Where to connect to for another database of the same server.
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /// The role that owns everything.
    public String user() {
        return PostgresCluster.NAME;
    }

    /// A random secret, kept in the file `password` of the data directory.
    public String password() {
        return password;
    }

    /// The process id of the server, for operators and for tests that kill it.
    public long pid() {
        var running = process;
        if (running == null) throw new IllegalStateException("not started");
        return running.pid();
    }

    /// Runs on the guard thread until told to stop: starts the server, starts it again when it ends unasked, and
    /// stops it. No other thread starts or stops it, so that a stop cannot miss a server that is just being started
    /// again.
    private void keepRunning() {
        try {
            for (int attempt = 1; !stopping; attempt++) {
                try {
                    runServer();
                } catch (IOException | CannotStartException e) {
                    if (stopping) break;
                    if (!firstReady.isDone()
                            && attempt < 5
                            && String.valueOf(e.getMessage()).contains("could not bind")) {
                        port = Ports.free(); // somebody took it between our look and the server's start
                    } else if (firstReady.completeExceptionally(e)) {
                        break;
                    } else {
                        LOG.error(
                                "PostgreSQL does not start again, next try in {} ms: {}",
                                PAUSE.toMillis(),
                                e.getMessage());
                        Thread.sleep(PAUSE);
                    }
                }
            }
        } catch (InterruptedException _) {
            // told to stop
        } catch (RuntimeException e) {
            if (!firstReady.completeExceptionally(e)) LOG.error("PostgreSQL is no longer looked after", e);
        } finally {
            stopServer();
        }
    }

    private void runServer() throws IOException, InterruptedException {
        var running = startServer();
        if (firstReady.complete(null)) LOG.debug("PostgreSQL runs on port {}", port);
        else LOG.info("PostgreSQL runs again");
        int status = running.waitFor();
        LOG.error(
                "PostgreSQL ended unasked with status {} and is started again; it may say why in {}",
                status,
                cluster.log());
    }

    private void stopServer() {
        Thread.interrupted(); // we were told to stop, and must wait undisturbed from here
        var running = process;
        if (running == null || !running.isAlive()) return;
        try {
            PostgresCluster.signal("INT", running.pid());
            if (!running.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("PostgreSQL did not stop within {} s and is killed", STOP_LIMIT.toSeconds());
                running.destroyForcibly().waitFor();
            }
        } catch (IOException | InterruptedException e) {
            LOG.error("cannot stop PostgreSQL in {}", cluster.directory(), e);
        }
    }

    private Process startServer() throws IOException, InterruptedException {
        cluster.clearStaleLock();
        rotateLog();
        var started = new ProcessBuilder(cluster.serverCommand(port))
                .directory(cluster.directory().toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(cluster.log().toFile()))
                .start();
        process = started;
        long limit = System.nanoTime() + START_LIMIT.toNanos();
        while (!cluster.isReady(started.pid())) {
            if (!started.isAlive()) throw notStarted("ended with status " + started.exitValue());
            if (System.nanoTime() > limit) {
                started.destroyForcibly().waitFor();
                throw notStarted("was not ready within " + START_LIMIT.toSeconds() + " s");
            }
            Thread.sleep(5);
        }
        return started;
    }

    private CannotStartException notStarted(String how) throws IOException {
        var words = cluster.lastWords();
        var cause = new IOException(words);
        if (DirectoryLock.isDiskFull(cause)) return DirectoryLock.cannotWrite(cluster.directory(), cause);
        return new CannotStartException(
                "The embedded PostgreSQL in " + cluster.directory() + " " + how + ": " + words, cause);
    }

    private void rotateLog() throws IOException {
        var log = cluster.log();
        if (Files.exists(log) && Files.size(log) > LOG_FILE_LIMIT)
            Files.move(log, log.resolveSibling("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
    }

    /// Stops the server cleanly: sessions that still run are ended, what is committed is kept. Returns when it is
    /// down.
    @Override
    public void close() {
        if (stopping) return;
        stopping = true;
        guard.interrupt();
        try {
            guard.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.close();
        }
    }
}
