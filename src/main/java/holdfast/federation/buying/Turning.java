package holdfast.federation.buying;

import holdfast.platform.Tx;
import java.util.UUID;

/// Lets a solver go on, after something that was done for it has changed.
interface Turning {
    void turn(Tx tx, UUID solver);
}
