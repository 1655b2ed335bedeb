package holdfast.federation.following;

import holdfast.federation.peers.Known;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.MarketEvent.Code;

/// Who else wants to hear what peers tell, beside those who keep their offers.
public interface Ears {
    /// All that a peer offers is to be asked for: it is listened to from now on, or something may have been missed.
    /// Not within a transaction.
    ///
    /// @return whether it answered
    default boolean begins(Known peer) {
        return true;
    }

    /// It offers that now.
    default void refreshed(Tx tx, Known peer, Flavor flavor) {}

    /// It offers that no more.
    default void withdrawn(Tx tx, Known peer, String flavor, Code code) {}

    /// A contract is another one there: the seller is to be asked how. Not within a transaction.
    default void contract(Known peer, String contract) {}
}
