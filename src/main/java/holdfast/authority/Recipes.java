package holdfast.authority;

import holdfast.engine.Resource;
import holdfast.engine.Step;
import java.util.List;

/// How the leases of one authority are made real and taken away again. Each list follows from the content of the lease
/// alone, whatever its facts.
interface Recipes {
    /// Before its term: keeps things from others that nobody may use yet.
    List<Step> prepare(Resource lease);

    /// At the start of its term.
    List<Step> create(Resource lease);

    /// As another order says; undone, it is as before.
    List<Step> amend(Resource lease);

    /// Also of a lease that is half-made.
    List<Step> remove(Resource lease);
}
