package holdfast.federation.buying;

import java.util.Optional;

/// The states of a purchase at one seller, and what leads from one to another (fluidos.md 3.4, 5.10 U7 to U10).
public enum PurchaseCourse {
    /// Another purchase of the same is under way, for which the seller would take this one.
    WAITING,
    /// It has been, or will be, asked to hold it.
    RESERVING,
    /// Held, and waits to be chosen.
    HELD,
    /// It has been, or will be, asked to sell it.
    BUYING,
    BOUGHT,
    /// Nobody knows whether it was sold: it is asked no more, and somebody must look.
    IN_DOUBT,
    /// No longer wanted; what is still to be answered, or held, is given back.
    CANCELLING,
    CANCELLED,
    FAILED;

    /// What happens to a purchase.
    public enum News {
        /// No other purchase of the same is under way any more.
        ITS_TURN,
        /// The seller holds it.
        HELD,
        /// The seller does not do what it was asked for, and nothing is held.
        REFUSED,
        /// The seller knows nothing of what it held.
        LOST,
        /// It is the best of what is held.
        CHOSEN,
        /// The seller sold it.
        BOUGHT,
        /// The seller sold something of no use: too little, too short, or nothing that we can reach.
        USELESS,
        /// The seller may have sold it, and did not say so.
        DOUBT,
        /// It is not wanted any more.
        GIVEN_UP,
        /// Nothing is held any more.
        CANCELLED
    }

    /// What is to be done.
    public enum Act {
        NOTHING,
        RESERVE,
        BUY,
        /// Give back what is held, or what was sold without our knowledge.
        CANCEL,
        /// Keep the contract.
        KEEP,
        /// End the contract, which is kept until the seller knows.
        RETURN
    }

    /// Whether a seller that is asked to hold the same once more for the same buyer may take that for this one
    /// (fluidos.md 3.4).
    public boolean isUnderWay() {
        return this == RESERVING || this == HELD || this == BUYING || this == CANCELLING;
    }

    /// A step.
    public record Turn(PurchaseCourse state, Act act) {}

    /// Where it stands with the seller.
    ///
    /// @param weak whether the seller's holds are worth little, and it may be asked only once
    /// @param fresh whether it may be reserved once more, if the seller has lost what it held
    public record Terms(boolean weak, boolean fresh) {}

    /// What comes after it; empty if that cannot happen now, or comes too late to matter.
    public Optional<Turn> after(News news, Terms terms) {
        return Optional.ofNullable(
                switch (this) {
                    case WAITING ->
                        switch (news) {
                            case ITS_TURN -> to(RESERVING, Act.RESERVE);
                            case GIVEN_UP -> to(CANCELLED);
                            case HELD, REFUSED, LOST, CHOSEN, BOUGHT, USELESS, DOUBT, CANCELLED -> null;
                        };
                    case RESERVING ->
                        switch (news) {
                            case HELD -> to(HELD);
                            case REFUSED, LOST -> to(FAILED);
                            case GIVEN_UP -> to(CANCELLING);
                            case ITS_TURN, CHOSEN, BOUGHT, USELESS, DOUBT, CANCELLED -> null;
                        };
                    case HELD ->
                        switch (news) {
                            case CHOSEN -> to(BUYING, Act.BUY);
                            case GIVEN_UP -> to(CANCELLING, Act.CANCEL);
                            case ITS_TURN, HELD, REFUSED, LOST, BOUGHT, USELESS, DOUBT, CANCELLED -> null;
                        };
                    case BUYING ->
                        switch (news) {
                            case BOUGHT -> to(BOUGHT, Act.KEEP);
                            case USELESS -> to(FAILED, Act.RETURN);
                            case REFUSED -> to(FAILED);
                            case LOST -> terms.fresh ? to(RESERVING, Act.RESERVE) : to(FAILED);
                            case DOUBT -> terms.weak ? to(IN_DOUBT) : to(CANCELLING, Act.CANCEL);
                            case GIVEN_UP -> to(CANCELLING);
                            case ITS_TURN, HELD, CHOSEN, CANCELLED -> null;
                        };
                    case CANCELLING ->
                        switch (news) {
                            case HELD -> to(CANCELLING, Act.CANCEL);
                            case REFUSED, LOST, CANCELLED -> to(CANCELLED);
                            case BOUGHT, USELESS -> to(CANCELLED, Act.RETURN);
                            case DOUBT -> terms.weak ? to(IN_DOUBT) : to(CANCELLING, Act.CANCEL);
                            case ITS_TURN, CHOSEN, GIVEN_UP -> null;
                        };
                    case IN_DOUBT -> news == News.CANCELLED ? to(CANCELLED) : null;
                    case BOUGHT ->
                        switch (news) {
                            case USELESS -> to(FAILED, Act.RETURN);
                            case GIVEN_UP -> to(CANCELLED, Act.RETURN);
                            case ITS_TURN, HELD, REFUSED, LOST, CHOSEN, BOUGHT, DOUBT, CANCELLED -> null;
                        };
                    case CANCELLED, FAILED -> null;
                });
    }

    private static Turn to(PurchaseCourse state) {
        return to(state, Act.NOTHING);
    }

    private static Turn to(PurchaseCourse state, Act act) {
        return new Turn(state, act);
    }
}
