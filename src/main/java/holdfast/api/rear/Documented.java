package holdfast.api.rear;

import holdfast.federation.wire.Dialect;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.Map;

/// Which transactions were reserved in the documented dialect: a purchase that shows none is answered in the same.
final class Documented {
    private final Platform platform;

    Documented(Platform platform) {
        this.platform = platform;
    }

    void remember(Tx tx, String transaction, Dialect dialect) {
        remember(tx, Map.of(transaction, dialect));
    }

    /// Several, each with its dialect.
    void remember(Tx tx, Map<String, Dialect> dialects) {
        var documented = of(dialects, Dialect.DOC);
        if (documented.length > 0) {
            tx.sql().execute("""
                            insert into documented (transaction, made) select t, ?::timestamptz from unnest(?::text[]) t
                            on conflict do nothing""", platform.now(), documented);
        }
        var others = of(dialects, Dialect.NODE);
        if (others.length > 0) {
            tx.sql().execute("delete from documented where transaction = any (?::text[])", (Object) others);
        }
    }

    private static String[] of(Map<String, Dialect> dialects, Dialect wanted) {
        return dialects.entrySet().stream()
                .filter(one -> one.getValue() == wanted)
                .map(Map.Entry::getKey)
                .sorted()
                .toArray(String[]::new);
    }

    Dialect of(Tx tx, String transaction) {
        return tx.sql()
                .fetchOptional("select 1 from documented where transaction = ?", transaction)
                .map(_ -> Dialect.DOC)
                .orElse(Dialect.NODE);
    }

    int prune(Tx tx, Instant before, int limit) {
        return tx.sql().execute("""
                delete from documented where transaction in
                (select transaction from documented where made < ?::timestamptz limit ?)
                """, before, limit);
    }
}
