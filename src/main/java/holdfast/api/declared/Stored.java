package holdfast.api.declared;

import holdfast.core.Caller;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// A keeper of objects each of which is a resource here, all of one type.
interface Stored extends Keeper {
    Engine engine();

    /// The type of those resources.
    String type();

    /// These, in their order, without those that are not for others to see.
    List<Shown> shown(Tx tx, List<Resource> some);

    @Override
    default List<Shown> list(Tx tx, Caller caller) {
        var seen = Resources.typed(type()).and(Resources.present()).and(Access.seenBy(caller, type()));
        return shown(tx, engine().resources().list(tx, seen, MOST));
    }

    @Override
    default Optional<Shown> made(Tx tx, UUID made) {
        return engine().resources()
                .find(tx, made)
                .flatMap(one -> shown(tx, List.of(one)).stream().findFirst());
    }
}
