package holdfast.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A data directory on a small disk that fills up. The disk is a file system in memory, which only root can mount.
class FullDiskTest {
    @TempDir
    Path disk;

    @BeforeEach
    void mount() throws IOException {
        assumeTrue(
                Unprivileged.isRoot()
                        && Commands.run("mount", "-t", "tmpfs", "-o", "size=260m,mode=700", "tmpfs", disk.toString())
                                .ok(),
                "needs root and the right to mount");
    }

    @AfterEach
    void unmount() throws IOException {
        Commands.run("umount", "--lazy", disk.toString());
    }

    @Test
    void a_disk_without_room_for_a_new_database_is_refused_before_anything_is_made() throws IOException {
        fill(100 << 20);
        assertThatThrownBy(() -> EmbeddedPostgres.start(disk.resolve("data"), EmbeddedPostgres.Options.standard()))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("MB left");
        assertThat(disk.resolve("data/password")).doesNotExist();
    }

    @Test
    void writes_fail_clearly_while_the_disk_is_full_and_go_on_when_there_is_room_and_nothing_is_lost()
            throws IOException {
        try (var postgres = EmbeddedPostgres.start(disk.resolve("data"), EmbeddedPostgres.Options.standard());
                var database = Database.open(
                        postgres.jdbcUrl(),
                        postgres.user(),
                        postgres.password(),
                        Database.Options.standard().withPoolSize(2).withPatience(Duration.ofSeconds(1)))) {
            database.inTransaction(tx -> tx.sql().execute("create table kept (n int, filler text)"));
            // where in its log the database stands differs from one release of it to the next
            database.inTransaction(tx -> tx.sql().fetch("select pg_switch_wal()"));
            database.inTransaction(tx -> tx.sql().execute("insert into kept values (0, '')"));
            var filler = fill(3 << 20);
            int committed = 0;
            DatabaseUnavailableException failure = null;
            while (failure == null) {
                int n = committed + 1;
                try {
                    database.inTransaction(tx -> tx.sql()
                            .execute(
                                    "insert into kept select ?, string_agg(md5(random()::text), '') from generate_series(1, 8000)",
                                    n));
                    committed = n;
                } catch (DatabaseUnavailableException e) {
                    failure = e;
                }
            }
            assertThat(committed).as("%s", failure.getCause()).isPositive();
            Files.delete(filler);
            int last = committed;
            int after = awaitWrite(database, last);
            assertThat(after)
                    .as("rows committed before the disk was full, that with 0 among them, and one after")
                    .isEqualTo(last + 2);
        }
    }

    /// Writes one more row as soon as the database takes it, and returns how many there are then.
    private static int awaitWrite(Database database, int last) {
        long limit = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            try {
                return database.<Integer>inTransaction(tx -> {
                    tx.sql().execute("insert into kept values (?, '')", last + 1);
                    return tx.sql()
                            .fetchOne("select count(distinct n) from kept")
                            .get(0, Integer.class);
                });
            } catch (DatabaseUnavailableException e) {
                if (System.nanoTime() > limit) throw e;
            }
        }
    }

    /// Takes all room of the disk but `left` bytes.
    private Path fill(long left) throws IOException {
        var file = disk.resolve("filler");
        long room = Files.getFileStore(disk).getUsableSpace() - left;
        try (OutputStream out = Files.newOutputStream(file)) {
            var block = new byte[1 << 16];
            for (long written = 0; written < room; written += block.length) out.write(block);
        }
        return file;
    }
}
