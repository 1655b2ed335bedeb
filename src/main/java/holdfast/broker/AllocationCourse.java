package holdfast.broker;

import java.util.Locale;
import java.util.Optional;

/// The states of an allocation and what leads from one to another (promise.md 3.3).
enum AllocationCourse {
    /// Waits for the start of its reservation.
    SCHEDULED,
    /// Its room is its own; nobody was asked to make it yet.
    INITIALIZED,
    /// The provider was asked to make it.
    BUILDING,
    ACTIVE,
    /// The provider could not make it, and nothing of it is there.
    ERROR,
    /// To be taken away; something of it may still be there.
    DELETING,
    DELETED,
    /// The provider lost it; what is left of it is being taken away.
    LOST,
    /// Never made.
    CANCELLED;

    /// What happens to an allocation.
    enum News {
        /// Its reservation has begun.
        BEGUN,
        /// The order has gone to the provider.
        ORDERED,
        /// It runs.
        RUNNING,
        /// The provider could not make it and has left nothing of it.
        BROKEN,
        /// It is no longer where it was.
        VANISHED,
        /// Its owner, its end, the end of its reservation, or somebody who needs its room wants it gone.
        UNWANTED,
        /// Nothing of it is left.
        GONE
    }

    /// The word in the record.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static AllocationCourse of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /// The state after it; empty if that cannot happen now, or comes too late to matter.
    Optional<AllocationCourse> after(News news) {
        return Optional.ofNullable(
                switch (this) {
                    case SCHEDULED ->
                        switch (news) {
                            case BEGUN -> INITIALIZED;
                            case UNWANTED -> CANCELLED;
                            case ORDERED, RUNNING, BROKEN, VANISHED, GONE -> null;
                        };
                    case INITIALIZED ->
                        switch (news) {
                            case ORDERED -> BUILDING;
                            case UNWANTED -> CANCELLED;
                            case BEGUN, RUNNING, BROKEN, VANISHED, GONE -> null;
                        };
                    case BUILDING ->
                        switch (news) {
                            case RUNNING -> ACTIVE;
                            case BROKEN -> ERROR;
                            case VANISHED -> LOST;
                            case UNWANTED -> DELETING;
                            case GONE -> DELETED;
                            case BEGUN, ORDERED -> null;
                        };
                    case ACTIVE ->
                        switch (news) {
                            case BROKEN -> ERROR;
                            case VANISHED -> LOST;
                            case UNWANTED -> DELETING;
                            case GONE -> DELETED;
                            case BEGUN, ORDERED, RUNNING -> null;
                        };
                    case ERROR -> news == News.UNWANTED ? DELETING : null;
                    case DELETING ->
                        switch (news) {
                            case BROKEN, GONE -> DELETED;
                            case BEGUN, ORDERED, RUNNING, VANISHED, UNWANTED -> null;
                        };
                    case DELETED, LOST, CANCELLED -> null;
                });
    }
}
