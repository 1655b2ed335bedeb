package holdfast.federation.mail;

import holdfast.platform.Tx;
import java.util.List;
import java.util.UUID;

/// The contracts under which we have bought something.
public interface Routes {
    /// Those under which mail may still come or go: until their end and the time in which what was made under them
    /// is told as closed.
    List<Route> live(Tx tx);

    /// The seller knows nothing of a contract any more, or takes no mail under it. May be told more than once.
    ///
    /// @param why what it said
    default void over(Tx tx, UUID contract, String why) {}
}
