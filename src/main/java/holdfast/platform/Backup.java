package holdfast.platform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.postgresql.PGConnection;
import tools.jackson.core.JacksonException;

/// All rows of a database as one file, and back: for keeping, for moving from the embedded database to a server and the
/// other way, and for going over to the next major version of PostgreSQL.
///
/// The file is a zip archive with one entry per table and a [BackupManifest]. It holds every secret that the database
/// holds, so only its owner may read it.
public final class Backup {
    private static final String MANIFEST = "manifest.json";
    private static final int LARGEST_MANIFEST = 10 << 20;
    private static final String NOT_OURS = "flyway_schema_history";

    private Backup() {}

    /// Writes all rows, as they are at one instant, to a new file. The database may be in use meanwhile.
    ///
    /// @throws RefusedException when the file exists or cannot be written; nothing is left behind then
    /// @throws DatabaseUnavailableException when the database goes away
    public static BackupManifest write(Database database, Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS))
            throw refused(Refusal.clash("The file " + file + " exists. Name another one, or move it away."));
        var part = file.resolveSibling(file.getFileName() + ".part");
        try (var connection = database.connect()) {
            BackupManifest manifest;
            var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            Files.deleteIfExists(part);
            try (var channel =
                    FileChannel.open(part, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)) {
                var zip = new ZipOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16));
                manifest = write(connection, database.schemaVersion(), zip);
                zip.finish();
                zip.flush();
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            PrivateFiles.syncDirectory(requireNonNull(file.toAbsolutePath().getParent()));
            return manifest;
        } catch (IOException e) {
            throw refused(Refusal.broken("The backup cannot be written to " + file + ": " + reason(e)));
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            deleteQuietly(part);
        }
    }

    private static BackupManifest write(Connection connection, String schema, ZipOutputStream zip)
            throws SQLException, IOException {
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        var made = instant(connection);
        var tables = new ArrayList<BackupManifest.Table>();
        for (var name : tables(connection)) {
            var columns = columns(connection, name);
            zip.putNextEntry(new ZipEntry("tables/" + name));
            var digest = new DigestOutputStream(notClosing(zip), sha256());
            long rows = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("copy " + quoted(name) + " (" + quoted(columns) + ") to stdout", digest);
            zip.closeEntry();
            tables.add(new BackupManifest.Table(name, columns, rows, hex(digest.getMessageDigest())));
        }
        // Read last: a sequence may count on while we write, and must not end up behind the rows.
        var manifest = new BackupManifest(BackupManifest.FORMAT, schema, made, tables, sequences(connection));
        zip.putNextEntry(new ZipEntry(MANIFEST));
        zip.write(Json.text(manifest).getBytes(UTF_8));
        zip.closeEntry();
        connection.rollback();
        return manifest;
    }

    /// Fills an empty database of the same schema version with the rows of a backup: all of them, or none.
    ///
    /// @throws RefusedException when the file is not a whole backup, is of another schema version, or the database
    ///     is not
    ///     empty; nothing is changed then
    /// @throws DatabaseUnavailableException when the database goes away
    public static BackupManifest restore(Database database, Path file) {
        try (var zip = new ZipFile(file.toFile());
                var connection = database.connect()) {
            var manifest = manifest(zip, file);
            var schema = database.schemaVersion();
            if (!manifest.schema().equals(schema))
                throw refused(Refusal.clash("The backup " + file + " is of schema version " + manifest.schema()
                        + ", the database of version " + schema
                        + ". Restore it with the holdfast that made it, then start this one on it."));
            connection.setAutoCommit(false);
            restore(connection, manifest, zip, file);
            connection.commit();
            try (var statement = connection.createStatement()) {
                connection.setAutoCommit(true);
                statement.execute("analyze"); // or the first queries are planned for empty tables
            }
            return manifest;
        } catch (ZipException e) {
            throw damaged(file, reason(e));
        } catch (IOException e) {
            throw refused(Refusal.broken("The backup " + file + " cannot be read: " + reason(e)));
        } catch (SQLException e) {
            throw e.getCause() instanceof ZipException broken ? damaged(file, reason(broken)) : failed(e);
        }
    }

    private static void restore(Connection connection, BackupManifest manifest, ZipFile zip, Path file)
            throws SQLException, IOException {
        var names = manifest.tables().stream().map(BackupManifest.Table::name).toList();
        var ours = tables(connection);
        if (!names.equals(ours)) throw damaged(file, "it has the tables " + names + " where this schema has " + ours);
        try (var statement = connection.createStatement()) {
            statement.execute("set local lock_timeout = '5s'");
            statement.execute("lock table " + quoted(names) + " in access exclusive mode");
            for (var name : names) {
                try (var rows = statement.executeQuery("select exists (select 1 from " + quoted(name) + ")")) {
                    rows.next();
                    if (rows.getBoolean(1))
                        throw refused(Refusal.clash("The database is not empty: there are rows in its table " + name
                                + ". Restore into a new data directory or a new database."));
                }
            }
            // Neither foreign keys nor triggers now: the rows were whole when they were read, and are read in any
            // order.
            statement.execute("set local session_replication_role = replica");
            for (var table : manifest.tables()) copyIn(connection, table, zip, file);
            for (var sequence : manifest.sequences()) {
                try (var set = connection.prepareStatement("select setval(?::regclass, ?, ?)")) {
                    set.setString(1, quoted(sequence.name()));
                    set.setLong(2, sequence.last());
                    set.setBoolean(3, sequence.called());
                    set.execute();
                }
            }
        }
    }

    private static void copyIn(Connection connection, BackupManifest.Table table, ZipFile zip, Path file)
            throws SQLException, IOException {
        if (!table.columns().equals(columns(connection, table.name())))
            throw damaged(file, "the columns of its table " + table.name() + " are not those of this schema");
        var entry = zip.getEntry(table.entry());
        if (entry == null) throw damaged(file, "it has no rows of table " + table.name());
        var sum = sha256();
        long rows;
        try (var content = new DigestInputStream(zip.getInputStream(entry), sum)) {
            rows = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy " + quoted(table.name()) + " (" + quoted(table.columns()) + ") from stdin", content);
            content.transferTo(OutputStream.nullOutputStream());
        } catch (SQLException e) {
            // bad values, or rows that contradict each other
            if (SqlErrors.state(e)
                    .filter(state -> state.startsWith("22") || state.startsWith("23"))
                    .isPresent())
                throw damaged(file, "its table " + table.name() + " cannot be read: " + e.getMessage());
            throw e;
        }
        if (!hex(sum).equals(table.sha256()))
            throw damaged(
                    file, "the content of its table " + table.name() + " does not have the checksum that it should");
        long counted = count(connection, table.name());
        if (rows != table.rows() || counted != table.rows())
            throw damaged(
                    file, "table " + table.name() + " has " + counted + " rows where the backup says " + table.rows());
    }

    private static BackupManifest manifest(ZipFile zip, Path file) throws IOException {
        var entry = zip.getEntry(MANIFEST);
        if (entry == null) throw damaged(file, "it has no " + MANIFEST);
        byte[] bytes;
        try (var content = zip.getInputStream(entry)) {
            bytes = content.readNBytes(LARGEST_MANIFEST + 1);
        }
        if (bytes.length > LARGEST_MANIFEST) throw damaged(file, "its " + MANIFEST + " is too large");
        BackupManifest manifest;
        try {
            manifest = Json.read(new String(bytes, UTF_8), BackupManifest.class);
        } catch (JacksonException e) {
            throw damaged(file, "its " + MANIFEST + " cannot be read: " + e.getOriginalMessage());
        }
        if (!BackupManifest.FORMAT.equals(manifest.format()))
            throw damaged(file, "its format is " + manifest.format() + ", not " + BackupManifest.FORMAT);
        return manifest;
    }

    private static List<String> tables(Connection connection) throws SQLException {
        return strings(connection, """
                select relname from pg_class
                 where relnamespace = current_schema()::regnamespace and relkind = 'r' and relname <> ?
                 order by relname collate "C\"""", NOT_OURS);
    }

    /// Numbers of transactions mean nothing in another cluster: rows get those of the restore, by their default.
    private static List<String> columns(Connection connection, String table) throws SQLException {
        return strings(connection, """
                select attname from pg_attribute
                 where attrelid = ?::regclass and attnum > 0 and not attisdropped and attgenerated = '' and atttypid <> 'xid8'::regtype
                 order by attnum""", quoted(table));
    }

    private static List<BackupManifest.Sequence> sequences(Connection connection) throws SQLException {
        var names = strings(connection, """
                select relname from pg_class
                 where relnamespace = current_schema()::regnamespace and relkind = 'S' and relname <> ?
                 order by relname collate "C\"""", NOT_OURS);
        var sequences = new ArrayList<BackupManifest.Sequence>();
        try (var statement = connection.createStatement()) {
            for (var name : names) {
                try (var rows = statement.executeQuery("select last_value, is_called from " + quoted(name))) {
                    rows.next();
                    sequences.add(new BackupManifest.Sequence(name, rows.getLong(1), rows.getBoolean(2)));
                }
            }
        }
        return sequences;
    }

    private static List<String> strings(Connection connection, String sql, String argument) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.setString(1, argument);
            try (var rows = statement.executeQuery()) {
                var found = new ArrayList<String>();
                while (rows.next()) found.add(rows.getString(1));
                return found;
            }
        }
    }

    private static long count(Connection connection, String table) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*) from " + quoted(table))) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static java.time.Instant instant(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select now()")) {
            rows.next();
            return rows.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static String quoted(List<String> names) {
        return String.join(", ", names.stream().map(Backup::quoted).toList());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /// The copy closes what it writes to; the archive has more entries to come.
    private static OutputStream notClosing(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
    }

    private static RuntimeException failed(SQLException e) {
        if (SqlErrors.state(e).filter("42501"::equals).isPresent())
            return refused(Refusal.broken("The database does not let us restore: " + e.getMessage()
                    + ". Let its superuser say: grant set on parameter session_replication_role to current_user."));
        if (SqlErrors.state(e).filter("55P03"::equals).isPresent())
            return refused(Refusal.clash("The database is in use. Stop every server that uses it, and restore again."));
        return SqlErrors.unavailable(e)
                .map(RuntimeException.class::cast)
                .orElseGet(() -> new IllegalStateException("backup or restore failed: " + e.getMessage(), e));
    }

    private static RefusedException damaged(Path file, String why) {
        return refused(Refusal.malformed("file", "The file " + file + " is not a whole backup: " + why + "."));
    }

    private static RefusedException refused(Refusal refusal) {
        return new RefusedException(refusal);
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException _) {
            // what it was written for has failed already, and says so
        }
    }
}
