package holdfast.api.config;

import holdfast.platform.Database;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Configuration;
import java.util.function.Function;

/// What all parts of the interface work with.
record Desk(Database database, Configuration configuration) {
    <R> R in(Function<Tx, R> work) {
        return database.inTransaction(work);
    }
}
