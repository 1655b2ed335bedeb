package holdfast.drivers.openstack;

import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import java.util.List;
import java.util.Optional;

/// One kind of thing that bears marks.
interface Kind {
    /// Empty if there is no such thing of this kind.
    Optional<Observed.Present> observe(Key key);

    /// Takes it away; empty if there is no such thing of this kind.
    Optional<Result> remove(Key key);

    /// All of ours.
    List<Key> list();
}
