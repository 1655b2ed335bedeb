package holdfast.drivers.kubernetes;

import holdfast.authority.Fabric;
import holdfast.authority.Fabric.Agreed;
import holdfast.authority.Fabric.Bond;
import holdfast.core.Quantity;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether another cluster gets the room that it asks for (fluidos.md 4.6, 7 #23): by its contracts, and by nothing
/// else.
final class SliceAdmission {
    /// The class that Liqo admits by itself, whatever is asked for.
    static final String UNASKED = "default";

    private SliceAdmission() {}

    /// @param buyer whose namespace it is in; what the slice says of itself counts for nothing
    /// @param sort its class
    record Asked(String buyer, String name, String sort, Map<String, Quantity> amounts) {}

    sealed interface Verdict {
        record Admitted() implements Verdict {}

        record Denied(String why) implements Verdict {}

        /// Liqo has admitted it already, so its pods must be kept out.
        record Cordoned(String why) implements Verdict {}

        /// Of a class of somebody else.
        record NotOurs() implements Verdict {}
    }

    /// @param loose why nobody's pods would be kept within what is admitted; empty = they would
    static Verdict of(Asked asked, List<Agreed> live, Optional<String> loose) {
        boolean unasked = asked.sort().equals(UNASKED);
        if (!unasked && !asked.sort().equals(Bond.Slice.OURS)) {
            return new Verdict.NotOurs();
        }
        var bought = live.stream()
                .filter(one -> one.buyer().equals(asked.buyer()) && one.slice().equals(asked.name()))
                .findFirst();
        var why = bought.isEmpty()
                ? Optional.of("there is no live contract of " + asked.buyer() + " for slice " + asked.name())
                : Fabric.missing(asked.amounts(), bought.get().amounts())
                        .map(above -> "more than the contract has: " + above)
                        .or(() -> loose);
        return why.<Verdict>map(said -> unasked ? new Verdict.Cordoned(said) : new Verdict.Denied(said))
                .orElseGet(Verdict.Admitted::new);
    }
}
