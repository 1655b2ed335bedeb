package holdfast.federation.peers;

import holdfast.platform.Tx;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Notary;
import holdfast.protocol.rear.Signatures;
import java.util.Optional;
import java.util.UUID;

/// Looks whether contracts are signed by whom they came from (fluidos.md 5.13, 7).
public final class Arrivals {
    private final Peers peers;
    private final Notary notary;

    public Arrivals(Peers peers, Notary notary) {
        this.peers = peers;
        this.notary = notary;
    }

    /// Why a contract that a peer sent is not to be taken: then it is to be released. Where a signature is wrong,
    /// the peer's key is flagged, see [Peers#flag].
    ///
    /// @return empty if it is signed with the key of the peer, or if no key of that peer is known
    public Optional<String> fault(Tx tx, UUID peer, Contract contract) {
        var key = peers.find(tx, peer).flatMap(known -> known.endpoint().fingerprint());
        var fault = key.flatMap(fingerprint -> Signatures.fault(contract, fingerprint, notary));
        fault.filter(_ -> contract.extra().containsKey(Signatures.SELLER))
                .ifPresent(why -> peers.flag(tx, peer, "contract " + contract.id() + ": " + why));
        return fault;
    }
}
