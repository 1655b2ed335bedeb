package holdfast.protocol.rear;

import java.util.List;

/// What running on a flavor emits (fluidos.md 2.6, 6.8).
///
/// @param embodied grams for making the hardware
/// @param operational expected grams for each kWh in the coming hours, the first is now; may be empty
public record Carbon(long embodied, List<Long> operational) {
    public Carbon {
        operational = List.copyOf(operational);
    }
}
