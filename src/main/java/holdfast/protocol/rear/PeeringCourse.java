package holdfast.protocol.rear;

import java.util.Locale;
import java.util.Optional;

/// The states of a peering, the virtual node of a contract, at its buyer and at its seller, and what leads from one to
/// another (fluidos.md 3.7).
public enum PeeringCourse {
    INACTIVE,
    /// At the seller: it is lent, and its buyer has not come for it.
    PROVISIONING,
    /// At the buyer: the seller's side is asked for it.
    PEERING,
    ACTIVE,
    /// It did not come up, or with less than was bought.
    ERROR,
    /// It is being given back.
    RELEASING,
    RELEASED;

    /// What happens to a peering.
    public enum News {
        /// The seller lends it.
        LENT,
        /// The buyer asks for it.
        BEGUN,
        /// It is there as it was bought.
        UP,
        /// It is refused, too little, or too late.
        FAILED,
        /// Its contract is over, or nobody needs it.
        ENDED,
        /// The seller knows that it is over, or need not.
        SETTLED
    }

    /// The state that a resource says in lower case.
    ///
    /// @throws IllegalArgumentException if it is none
    public static PeeringCourse of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /// In lower case, as resources have it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The state after it; empty if that cannot happen now, or comes too late to matter.
    public Optional<PeeringCourse> after(News news) {
        return Optional.ofNullable(
                switch (this) {
                    case INACTIVE ->
                        switch (news) {
                            case LENT -> PROVISIONING;
                            case BEGUN -> PEERING;
                            case FAILED -> ERROR;
                            case ENDED -> RELEASING;
                            case UP, SETTLED -> null;
                        };
                    case PROVISIONING, PEERING ->
                        switch (news) {
                            case UP -> ACTIVE;
                            case FAILED -> ERROR;
                            case ENDED -> RELEASING;
                            case LENT, BEGUN, SETTLED -> null;
                        };
                    case ACTIVE ->
                        switch (news) {
                            case FAILED -> ERROR;
                            case ENDED -> RELEASING;
                            case LENT, BEGUN, UP, SETTLED -> null;
                        };
                    case ERROR -> news == News.ENDED ? RELEASING : null;
                    case RELEASING -> news == News.SETTLED ? RELEASED : null;
                    case RELEASED -> null;
                });
    }
}
