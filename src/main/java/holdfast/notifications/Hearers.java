package holdfast.notifications;

import holdfast.platform.Tx;
import java.util.Optional;

/// Knows who may still hear what he asked for.
public interface Hearers {
    /// @return why the one who made a subscription may not hear any more; empty if he may, or if it cannot be known
    Optional<String> barred(Tx tx, Subscription subscription);
}
