package holdfast.protocol.rear;

import holdfast.core.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// The states of a contract and what leads from one to another (fluidos.md 3.6).
public enum ContractCourse {
    /// The buyer is still to sign it, where both sides must.
    PENDING_SIGNATURE,
    ACTIVE,
    /// It ends soon, and may still be renewed.
    EXPIRING,
    EXPIRED,
    /// Ended early by either side.
    TERMINATED;

    private static final Duration LONGEST_WARNING = Duration.ofHours(24);

    /// What happens to a contract.
    public enum News {
        /// The buyer has signed it.
        SIGNED,
        /// The last part of its term begins, see [#expiring].
        NEARLY_OVER,
        /// Its term is longer now.
        RENEWED,
        /// Its term is over.
        OVER,
        /// One side ends it.
        ENDED
    }

    /// When the last part of a term begins: its last tenth, at most a day.
    public static Instant expiring(Interval term) {
        var tenth = term.length().dividedBy(10);
        return term.until().minus(tenth.compareTo(LONGEST_WARNING) < 0 ? tenth : LONGEST_WARNING);
    }

    /// The state that a resource says in lower case.
    ///
    /// @throws IllegalArgumentException if it is none
    public static ContractCourse of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /// In lower case, as resources have it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean isOver() {
        return switch (this) {
            case PENDING_SIGNATURE, ACTIVE, EXPIRING -> false;
            case EXPIRED, TERMINATED -> true;
        };
    }

    /// Whether it is in force: what is bought may be used. Peers that know two states only are shown `Active` or
    /// `Inactive`.
    public boolean isLive() {
        return switch (this) {
            case ACTIVE, EXPIRING -> true;
            case PENDING_SIGNATURE, EXPIRED, TERMINATED -> false;
        };
    }

    /// The state after it; empty if that cannot happen now, or comes too late to matter.
    public Optional<ContractCourse> after(News news) {
        return Optional.ofNullable(
                switch (this) {
                    case PENDING_SIGNATURE ->
                        switch (news) {
                            case SIGNED -> ACTIVE;
                            case OVER -> EXPIRED;
                            case ENDED -> TERMINATED;
                            case NEARLY_OVER, RENEWED -> null;
                        };
                    case ACTIVE ->
                        switch (news) {
                            case SIGNED, RENEWED -> ACTIVE;
                            case NEARLY_OVER -> EXPIRING;
                            case OVER -> EXPIRED;
                            case ENDED -> TERMINATED;
                        };
                    case EXPIRING ->
                        switch (news) {
                            case SIGNED, NEARLY_OVER -> EXPIRING;
                            case RENEWED -> ACTIVE;
                            case OVER -> EXPIRED;
                            case ENDED -> TERMINATED;
                        };
                    case EXPIRED, TERMINATED -> null;
                });
    }
}
