package holdfast.api.rear;

import holdfast.federation.wire.Dialect;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;

/// Which transactions were reserved in the documented dialect: a purchase that shows none is answered in the same.
final class Documented {
    private final Platform platform;

    Documented(Platform platform) {
        this.platform = platform;
    }

    void remember(Tx tx, String transaction, Dialect dialect) {
        switch (dialect) {
            case DOC ->
                tx.sql()
                        .execute(
                                "insert into documented (transaction, made) values (?, ?::timestamptz) on conflict do nothing",
                                transaction,
                                platform.now());
            case NODE -> tx.sql().execute("delete from documented where transaction = ?", transaction);
        }
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
