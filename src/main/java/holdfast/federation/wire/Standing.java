package holdfast.federation.wire;

import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.ContractCourse;
import java.util.Optional;

/// A contract as the other side sees it (fluidos.md 5.9).
///
/// @param state empty if it says none that is known
public record Standing(Contract contract, Optional<ContractCourse> state) {}
