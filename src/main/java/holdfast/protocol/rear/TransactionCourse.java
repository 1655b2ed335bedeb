package holdfast.protocol.rear;

import java.util.Optional;

/// The states of a transaction and what leads from one to another (fluidos.md 3.5).
public enum TransactionCourse {
    /// Somebody sells what another has; the other is still to say that it is held.
    ASKED,
    HELD,
    PURCHASED,
    EXPIRED,
    CANCELLED,
    /// The other does not hold it.
    REFUSED;

    /// What happens to a transaction.
    public enum News {
        /// It is held, or reserved once more.
        RESERVED,
        /// It cannot be had.
        REFUSED,
        /// It is bought, or told to be once more.
        BOUGHT,
        /// Nobody bought it in time.
        LAPSED,
        /// Buyer or seller gives it up.
        GIVEN_UP
    }

    public boolean isOver() {
        return switch (this) {
            case ASKED, HELD -> false;
            case PURCHASED, EXPIRED, CANCELLED, REFUSED -> true;
        };
    }

    /// The state after it; empty if that cannot happen now, or comes too late to matter.
    public Optional<TransactionCourse> after(News news) {
        return Optional.ofNullable(
                switch (this) {
                    case ASKED ->
                        switch (news) {
                            case RESERVED -> HELD;
                            case REFUSED -> REFUSED;
                            case LAPSED -> EXPIRED;
                            case GIVEN_UP -> CANCELLED;
                            case BOUGHT -> null;
                        };
                    case HELD ->
                        switch (news) {
                            case RESERVED -> HELD;
                            case BOUGHT -> PURCHASED;
                            case LAPSED -> EXPIRED;
                            case GIVEN_UP -> CANCELLED;
                            case REFUSED -> null;
                        };
                    case PURCHASED -> news == News.BOUGHT ? PURCHASED : null;
                    case EXPIRED, CANCELLED, REFUSED -> null;
                });
    }
}
