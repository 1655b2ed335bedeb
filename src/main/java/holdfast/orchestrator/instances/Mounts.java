package holdfast.orchestrator.instances;

import holdfast.engine.Resource;
import holdfast.orchestrator.instances.AccountThing.Mount;
import holdfast.orchestrator.instances.AccountThing.Volume;
import holdfast.orchestrator.instances.ThingStore.Note;
import holdfast.platform.Tx;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Where volumes are attached, as it was seen when somebody last looked at them, attached or detached them: so that
/// instances can tell their volumes although nobody asks a provider for that.
final class Mounts {
    private static final String VOLUMES = ThingKind.VOLUME.collection();

    private final ThingStore store;
    private final UUID pool;

    Mounts(ThingStore store, UUID pool) {
        this.store = store;
        this.pool = pool;
    }

    /// Those of some instances. What is nowhere yet has none, and is not asked for.
    static Map<UUID, List<InstanceView.Attached>> of(Tx tx, List<Resource> instances) {
        var made = instances.stream()
                .filter(one -> one.as(Instance.class).sight().key().isPresent())
                .map(Resource::id)
                .toList();
        return made.isEmpty() ? Map.of() : ThingStore.attached(tx, made);
    }

    /// A volume was attached or detached.
    void changed(Tx tx, ThingNames names, Wish<?> wish, AccountThing thing) {
        var key = names.key(thing.id());
        if (wish instanceof Wish.Attach(var _, var instance, var device)) {
            store.attached(tx, names.account(), VOLUMES, key, new Mount(instance, Optional.of(device)));
        } else if (wish instanceof Wish.Detach) {
            store.detached(tx, names.account(), VOLUMES, List.of(key), pool);
        }
    }

    /// Volumes, as an account told them. Only what has changed is written.
    ///
    /// @param before what was known, by key
    void seen(Tx tx, ThingNames names, Map<String, Note> before, Collection<AccountThing> told) {
        var mounts = new HashMap<String, Mount>();
        for (var thing : told) {
            if (thing instanceof Volume volume) {
                volume.mount().ifPresent(mount -> mounts.put(names.key(volume.id()), mount));
            }
        }
        mounts.forEach((key, mount) -> {
            var known = Optional.ofNullable(before.get(key)).flatMap(Note::mount);
            if (!known.equals(Optional.of(mount))) {
                store.attached(tx, names.account(), VOLUMES, key, mount);
            }
        });
        var gone = before.values().stream()
                .filter(note -> note.mount().isPresent() && !mounts.containsKey(note.key()))
                .map(Note::key)
                .toList();
        if (!gone.isEmpty()) {
            store.detached(tx, names.account(), VOLUMES, gone, pool);
        }
    }
}
