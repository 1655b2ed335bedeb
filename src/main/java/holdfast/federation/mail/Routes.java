package holdfast.federation.mail;

import holdfast.platform.Tx;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The contracts under which we have bought something.
public interface Routes {
    /// Those under which mail may still come or go: until their end and the time in which what was made under them
    /// is told as closed.
    List<Route> live(Tx tx);

    /// The way to what runs under a contract.
    ///
    /// @return empty if it does not live, or nobody is known who sold it
    default Optional<Way> way(Tx tx, UUID contract) {
        return Optional.empty();
    }

    /// How what runs under a contract is reached.
    ///
    /// @param seller its id and domain
    /// @param relayed whether it runs at somebody of whom the seller has bought it
    /// @param connects whether the seller lets buyers connect to it
    record Way(Route route, String seller, boolean relayed, boolean connects) {}

    /// The seller knows nothing of a contract any more, or takes no mail under it. May be told more than once.
    ///
    /// @param why what it said
    default void over(Tx tx, UUID contract, String why) {}
}
