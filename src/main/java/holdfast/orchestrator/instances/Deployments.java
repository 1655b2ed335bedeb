package holdfast.orchestrator.instances;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.pools.clouds.choice.Explanation;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Deployments of all pools, as one caller sees them (aeolus.md 2.8, 3.2, 4.3): those of others only with the right to
/// view them. What the caller may not see is not there.
public interface Deployments {
    /// The header by which clients say that they ask for the same once more.
    String TOKEN = "X-Client-Token";

    /// In the order of creation.
    Page list(Which which);

    Optional<DeploymentView> find(UUID id);

    /// The instances of one, in the order of its assemblies; none if it is not there.
    List<InstanceView> instances(UUID id);

    /// What happened to one, oldest first; nothing if it is not there.
    List<EventView> events(UUID id, int limit);

    /// @return the deployment, new, or as it is of an earlier request with the same token; NOT_THERE for an unknown
    ///     pool, image or realm, MALFORMED for an unknown profile
    ///     or a name that is taken twice, NOT_YOURS without the right or if all accounts refuse for want of quota
    ///     or
    ///     rights, CLASH if the pool has one of that name or no account will do for all of it, with all reasons, or
    ///     the token stands for something else
    Answer<DeploymentView> launch(DeploymentPlan plan);

    /// Where one could be launched now, in which order that would be tried, and where not, and why; nothing is
    /// launched, and nothing kept.
    ///
    /// @return as for [#launch] if it cannot be looked for at all
    Answer<Explanation> explain(DeploymentPlan plan);

    /// Stops all that runs of it; what is still being made is stopped when it runs.
    ///
    /// @return as it is now; NOT_THERE, NOT_YOURS, CLASH if it is over or being stopped already
    Answer<DeploymentView> stop(UUID id);

    /// Starts all that is stopped of it.
    ///
    /// @return as it is now; NOT_THERE, NOT_YOURS also for want of quota, CLASH if nothing of it can be started
    Answer<DeploymentView> start(UUID id);

    /// Reboots all that runs of it.
    ///
    /// @return as it is now; NOT_THERE, NOT_YOURS, CLASH if nothing of it runs, or it is being made still
    Answer<DeploymentView> reboot(UUID id);

    /// Destroys all of it, whatever its state; it is gone when nothing is left.
    ///
    /// @return as it is now, empty if it is gone already; NOT_THERE, NOT_YOURS
    Answer<Optional<DeploymentView>> delete(UUID id);

    /// Changes what is the user's own of it. Its name stays, since its instances bear it.
    ///
    /// @param version that was read; empty = any
    /// @return as it is now; NOT_THERE, NOT_YOURS, MALFORMED for another name, CLASH if it was changed since
    Answer<DeploymentView> edit(UUID id, VirtualCloud.Edit edit, Optional<Long> version);

    /// Which deployments.
    ///
    /// @param offset so many are left out at the beginning, from 0
    /// @param limit 1..100,000
    record Which(Optional<UUID> pool, Optional<DeploymentState> state, Optional<String> name, int offset, int limit) {}

    /// @param total how many there are
    record Page(List<DeploymentView> some, int total) {
        public Page {
            some = List.copyOf(some);
        }
    }

    /// What leads callers to deployments.
    interface Finder {
        Deployments deployments(Caller caller);
    }
}
