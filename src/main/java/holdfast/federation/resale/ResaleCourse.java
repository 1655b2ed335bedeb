package holdfast.federation.resale;

import holdfast.protocol.rear.TransactionCourse;
import java.util.Optional;

/// What a supernode holds for a customer because another holds it for us, and what leads from one to another
/// (fluidos.md 6.7), as a pure function: whatever ends here ends below, and nothing below stays bought unless it is
/// bought here, or nobody knows whether it is.
public enum ResaleCourse {
    /// Below is asked to hold it.
    ASKED(TransactionCourse.ASKED),
    /// It is held, here and below.
    HELD(TransactionCourse.HELD),
    /// Its customer buys it, so below is asked to sell it.
    BUYING(TransactionCourse.HELD),
    PURCHASED(TransactionCourse.PURCHASED),
    EXPIRED(TransactionCourse.EXPIRED),
    CANCELLED(TransactionCourse.CANCELLED),
    REFUSED(TransactionCourse.REFUSED),
    /// It may be bought below, where nobody can be asked about it: a case for people (fluidos.md 5.10, U8).
    IN_DOUBT(TransactionCourse.CANCELLED);

    private final TransactionCourse shown;

    ResaleCourse(TransactionCourse shown) {
        this.shown = shown;
    }

    /// What happens to it.
    public enum News {
        /// Below holds it for us.
        HELD_BELOW,
        /// Below holds it, and not for long enough.
        TOO_SHORT,
        /// Below does not hold it.
        REFUSED_BELOW,
        /// The customer wants to buy it.
        WANTED,
        /// Below has sold it to us.
        BOUGHT_BELOW,
        /// Below does not sell it.
        LOST_BELOW,
        /// Below may have sold it.
        DOUBT,
        /// The customer's time is over.
        LAPSED,
        /// The customer does not want it.
        GIVEN_UP
    }

    /// What follows below.
    public enum Act {
        NOTHING,
        /// What is held there is given up.
        CANCEL,
        /// It is bought there.
        BUY,
        /// It is sold here as well.
        SELL,
        /// What was bought there is given back.
        RELEASE
    }

    /// @param state after it
    public record Turn(ResaleCourse state, Act act) {}

    /// As it is told to the customer.
    public TransactionCourse shown() {
        return shown;
    }

    /// Whether the customer can be answered.
    boolean isSettled() {
        return this != ASKED && this != BUYING;
    }

    /// What follows; empty if that cannot happen now, or comes too late to matter.
    public Optional<Turn> after(News news) {
        return Optional.ofNullable(
                switch (this) {
                    case ASKED ->
                        switch (news) {
                            case HELD_BELOW -> new Turn(HELD, Act.NOTHING);
                            case TOO_SHORT -> new Turn(REFUSED, Act.CANCEL);
                            case REFUSED_BELOW -> new Turn(REFUSED, Act.NOTHING);
                            case LAPSED -> new Turn(EXPIRED, Act.NOTHING);
                            case GIVEN_UP -> new Turn(CANCELLED, Act.NOTHING);
                            case WANTED, BOUGHT_BELOW, LOST_BELOW, DOUBT -> null;
                        };
                    case HELD ->
                        switch (news) {
                            case WANTED -> new Turn(BUYING, Act.BUY);
                            case LAPSED -> new Turn(EXPIRED, Act.CANCEL);
                            case GIVEN_UP -> new Turn(CANCELLED, Act.CANCEL);
                            case HELD_BELOW, TOO_SHORT, REFUSED_BELOW, BOUGHT_BELOW, LOST_BELOW, DOUBT -> null;
                        };
                    case BUYING ->
                        switch (news) {
                            case BOUGHT_BELOW -> new Turn(PURCHASED, Act.SELL);
                            case LOST_BELOW -> new Turn(CANCELLED, Act.CANCEL);
                            case DOUBT -> new Turn(IN_DOUBT, Act.NOTHING);
                            case HELD_BELOW, TOO_SHORT, REFUSED_BELOW, WANTED, LAPSED, GIVEN_UP -> null;
                        };
                    case EXPIRED, CANCELLED, REFUSED ->
                        switch (news) {
                            case HELD_BELOW, TOO_SHORT -> new Turn(this, Act.CANCEL);
                            case BOUGHT_BELOW -> new Turn(this, Act.RELEASE);
                            case REFUSED_BELOW, WANTED, LOST_BELOW, DOUBT, LAPSED, GIVEN_UP -> null;
                        };
                    case IN_DOUBT -> news == News.BOUGHT_BELOW ? new Turn(IN_DOUBT, Act.RELEASE) : null;
                    case PURCHASED -> null;
                });
    }
}
