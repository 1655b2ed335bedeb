package holdfast.api.resources;

import holdfast.platform.Tx;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Table;
import org.jooq.impl.DSL;

/// How much there is to read in rows, found out before they are read: one resource may have 16 MB, a list thousands of
/// them.
///
/// @param contents what is large in a row
record Weight(Table<?> table, Field<UUID> id, List<Field<JSONB>> contents) {
    /// Bytes of content in one answer; a single resource may have more.
    static final long MOST = 16 << 20;

    private static final int FIRST_STEP = 16;

    /// What is not compressed need not be unpacked to know its size.
    private static Field<Long> bytes(Field<JSONB> content) {
        return DSL.field("""
                case when {0} is null then 0 when pg_column_compression({0}) is null then pg_column_size({0})
                     else octet_length({0}::text) end""", Long.class, content);
    }

    /// How many of these, from the first on, are one answer: at least one, if there is one. What is beyond that is
    /// hardly looked at: to know the size of a row may be to unpack it.
    int fitting(Tx tx, List<UUID> ids) {
        long sum = 0;
        int step = FIRST_STEP;
        for (int from = 0; from < ids.size() && ids.size() > 1; from += step, step *= 2) {
            int until = Math.min(from + step, ids.size());
            var weights = weights(tx, ids.subList(from, until));
            for (int n = from; n < until; n++) {
                sum += weights.getOrDefault(ids.get(n), 0L);
                if (sum > MOST && n > 0) {
                    return n;
                }
            }
        }
        return ids.size();
    }

    private Map<UUID, Long> weights(Tx tx, List<UUID> ids) {
        var bytes = contents.stream().map(Weight::bytes).reduce(Field::plus).orElseThrow();
        return Pages.within(
                        Pages.PATIENCE,
                        tx.sql().select(id, bytes).from(table).where(id.eq(DSL.any(ids.toArray(UUID[]::new)))))
                .intoMap(id, bytes);
    }
}
