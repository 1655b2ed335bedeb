package holdfast.platform;

import static holdfast.db.Tables.JOURNAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.TestDatabase;
import holdfast.core.RefusedException;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {
    @AutoClose
    private final TestDatabase source = TestDatabase.fresh();

    @AutoClose
    private final TestDatabase target = TestDatabase.fresh();

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void fill() {
        file = directory.resolve("kept.holdfast");
        source.database().inTransaction(tx -> {
            tx.sql().execute("""
                    insert into resource (id, type, actor, parent, name, state, project, labels, data, message, created, updated)
                    select md5(n::text)::uuid, 'slice', 'orchestrator', case when n % 2 = 0 then md5('1')::uuid end,
                           E'tab\\tnewline\\nbackslash\\\\ grüße ' || n, 'active', 'p', '{}', '{"text": "\\\\N \\" \\n"}',
                           case when n % 3 = 0 then '\\N' end, now(), now() + n * interval '1 us'
                      from generate_series(1, 500) as n""");
            tx.sql().execute("""
                    insert into journal (at, resource, number, type, name, project, actor, to_state, who, why)
                    select now(), md5(n::text)::uuid, n, 'slice', 'n', 'p', 'a', 's', 'w', '' from generate_series(1, 7) as n""");
            return tx.sql().execute("""
                    insert into process (id, name, resource, resource_type, actor, step_since, run_after, entered, created)
                    select md5(n::text)::uuid, 'p', md5(n::text)::uuid, 'slice', 'orchestrator', now(), 'infinity', false, now()
                      from generate_series(1, 9) as n""");
        });
    }

    @Test
    void every_row_comes_back_as_it_was() throws IOException {
        var written = Backup.write(source.database(), file);
        var restored = Backup.restore(target.database(), file);
        assertThat(restored).isEqualTo(written);
        assertThat(written.rows()).isEqualTo(516);
        assertThat(contents(target)).isEqualTo(contents(source)).isNotEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(directory.toFile().list()).containsExactly(file.getFileName().toString());
    }

    @Test
    void counting_and_constraints_go_on_after_a_restore() {
        Backup.write(source.database(), file);
        Backup.restore(target.database(), file);
        long next = target.database()
                .<Long>inTransaction(tx -> tx.sql().resultQuery("""
                        insert into journal (at, resource, number, type, name, project, actor, to_state, who, why)
                        values (now(), md5('x')::uuid, 1, 'slice', 'n', 'p', 'a', 's', 'w', '') returning seq""").fetchSingle(0, Long.class));
        assertThat(next).isEqualTo(8);
        assertThatThrownBy(() -> target.database().inTransaction(tx -> tx.sql().execute("""
                                insert into process (id, name, resource, resource_type, actor, step_since, run_after, entered, created)
                                values (md5('x')::uuid, 'p', md5('nobody')::uuid, 'slice', 'orchestrator', now(), now(), false, now())""")))
                .as("foreign keys")
                .satisfies(e -> assertThat(SqlErrors.state(e)).hasValue("23503"));
    }

    @Test
    void restored_entries_of_the_journal_come_before_all_that_follow() {
        source.database().inTransaction(tx -> tx.sql().execute("update journal set tx = '9000000000'::xid8"));
        Backup.write(source.database(), file);
        Backup.restore(target.database(), file);
        target.database().inTransaction(tx -> tx.sql().execute("""
                insert into journal (at, resource, number, type, name, project, actor, to_state, who, why)
                values (now(), md5('x')::uuid, 1, 'slice', 'n', 'p', 'a', 's', 'w', '')"""));
        var inOrder = target.database()
                .inTransaction(tx -> tx.sql()
                        .resultQuery("select seq from journal where tx <= pg_current_xact_id() order by tx, seq")
                        .fetch(0, Long.class));
        assertThat(inOrder).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
    }

    @Test
    void a_backup_is_of_one_instant_though_others_write() {
        var before = contents(source);
        try (var _ = new WhileOpen(source)) {
            Backup.write(source.database(), file);
        }
        Backup.restore(target.database(), file);
        assertThat(contents(target).get("journal").size() - 7)
                .as("pairs are whole")
                .isEqualTo(2
                        * (contents(target).get("inbox").size()
                                - before.get("inbox").size()));
    }

    @Test
    void a_database_with_rows_is_not_restored_into() {
        Backup.write(source.database(), file);
        assertThatThrownBy(() -> Backup.restore(source.database(), file))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("not empty")
                .hasMessageContaining("journal");
    }

    @Test
    void a_database_in_use_is_not_restored_into() {
        Backup.write(source.database(), file);
        assertThatThrownBy(() -> target.database().inTransaction(tx -> {
                    tx.sql().fetchCount(JOURNAL);
                    return Backup.restore(target.database(), file);
                }))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("in use");
    }

    @Test
    void a_file_that_exists_is_not_overwritten() throws IOException {
        Files.writeString(file, "precious");
        assertThatThrownBy(() -> Backup.write(source.database(), file))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("exists");
        assertThat(file).hasContent("precious");
    }

    @Test
    void a_directory_that_is_not_there_is_named() {
        assertThatThrownBy(() -> Backup.write(source.database(), directory.resolve("no/such/file")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("no/such/file");
    }

    @Test
    void a_backup_cut_short_or_changed_anywhere_restores_nothing() throws IOException {
        Backup.write(source.database(), file);
        var whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> Backup.restore(target.database(), file)).isInstanceOf(RefusedException.class);
        for (int at = 40; at < whole.length; at += whole.length / 40) {
            var changed = whole.clone();
            changed[at] ^= 0x55;
            Files.write(file, changed);
            try {
                Backup.restore(target.database(), file);
                assertThat(contents(target))
                        .as("byte " + at + " does not matter")
                        .isEqualTo(contents(source));
                target.empty();
            } catch (RefusedException _) {
                assertThat(contents(target).values()).as("byte " + at).allMatch(List::isEmpty);
            }
        }
    }

    @Test
    void rows_that_were_exchanged_are_noticed_by_their_checksum() throws IOException {
        Backup.write(source.database(), file);
        edit("tables/journal", text -> text.replaceFirst("slice", "sluce"));
        assertThatThrownBy(() -> Backup.restore(target.database(), file))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("checksum");
        assertThat(contents(target).get("journal")).isEmpty();
    }

    @Test
    void a_backup_of_another_schema_version_is_refused_with_the_way_out() throws IOException {
        Backup.write(source.database(), file);
        edit("manifest.json", text -> text.replaceFirst("\"schema\":\"[0-9]+\"", "\"schema\":\"999\""));
        assertThatThrownBy(() -> Backup.restore(target.database(), file))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("schema version 999")
                .hasMessageContaining("the holdfast that made it");
    }

    @Test
    void other_files_are_refused() throws IOException {
        Files.writeString(file, "not a backup at all");
        assertThatThrownBy(() -> Backup.restore(target.database(), file)).hasMessageContaining("not a whole backup");
        assertThatThrownBy(() -> Backup.restore(target.database(), directory.resolve("nowhere")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("nowhere");
        Files.delete(file);
        try (var zip = zip(Map.of("create", "true"))) {
            Files.writeString(zip.getPath("manifest.json"), "{\"format\": \"else\"}");
        }
        assertThatThrownBy(() -> Backup.restore(target.database(), file)).hasMessageContaining("not a whole backup");
    }

    private void edit(String entry, java.util.function.UnaryOperator<String> change) throws IOException {
        try (var zip = zip(Map.of())) {
            var path = zip.getPath(entry);
            var text = Files.readString(path);
            assertThat(change.apply(text)).isNotEqualTo(text);
            var changed = Files.writeString(directory.resolve("changed"), change.apply(text));
            Files.copy(changed, path, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private FileSystem zip(Map<String, String> options) throws IOException {
        return FileSystems.newFileSystem(java.net.URI.create("jar:" + file.toUri()), options);
    }

    /// Every row of every table, as PostgreSQL writes it.
    private static Map<String, List<String>> contents(TestDatabase db) {
        return db.database().inTransaction(tx -> {
            var contents = new TreeMap<String, List<String>>();
            for (var table : tx.sql()
                    .fetch(
                            "select tablename from pg_tables where schemaname = 'public' and tablename <> 'flyway_schema_history'")
                    .getValues(0, String.class))
                contents.put(
                        table,
                        tx.sql()
                                .fetch("select (to_jsonb(t) - 'tx')::text from " + table + " t order by 1")
                                .getValues(0, String.class));
            return contents;
        });
    }

    /// While it is open, somebody commits pairs: two rows in the journal with one in the inbox.
    private static final class WhileOpen implements AutoCloseable {
        private final Thread writer;
        private volatile boolean open = true;

        WhileOpen(TestDatabase db) {
            writer = Thread.ofVirtual().start(() -> {
                while (open)
                    db.database().inTransaction(tx -> {
                        tx.sql().execute("""
                                insert into journal (at, resource, number, type, name, project, actor, to_state, who, why)
                                select now(), gen_random_uuid(), 1, 'slice', 'n', 'p', 'a', 's', 'w', '' from generate_series(1, 2)""");
                        return tx.sql().execute("insert into inbox values (gen_random_uuid(), 'r', now())");
                    });
            });
        }

        @Override
        public void close() {
            open = false;
            try {
                writer.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
