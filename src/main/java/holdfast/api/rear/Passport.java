package holdfast.api.rear;

import holdfast.broker.market.Buyer;
import holdfast.federation.trust.Caller;
import holdfast.federation.trust.Pin;
import holdfast.protocol.rear.NodeIdentity;
import java.util.Optional;

/// Who calls. The one place that decides whom a buyer is taken for.
public sealed interface Passport {
    /// Of everybody where nothing is proved (`auth: none`).
    static Passport unproved() {
        return new Unproved();
    }

    /// Between a key and as whom its node buys.
    String OF = "/";

    /// The role of who buys for others.
    String SUPERNODE = "supernode";

    /// Nobody proves anything: everybody is taken for whom it says it is, and who knows the name of a hold or a
    /// contract may act on it.
    record Unproved() implements Passport {}

    /// Has proved nothing, where others do.
    ///
    /// @param why for people
    record Stranger(String why) implements Passport {}

    /// Has a key that is known.
    record Proved(Pin pin) implements Passport {}

    /// As rules look at it.
    default Caller caller() {
        return switch (this) {
            case Unproved _, Stranger _ -> Caller.ANYBODY;
            case Proved(var pin) -> pin.caller();
        };
    }

    /// The fingerprint of its key; empty if it has proved none.
    default String key() {
        return this instanceof Proved(var pin) ? pin.fingerprint() : "";
    }

    /// As whom it buys. What a stranger has, nobody can have who proves a key.
    ///
    /// @param said what it says of itself
    /// @param cluster the id of its fabric
    /// @throws RearProblem if it says that it is of another domain than its key
    default Buyer buyer(NodeIdentity said, String cluster) {
        var name = said.id() + "@" + said.domain();
        return new Buyer(
                said,
                switch (this) {
                    case Unproved _ -> name;
                    case Stranger _ -> "?" + name;
                    case Proved(var pin) -> {
                        if (!pin.domain().isEmpty() && !pin.domain().equals(said.domain())) {
                            throw RearProblem.of(
                                    403,
                                    "the buyer is of " + said.domain() + ", and your key is known as one of "
                                            + pin.domain() + ": buy in the name of your own domain");
                        }
                        yield customer(pin, said)
                                .map(id -> pin.fingerprint() + OF + id)
                                .orElse(pin.fingerprint());
                    }
                },
                cluster,
                customer(said).map(_ -> new Buyer.Caller(key(), caller().standing() == Caller.Standing.OWN)),
                party(said));
    }

    /// Of which domain it says that it is counts where nobody proves anything, or administrators have said it. No
    /// domain is called like the others.
    private String party(NodeIdentity said) {
        return switch (this) {
            case Unproved _ -> said.domain();
            case Stranger _ -> "?";
            case Proved(var pin) -> vouched().orElse("?" + pin.fingerprint());
        };
    }

    /// The domain that administrators say it is of; empty if they do not.
    default Optional<String> vouched() {
        return this instanceof Proved(var pin) && pin.vouched() ? Optional.of(pin.domain()) : Optional.empty();
    }

    private Optional<String> customer(NodeIdentity said) {
        return this instanceof Proved(var pin) ? customer(pin, said) : Optional.empty();
    }

    /// Whether it may act on what belongs to the buyer with that key.
    default boolean mayActFor(String key) {
        return switch (this) {
            case Unproved _ -> true;
            case Stranger _ -> key.startsWith("?");
            case Proved(var pin) -> key.equals(pin.fingerprint()) || key.startsWith(pin.fingerprint() + OF);
        };
    }

    /// A supernode buys for each of its customers as another buyer, see
    /// [holdfast.protocol.rear.FlavorIds#customer]: with one key, and with holds that are not taken for one
    /// another.
    private static Optional<String> customer(Pin pin, NodeIdentity said) {
        return Optional.of(said.id())
                .filter(_ -> pin.role().equals(SUPERNODE))
                .filter(id ->
                        pin.nodeId().filter(node -> id.startsWith(node + ".")).isPresent());
    }
}
