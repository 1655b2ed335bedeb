package holdfast.pools.clouds;

import holdfast.core.Answer;
import holdfast.platform.Tx;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// What instances use of what is set up here; kept by those who keep the instances.
public interface Usage {
    /// Who has a quota.
    enum Kind {
        FAMILY,
        POOL,
        ACCOUNT,
        USER
    }

    /// @param id of the entry
    record Owner(Kind kind, UUID id) {}

    /// How much of a quota is used (aeolus.md 2.2, 6.6).
    record Counts(int running, int total, int reserved) {
        public static final Counts NONE = new Counts(0, 0, 0);
    }

    /// What keeps its owner from being removed, by name, at most ten: deployments and single instances that have
    /// one which is not destroyable. None if it may go.
    List<String> keeping(Tx tx, Owner owner);

    /// Images of a pool family, or those that are mapped to something at an account, by name, at most ten.
    List<String> images(Tx tx, Owner owner);

    /// Whether there are instances of an image, in any pool.
    boolean isBooted(Tx tx, String image);

    /// Destroys what is left in a pool when it goes; all of it is destroyable.
    ///
    /// @return how many, or CLASH if something is being done with one of them
    Answer<Integer> destroyAll(Tx tx, UUID pool, String who);

    /// Of each of these owners; those without any may be missing.
    Map<Owner, Counts> counts(Tx tx, Collection<Owner> owners);

    /// Asks all that is pending or runs at these accounts to stop. Not in a transaction: each is asked on its own.
    ///
    /// @return names of those that could not be asked, with the reason
    List<String> stopAll(Collection<UUID> accounts, String who);

    /// Takes all that is new, pending, running or shutting down at these accounts for stopped, because nobody can
    /// reach them (event `forced_stop`).
    void forceStopped(Tx tx, Collection<UUID> accounts, String who);

    /// An instance or a deployment and all that it is a part of, for permissions on it.
    ///
    /// @return nothing if it is not there
    List<UUID> path(Tx tx, Right.Target target, UUID id);
}
