package holdfast.federation.discovery;

import java.util.Locale;

/// The states of what a peer offers, as the buyer knows them (fluidos.md 3.3), as a pure function.
public final class CandidateCourse {
    private CandidateCourse() {}

    /// What an offer can be.
    public enum State {
        /// It was heard of just now.
        FRESH,
        /// It was heard of a while ago: good for a choice, to be asked for again before it is reserved.
        STALE,
        /// We hold a piece of it.
        HELD,
        /// We have bought it.
        BOUGHT,
        /// Its peer offers it no more.
        GONE;

        /// The state as it is stored and shown.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /// What happens to one.
    public enum News {
        /// Its peer lists it.
        LISTED,
        /// It was not heard of for a minute.
        AGED,
        /// Its peer lists what was asked for, and not it.
        MISSING,
        /// We hold a piece of it now.
        RESERVED,
        /// What is left is held by others (409).
        TAKEN,
        /// Its peer knows it no more (404), or has said so.
        WITHDRAWN,
        /// The hold or contract that we had is over.
        GIVEN_UP,
        /// We have bought it.
        PURCHASED
    }

    static State after(State state, News news) {
        return switch (news) {
            case LISTED -> state == State.HELD ? State.HELD : State.FRESH;
            case AGED -> state == State.FRESH ? State.STALE : state;
            case TAKEN -> isOffered(state) ? State.STALE : state;
            case MISSING -> isOffered(state) ? State.GONE : state;
            case WITHDRAWN -> state == State.BOUGHT ? State.BOUGHT : State.GONE;
            case GIVEN_UP -> state == State.HELD || state == State.BOUGHT ? State.FRESH : state;
            case RESERVED -> State.HELD;
            case PURCHASED -> State.BOUGHT;
        };
    }

    private static boolean isOffered(State state) {
        return state == State.FRESH || state == State.STALE;
    }
}
