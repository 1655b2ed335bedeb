package holdfast.platform;

import java.time.Instant;
import java.util.List;

/// What a backup file says of itself, in its entry `manifest.json`.
///
/// @param format always [#FORMAT]
/// @param schema version of the schema that the rows are of
/// @param made when the rows were read, all at the same instant
/// @param tables in the order of their names
/// @param sequences where counting goes on
public record BackupManifest(String format, String schema, Instant made, List<Table> tables, List<Sequence> sequences) {
    static final String FORMAT = "holdfast-backup-1";

    public BackupManifest {
        tables = List.copyOf(tables);
        sequences = List.copyOf(sequences);
    }

    /// How many rows there are in all tables together.
    public long rows() {
        return tables.stream().mapToLong(Table::rows).sum();
    }

    /// One table; its rows are the entry `tables/NAME`, in PostgreSQL's text form of `COPY`.
    ///
    /// @param columns the columns of a row, in order; generated ones are left out
    /// @param sha256 of the entry's content, in hexadecimal
    public record Table(String name, List<String> columns, long rows, String sha256) {
        public Table {
            columns = List.copyOf(columns);
        }

        String entry() {
            return "tables/" + name;
        }
    }

    /// One sequence.
    ///
    /// @param called whether `last` was given out already
    public record Sequence(String name, long last, boolean called) {}
}
