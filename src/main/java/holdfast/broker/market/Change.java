package holdfast.broker.market;

import holdfast.broker.market.RootRows.Locked;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// A root that becomes another.
///
/// @param locked as it is
/// @param after as it will be
/// @param difference of its claims
record Change(Locked locked, Root after, Difference difference) {
    static Change of(Locked locked, Root after) {
        return new Change(locked, after, Difference.of(locked.root(), after));
    }

    /// What is otherwise between two states of a root.
    ///
    /// @param changed as they are afterwards
    record Difference(List<Claim> gone, List<Claim> fresh, List<Claim> changed) {
        private static Difference of(Root before, Root after) {
            var fresh = new ArrayList<Claim>();
            var changed = new ArrayList<Claim>();
            for (var claim : after.claims()) {
                var old = before.claim(claim.transaction());
                if (old.isEmpty()) {
                    fresh.add(claim);
                } else if (!old.equals(Optional.of(claim))) {
                    changed.add(claim);
                }
            }
            var gone = before.claims().stream()
                    .filter(claim -> after.claim(claim.transaction()).isEmpty())
                    .toList();
            return new Difference(gone, fresh, changed);
        }

        boolean nothing() {
            return gone.isEmpty() && fresh.isEmpty() && changed.isEmpty();
        }
    }

    UUID id() {
        return locked.resource().id();
    }

    Root before() {
        return locked.root();
    }
}
