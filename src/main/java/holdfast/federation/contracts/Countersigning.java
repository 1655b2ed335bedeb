package holdfast.federation.contracts;

import holdfast.federation.peers.Known;
import holdfast.federation.wire.RearClient;
import holdfast.federation.wire.Standing;
import holdfast.federation.wire.Told;
import holdfast.platform.Platform;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Notary;
import holdfast.protocol.rear.Signatures;
import holdfast.protocol.rear.Trace;
import java.util.Optional;

/// The buyer's half of what both sides sign (fluidos.md 5.13).
public final class Countersigning {
    private static final int FORBIDDEN = 403;
    private static final int UNKNOWN = 404;
    private static final int CLASH = 409;

    private final Platform platform;
    private final Notary notary;

    public Countersigning(Platform platform, Notary notary) {
        this.platform = platform;
        this.notary = notary;
    }

    /// Signs what a peer has sold, and tells it. Done twice, the signature of the first time stays. Not within a
    /// transaction.
    ///
    /// @param as who bought it
    /// @return the contract with both signatures; as it came if that peer takes none of us, or its own is not what
    ///     it
    ///     should be; refused if ours is wrong, says the peer
    public Told<Contract> sign(RearClient as, Known peer, Contract contract, Trace trace) {
        var key = peer.endpoint().fingerprint();
        if (!peer.capabilities().takesSignatures()
                || key.isEmpty()
                || Signatures.fault(contract, key.get(), notary).isPresent()) {
            return new Told.Yes<>(contract);
        }
        var ours = Signatures.countersign(contract, notary);
        var told = as.sign(peer.endpoint(), peer.dialect(), contract.id(), ours, platform.newId(), trace);
        return switch (told) {
            case Told.Yes<Contract> _ -> new Told.Yes<>(Signatures.signedByBoth(contract, ours));
            case Told.No<Contract>(var status, var _, var _)
            when status == CLASH ->
                new Told.Yes<>(before(as, peer, contract, trace)
                        .map(known -> Signatures.signedByBoth(contract, known))
                        .orElse(contract));
            case Told.No<Contract>(var status, var _, var _)
            when status == UNKNOWN || status == FORBIDDEN -> new Told.Yes<>(contract);
            case Told.No<Contract> _, Told.Silent<Contract> _ -> told;
        };
    }

    /// What we have signed it with before, if the answer to that was lost.
    private Optional<String> before(RearClient as, Known peer, Contract contract, Trace trace) {
        return as.contract(peer.endpoint(), peer.dialect(), contract.id(), trace)
                        instanceof Told.Yes<Standing>(var seen)
                ? Optional.ofNullable(seen.contract().extra().get(Signatures.BUYER))
                        .filter(signature -> Signatures.fault(contract, signature, notary.fingerprint(), notary)
                                .isEmpty())
                : Optional.empty();
    }
}
