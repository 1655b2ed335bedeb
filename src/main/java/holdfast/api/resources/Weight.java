package holdfast.api.resources;

import holdfast.platform.Tx;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Table;
import org.jooq.impl.DSL;

/// How much there is to read in rows, found out before they are read: one resource may have 16 MB, a list thousands of
/// them.
///
/// @param content what is large in a row
record Weight(Table<?> table, Field<UUID> id, Field<JSONB> content) {
    /// Bytes of content in one answer; a single resource may have more.
    static final long MOST = 16 << 20;

    /// What is not compressed need not be unpacked to know its size.
    private Field<Long> bytes() {
        return DSL.field("""
                case when {0} is null then 0 when pg_column_compression({0}) is null then pg_column_size({0})
                     else octet_length({0}::text) end""", Long.class, content);
    }

    /// How many of these, from the first on, are one answer: at least one, if there is one.
    int fitting(Tx tx, List<UUID> ids) {
        if (ids.size() < 2) {
            return ids.size();
        }
        Map<UUID, Long> weights = tx.sql()
                .select(id, bytes())
                .from(table)
                .where(id.eq(DSL.any(ids.toArray(UUID[]::new))))
                .fetchMap(id, bytes());
        long sum = 0;
        for (int n = 0; n < ids.size(); n++) {
            sum += weights.getOrDefault(ids.get(n), 0L);
            if (sum > MOST && n > 0) {
                return n;
            }
        }
        return ids.size();
    }

    /// Number and bytes of rows.
    record Load(int rows, long bytes) {
        Load and(Load other) {
            return new Load(rows + other.rows, bytes + other.bytes);
        }

        static Load of(Collection<Load> all) {
            return all.stream().reduce(new Load(0, 0), Load::and);
        }
    }

    /// Of what is selected; looks at `most` rows.
    Load load(Tx tx, Condition which, int most) {
        var weight = DSL.field("weight", Long.class);
        return tx.sql()
                .select(DSL.count(), DSL.coalesce(DSL.sum(weight), BigDecimal.ZERO))
                .from(tx.sql()
                        .select(bytes().as(weight))
                        .from(table)
                        .where(which)
                        .limit(most))
                .fetchSingle(row -> new Load(row.value1(), row.value2().longValue()));
    }
}
