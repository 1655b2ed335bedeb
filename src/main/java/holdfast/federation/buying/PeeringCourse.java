package holdfast.federation.buying;

import java.util.Optional;

/// The states of what a buyer has of a peering, the virtual node of a contract, and what leads from one to another
/// (fluidos.md 3.7).
public enum PeeringCourse {
    INACTIVE,
    /// The seller's side is asked for it.
    PEERING,
    ACTIVE,
    /// It did not come up, or with less than was bought.
    ERROR,
    /// It is being given back.
    RELEASING,
    RELEASED;

    /// What happens to a peering.
    public enum News {
        /// It is asked for.
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

    /// The state after it; empty if that cannot happen now, or comes too late to matter.
    public Optional<PeeringCourse> after(News news) {
        return Optional.ofNullable(
                switch (this) {
                    case INACTIVE ->
                        switch (news) {
                            case BEGUN -> PEERING;
                            case FAILED -> ERROR;
                            case ENDED -> RELEASING;
                            case UP, SETTLED -> null;
                        };
                    case PEERING ->
                        switch (news) {
                            case UP -> ACTIVE;
                            case FAILED -> ERROR;
                            case ENDED -> RELEASING;
                            case BEGUN, SETTLED -> null;
                        };
                    case ACTIVE ->
                        switch (news) {
                            case FAILED -> ERROR;
                            case ENDED -> RELEASING;
                            case BEGUN, UP, SETTLED -> null;
                        };
                    case ERROR -> news == News.ENDED ? RELEASING : null;
                    case RELEASING -> news == News.SETTLED ? RELEASED : null;
                    case RELEASED -> null;
                });
    }
}
