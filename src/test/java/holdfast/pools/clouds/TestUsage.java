package holdfast.pools.clouds;

import holdfast.core.Answer;
import holdfast.platform.Tx;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Instances that a test makes up.
public final class TestUsage implements Usage {
    /// What keeps each owner.
    public final Map<UUID, List<String>> keeping = new ConcurrentHashMap<>();
    public final Map<Owner, Counts> used = new ConcurrentHashMap<>();
    /// What each instance is a part of.
    public final Map<UUID, List<UUID>> paths = new ConcurrentHashMap<>();
    /// Images of which there are instances.
    public final List<String> booted = new CopyOnWriteArrayList<>();
    /// Names of what cannot be stopped.
    public final List<String> stubborn = new CopyOnWriteArrayList<>();
    /// The accounts at which all was asked to stop.
    public final List<UUID> stopped = new CopyOnWriteArrayList<>();
    /// The accounts at which all was taken for stopped.
    public final List<UUID> forced = new CopyOnWriteArrayList<>();

    @Override
    public List<String> keeping(Tx tx, Owner owner) {
        return keeping.getOrDefault(owner.id(), List.of());
    }

    @Override
    public List<String> images(Tx tx, Owner owner) {
        return List.of();
    }

    @Override
    public boolean isBooted(Tx tx, String image) {
        return booted.contains(image);
    }

    @Override
    public Answer<Integer> destroyAll(Tx tx, UUID pool, String who) {
        return Answer.yes(0);
    }

    @Override
    public Map<Owner, Counts> counts(Tx tx, Collection<Owner> owners) {
        var counts = new HashMap<>(used);
        counts.keySet().retainAll(owners);
        return counts;
    }

    @Override
    public List<String> stopAll(Collection<UUID> accounts, String who) {
        stopped.addAll(accounts);
        return List.copyOf(stubborn);
    }

    @Override
    public void forceStopped(Tx tx, Collection<UUID> accounts, String who) {
        forced.addAll(accounts);
    }

    @Override
    public List<UUID> path(Tx tx, Right.Target target, UUID id) {
        return paths.getOrDefault(id, List.of());
    }
}
