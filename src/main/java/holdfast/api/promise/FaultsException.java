package holdfast.api.promise;

import holdfast.core.Refusal;
import java.util.List;

/// All that is wrong with what somebody sent; nothing was done.
final class FaultsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Refusal> faults;

    /// @param faults at least one
    FaultsException(List<Refusal> faults) {
        super(faults.getFirst().message(), null, false, false);
        this.faults = List.copyOf(faults);
    }

    List<Refusal> faults() {
        return faults;
    }
}
