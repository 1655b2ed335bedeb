package holdfast.api.declared;

import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// Shows and makes objects of one sort. What it refuses, it refuses by throwing [RefusedException].
interface Keeper {
    /// The most that is shown at once.
    int MOST = 1_000;

    Sort sort();

    /// Those that the caller may see, declared or not, under the names that they have if nobody has declared them.
    List<Shown> list(Tx tx, Caller caller);

    /// What was made of a declaration, also if it is over.
    Optional<Shown> made(Tx tx, UUID made);

    /// Looks at what is declared, and does what cannot be done within a transaction.
    ///
    /// @return what was made, if that is all; else it is made by [#make]
    default Optional<UUID> before(Caller caller, String name, JsonNode spec) {
        return Optional.empty();
    }

    /// Makes it.
    ///
    /// @return what was made; empty if there is nothing to make
    default Optional<UUID> make(Tx tx, Caller caller, String name, JsonNode spec) {
        throw fixed();
    }

    /// It is declared in another way; marks alone have been seen to.
    ///
    /// @param made what was made of it
    default void change(Tx tx, Caller caller, Optional<UUID> made, JsonNode before, JsonNode after) {
        throw new RefusedException(
                Refusal.malformed("spec", "spec is fixed once it is declared: delete the object, and declare it anew"));
    }

    /// It is not wanted any more.
    default void end(Tx tx, Caller caller, Shown shown) {
        throw fixed();
    }

    private RefusedException fixed() {
        return new RefusedException(Refusal.notYours(sort().plural() + " come and go by themselves"));
    }
}
