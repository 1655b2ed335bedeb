package holdfast.engine;

import holdfast.platform.Tx;
import java.time.Instant;

/// Deletes what a part of Holdfast keeps in tables of its own and that nobody needs any more.
public interface Forgetter {
    /// @param before what was over by then
    /// @param limit the most for one transaction
    /// @return how many rows; less than `limit` means that no more are left
    int forget(Tx tx, Instant before, int limit);
}
