package holdfast.broker;

import java.util.Locale;
import java.util.Optional;

/// The states of a reservation and what leads from one to another (promise.md 3.2). What is lost meanwhile does not
/// change the state: it is marked, so that the state before is still known when it is healed.
enum Course {
    /// Asked for; a provider is still to say that it keeps it.
    INITIALIZED,
    /// An offer: claimed for a while.
    HELD,
    RESERVED,
    /// Its term has begun; a provider is still to open it.
    STARTING,
    ACTIVE,
    /// Given up; something of it is still there.
    CANCELLING,
    /// Not used in time; something of it is still there.
    EXPIRING,
    /// Its term is over; something of it is still there.
    ENDING,
    REJECTED,
    LAPSED,
    EXPIRED,
    CANCELLED,
    ENDED,
    FAILED;

    /// What happens to a reservation.
    enum News {
        /// Every provider keeps it.
        KEPT,
        /// One does not.
        REFUSED,
        /// The user takes the offer.
        TAKEN,
        /// The offer was not taken in time.
        FORGOTTEN,
        /// Its term begins.
        BEGUN,
        /// Every provider has opened it.
        OPENED,
        /// One cannot.
        NOT_OPENED,
        /// Nothing of it was in use when it had to be.
        UNUSED,
        /// The user gives it up.
        GIVEN_UP,
        /// Its term is over.
        OVER,
        /// Nothing of it is left.
        GONE
    }

    /// The word in the record.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Course of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    boolean isOver() {
        return switch (this) {
            case REJECTED, LAPSED, EXPIRED, CANCELLED, ENDED, FAILED -> true;
            case INITIALIZED, HELD, RESERVED, STARTING, ACTIVE, CANCELLING, EXPIRING, ENDING -> false;
        };
    }

    /// Whether nothing but its end can come any more.
    boolean isLeaving() {
        return switch (this) {
            case INITIALIZED, HELD, RESERVED, STARTING, ACTIVE -> false;
            case CANCELLING, EXPIRING, ENDING, REJECTED, LAPSED, EXPIRED, CANCELLED, ENDED, FAILED -> true;
        };
    }

    /// The state after it; empty if that cannot happen now, or comes too late to matter.
    Optional<Course> after(News news) {
        return Optional.ofNullable(
                switch (this) {
                    case INITIALIZED ->
                        switch (news) {
                            case KEPT -> RESERVED;
                            case REFUSED -> REJECTED;
                            case GIVEN_UP -> CANCELLING;
                            case OVER -> ENDING;
                            case TAKEN, FORGOTTEN, BEGUN, OPENED, NOT_OPENED, UNUSED, GONE -> null;
                        };
                    case HELD ->
                        switch (news) {
                            case TAKEN -> INITIALIZED;
                            case FORGOTTEN -> LAPSED;
                            case GIVEN_UP -> CANCELLING;
                            case KEPT, REFUSED, BEGUN, OPENED, NOT_OPENED, UNUSED, OVER, GONE -> null;
                        };
                    case RESERVED ->
                        switch (news) {
                            case BEGUN -> STARTING;
                            case GIVEN_UP -> CANCELLING;
                            case UNUSED -> EXPIRING;
                            case REFUSED -> FAILED;
                            case OVER -> ENDING;
                            case KEPT, TAKEN, FORGOTTEN, OPENED, NOT_OPENED, GONE -> null;
                        };
                    case STARTING ->
                        switch (news) {
                            case OPENED -> ACTIVE;
                            case NOT_OPENED -> FAILED;
                            case GIVEN_UP -> CANCELLING;
                            case UNUSED -> EXPIRING;
                            case OVER -> ENDING;
                            case KEPT, REFUSED, TAKEN, FORGOTTEN, BEGUN, GONE -> null;
                        };
                    case ACTIVE ->
                        switch (news) {
                            case OVER -> ENDING;
                            case GIVEN_UP -> CANCELLING;
                            case UNUSED -> EXPIRING;
                            case NOT_OPENED -> FAILED;
                            case KEPT, REFUSED, TAKEN, FORGOTTEN, BEGUN, OPENED, GONE -> null;
                        };
                    case CANCELLING -> news == News.GONE ? CANCELLED : null;
                    case EXPIRING -> news == News.GONE ? EXPIRED : null;
                    case ENDING -> news == News.GONE ? ENDED : null;
                    case REJECTED, LAPSED, EXPIRED, CANCELLED, ENDED, FAILED -> null;
                });
    }
}
