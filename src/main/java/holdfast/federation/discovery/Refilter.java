package holdfast.federation.discovery;

import holdfast.federation.wire.Heard;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Provenance;
import holdfast.protocol.rear.Selector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Keeps of an answer what was asked for: nodes answer with offers of other types, with offers that do not match, with
/// sold ones, and with too many (fluidos.md 5.10, U1).
final class Refilter {
    /// Of one peer.
    static final int MOST = 1_000;

    private Refilter() {}

    /// @param left how many were left out or could not be read
    /// @param whole whether all that the peer offers of it is here: what is missing is not offered
    record Kept(List<Flavor> flavors, int left, boolean whole) {
        Kept {
            flavors = List.copyOf(flavors);
        }
    }

    /// What of `heard` is for sale by others, and matches; of several with one id the first.
    ///
    /// @param self who asks
    static Kept keep(Heard heard, Selector selector, NodeIdentity self) {
        var kept = new ArrayList<Flavor>();
        var seen = new HashSet<String>();
        boolean whole = heard.skipped() == 0;
        for (var flavor : heard.flavors()) {
            if (flavor.available() && selector.matches(flavor) && !isOf(self, flavor) && seen.add(flavor.id())) {
                if (kept.size() < MOST) {
                    kept.add(flavor);
                } else {
                    whole = false;
                }
            }
        }
        return new Kept(kept, heard.flavors().size() - kept.size() + heard.skipped(), whole);
    }

    /// Also what comes back from who offers it again.
    private static boolean isOf(NodeIdentity self, Flavor flavor) {
        var from = Provenance.of(flavor);
        return flavor.owner().id().equals(self.id()) && flavor.owner().domain().equals(self.domain())
                || from.node().equals(Optional.of(self.id()))
                || from.path().contains(self.id());
    }
}
