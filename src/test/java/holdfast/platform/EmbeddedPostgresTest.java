package holdfast.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
    @TempDir
    Path directory;

    @Test
    void what_was_committed_is_there_after_every_process_of_the_server_was_killed() throws Exception {
        try (var first = EmbeddedPostgres.start(directory, EmbeddedPostgres.Options.standard())) {
            update(first, "create table kept (n int)");
            update(first, "insert into kept values (42)");
            kill(first.pid());
            awaitAnswer(first, 42); // started again by its guard, on the same port
            kill(first.pid());
        }
        try (var second = start()) {
            assertThat(query(second, "select n from kept")).isEqualTo("42");
        }
    }

    @Test
    void data_and_password_stay_over_a_clean_restart() throws Exception {
        String password;
        try (var first = start()) {
            password = first.password();
            update(first, "create table kept as select 'grüße' as t");
        }
        try (var second = start()) {
            assertThat(second.password()).isEqualTo(password);
            assertThat(query(second, "select t from kept")).isEqualTo("grüße");
        }
    }

    @Test
    void a_lock_file_that_names_a_living_stranger_is_cleared_away() throws Exception {
        try (var first = start()) {
            update(first, "create table kept (n int)");
        }
        Files.write(
                directory.resolve("pg18/postmaster.pid"),
                List.of(
                        String.valueOf(ProcessHandle.current().pid()),
                        directory.toString(),
                        "1",
                        "1",
                        "",
                        "",
                        "",
                        "ready"));
        try (var second = start()) {
            assertThat(query(second, "select count(*) from kept")).isEqualTo("0");
        }
    }

    @Test
    void a_lost_password_file_is_replaced_and_the_old_password_no_longer_works() throws Exception {
        String old;
        try (var first = start()) {
            old = first.password();
        }
        Files.delete(directory.resolve("password"));
        try (var second = start()) {
            assertThat(second.password()).isNotEqualTo(old);
            assertThat(query(second, "select 1")).isEqualTo("1");
            assertThatThrownBy(() -> DriverManager.getConnection(second.jdbcUrl(), second.user(), old))
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void a_half_made_cluster_of_a_killed_first_start_is_made_anew() throws Exception {
        Files.createDirectories(directory.resolve("pg18.new/base"));
        Files.writeString(directory.resolve("pg18.new/PG_VERSION"), "18\n");
        try (var server = start()) {
            assertThat(query(server, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void settings_are_durable_checked_and_local() throws Exception {
        try (var server = EmbeddedPostgres.start(directory, EmbeddedPostgres.Options.standard())) {
            assertThat(query(server, "select version()")).startsWith("PostgreSQL " + PostgresBinaries.VERSION);
            for (var on : List.of("fsync", "synchronous_commit", "full_page_writes", "data_checksums"))
                assertThat(query(server, "show " + on)).as(on).isEqualTo("on");
            assertThat(query(server, "show listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(query(server, "select datlocale from pg_database where datname = 'holdfast'"))
                    .isEqualTo("C.UTF-8");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("password"))))
                    .isEqualTo("rw-------");
            assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(), server.user(), "wrong"))
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void a_directory_in_use_is_refused_to_this_process_too() {
        try (var _ = start()) {
            assertThatThrownBy(this::start)
                    .isInstanceOf(CannotStartException.class)
                    .hasMessageContaining("already in use by this process");
        }
    }

    @Test
    void a_directory_in_use_by_another_process_is_refused_with_its_number() throws Exception {
        var other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("held");
            assertThatThrownBy(this::start)
                    .isInstanceOf(CannotStartException.class)
                    .hasMessageContaining("another holdfast, process " + other.pid());
        } finally {
            other.destroyForcibly().waitFor();
        }
        start().close(); // the lock went with the process that was killed
    }

    /// The server must go when its holdfast is killed, so that the next start is not refused.
    @Test
    void a_server_does_not_outlive_a_killed_holdfast() throws Exception {
        var other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Runner.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long server = Long.parseLong(other.inputReader().readLine());
        other.destroyForcibly().waitFor();
        try (var again = start()) { // waits for the old one
            assertThat(query(again, "select n from kept")).isEqualTo("7");
            assertThat(Files.exists(Path.of("/proc", String.valueOf(server), "exe")))
                    .isFalse();
        }
    }

    @Test
    void a_directory_that_is_a_file_is_refused_by_name() throws IOException {
        var file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> EmbeddedPostgres.start(file, EmbeddedPostgres.Options.forTests()))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining(file + " is a file");
    }

    @Test
    void a_directory_that_cannot_be_written_is_refused_by_name() {
        var directory = Path.of("/proc/holdfast");
        assertThatThrownBy(() -> EmbeddedPostgres.start(directory, EmbeddedPostgres.Options.forTests()))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("The data directory /proc/holdfast cannot be written");
    }

    @Test
    void other_platforms_are_told_to_bring_their_own_server() {
        assertThatThrownBy(() -> PostgresBinaries.requirePlatform("Mac OS X", "aarch64"))
                .hasMessageContaining("--database jdbc:postgresql://");
        PostgresBinaries.requirePlatform("Linux", "amd64");
    }

    @Test
    void it_runs_as_nobody_where_user_namespaces_are_forbidden() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(Unprivileged.isRoot());
        var shared = Files.createTempDirectory(Path.of("/tmp"), "holdfast-nobody-");
        try {
            PrivateFiles.makeDirectory(shared.resolve("db"));
            Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
            try (var server = EmbeddedPostgres.start(
                    shared.resolve("db"), EmbeddedPostgres.Options.forTests(), Unprivileged.asNobody())) {
                assertThat(query(server, "select 1")).isEqualTo("1");
                assertThat(Files.getAttribute(Path.of("/proc", String.valueOf(server.pid())), "unix:uid"))
                        .isEqualTo(Unprivileged.NOBODY);
            }
        } finally {
            PrivateFiles.deleteTree(shared);
        }
    }

    private EmbeddedPostgres start() {
        return EmbeddedPostgres.start(directory, EmbeddedPostgres.Options.forTests());
    }

    /// Kills the postmaster and its children, as an operator in a hurry or the kernel's memory killer would.
    private static void kill(long pid) {
        var server = ProcessHandle.of(pid).orElseThrow();
        var children = server.children().toList();
        server.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        server.onExit().join();
    }

    private static void awaitAnswer(EmbeddedPostgres server, int expected) throws SQLException {
        long limit = System.nanoTime() + 30_000_000_000L;
        while (true) {
            try {
                assertThat(query(server, "select n from kept")).isEqualTo(String.valueOf(expected));
                return;
            } catch (SQLException e) {
                if (System.nanoTime() > limit) throw e;
                Thread.onSpinWait();
            }
        }
    }

    private static Connection connect(EmbeddedPostgres server) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
    }

    private static void update(EmbeddedPostgres server, String sql) throws SQLException {
        try (var connection = connect(server);
                var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private static String query(EmbeddedPostgres server, String sql) throws SQLException {
        try (var connection = connect(server);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    /// Another process that holds the directory.
    static final class Holder {
        public static void main(String[] args) throws IOException {
            try (var _ = DirectoryLock.take(Path.of(args[0]))) {
                System.out.println("held");
                System.in.read();
            }
        }
    }

    /// Another process that runs a server, until it is killed.
    static final class Runner {
        public static void main(String[] args) throws Exception {
            var server = EmbeddedPostgres.start(Path.of(args[0]), EmbeddedPostgres.Options.standard());
            update(server, "create table kept as select 7 as n");
            System.out.println(server.pid());
            System.in.read();
        }
    }
}
