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

    /// How slices and contracts go together.
    enum Mode {
        /// One slice for each contract, and named so.
        EACH,
        /// The old way: one slice for a buyer, named after the buyer's cluster, of the sum of its contracts at
        /// most.
        SUMMING
    }

    /// @param buyer whose namespace it is in; what the slice says of itself counts for nothing
    /// @param sort its class
    record Asked(String buyer, String name, String sort, Map<String, Quantity> amounts) {}

    sealed interface Verdict {
        /// @param amounts all that its pods may take
        record Admitted(Map<String, Quantity> amounts) implements Verdict {}

        record Denied(String why) implements Verdict {}

        /// Liqo has admitted it already, so it must be taken away.
        record Expelled(String why) implements Verdict {}

        /// Of a class of somebody else.
        record NotOurs() implements Verdict {}
    }

    static Verdict of(Asked asked, List<Agreed> live, Mode mode) {
        boolean unasked = asked.sort().equals(UNASKED);
        if (!unasked && !asked.sort().equals(Bond.Slice.OURS)) {
            return new Verdict.NotOurs();
        }
        var bought = bought(asked, live, mode);
        if (bought.isEmpty()) {
            return no(unasked, "there is no live contract of " + asked.buyer() + " for slice " + asked.name());
        }
        var above = Fabric.missing(asked.amounts(), bought.get());
        return above.isPresent()
                ? no(unasked, "more than the contract has: " + above.get())
                : new Verdict.Admitted(unasked ? bought.get() : asked.amounts());
    }

    private static Optional<Map<String, Quantity>> bought(Asked asked, List<Agreed> live, Mode mode) {
        var theirs = live.stream()
                .filter(contract -> contract.buyer().equals(asked.buyer()))
                .toList();
        return switch (mode) {
            case EACH ->
                theirs.stream()
                        .filter(contract -> contract.contract().equals(asked.name()))
                        .map(Agreed::amounts)
                        .findFirst();
            case SUMMING ->
                asked.name().equals(asked.buyer()) && !theirs.isEmpty()
                        ? Optional.of(
                                Fabric.sum(theirs.stream().map(Agreed::amounts).toList()))
                        : Optional.empty();
        };
    }

    private static Verdict no(boolean unasked, String why) {
        return unasked ? new Verdict.Expelled(why) : new Verdict.Denied(why);
    }
}
