package holdfast.api.promise;

import holdfast.broker.Reservations;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import java.util.List;
import java.util.Optional;

/// What a caller may see: what belongs to another project does not exist.
record Mine(Resources resources) {
    /// The most that a list shows.
    static final int MOST = 10_000;

    /// Those that are not over.
    List<Resource> present(Tx tx, Caller caller, String type) {
        return resources.list(
                tx, Resources.typed(type).and(Access.seenBy(caller, type)).and(Resources.present()), MOST);
    }

    /// One of that id, over or not.
    Optional<Resource> find(Tx tx, Caller caller, String type, Ref ref) {
        return ref.id()
                .flatMap(id -> resources.find(tx, id))
                .filter(found -> found.type().equals(type))
                .filter(found -> Access.maySee(caller, type, found.project()));
    }

    /// @throws RefusedException if there is none
    Resource one(Tx tx, Caller caller, String type, Ref ref) {
        return find(tx, caller, type, ref)
                .orElseThrow(() -> new RefusedException(
                        Refusal.notThere("there is no " + type + " " + Fields.shorten(ref.name()))));
    }

    Resource reservation(Tx tx, Caller caller, Ref ref) {
        if (!ref.mayBe(Ref.Kind.RESERVATION)) {
            throw new RefusedException(Refusal.notThere("there is no reservation " + Fields.shorten(ref.name())));
        }
        return one(tx, caller, Reservations.TYPE, ref);
    }
}
