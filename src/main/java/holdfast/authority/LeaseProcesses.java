package holdfast.authority;

import holdfast.engine.ProcessDefinition;
import holdfast.engine.ProcessDefinition.Ending;
import holdfast.engine.Resource;
import holdfast.engine.types.Move;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// What can happen to a lease. All authorities of a server share these processes; how each is done is up to the
/// authority whose lease it is.
final class LeaseProcesses {
    static final String PREPARE = "lease.prepare";
    static final String CREATE = "lease.create";
    /// Of an active lease.
    static final String AMEND = "lease.amend";
    /// Of a prepared one.
    static final String REVISE = "lease.revise";
    static final String REMOVE = "lease.remove";
    private static final int ENDS_FIRST = 30;

    private LeaseProcesses() {}

    /// @param recipes by the authority of the lease
    static List<ProcessDefinition> all(Function<Resource, Recipes> recipes, Ending ending) {
        return List.of(
                ProcessDefinition.of(
                        PREPARE,
                        Move.of(Set.of("requested"), "preparing", "prepared", "failed"),
                        lease -> recipes.apply(lease).prepare(lease),
                        ending),
                ProcessDefinition.of(
                        CREATE,
                        Move.of(Set.of("requested", "prepared"), "creating", "active", "failed"),
                        lease -> recipes.apply(lease).create(lease),
                        ending),
                ProcessDefinition.of(
                        AMEND,
                        Move.of(Set.of("active"), "amending", "active", "active"),
                        lease -> recipes.apply(lease).amend(lease),
                        ending),
                ProcessDefinition.of(
                        REVISE,
                        Move.of(Set.of("prepared"), "revising", "prepared", "prepared"),
                        lease -> recipes.apply(lease).amend(lease),
                        ending),
                // Overtakes whatever the lease is doing: what a half-made lease has left is removed like a whole one.
                // Of what is due at once it comes first: nothing is made of a lease that is over, and who comes next
                // finds room.
                ProcessDefinition.of(
                                REMOVE,
                                Move.of(
                                        Set.of(
                                                "requested",
                                                "preparing",
                                                "prepared",
                                                "creating",
                                                "active",
                                                "amending",
                                                "revising",
                                                "close_failed"),
                                        "closing",
                                        "closed",
                                        "close_failed"),
                                lease -> recipes.apply(lease).remove(lease),
                                ending)
                        .withPriority(ENDS_FIRST));
    }
}
