package holdfast.federation.wire;

import holdfast.core.Refusal;
import holdfast.protocol.rear.Flavor;
import java.util.List;

/// What could be read of a list of flavors.
///
/// @param skipped how many items could not be read, or were beyond the 10,000th
/// @param why the reasons of the first ten
public record Heard(List<Flavor> flavors, int skipped, List<Refusal> why) {
    public Heard {
        flavors = List.copyOf(flavors);
        why = List.copyOf(why);
    }
}
