package holdfast.federation.peers;

import java.time.Duration;
import java.util.Locale;

/// The states of a peer (fluidos.md 3.9), as a pure function.
public final class PeerCourse {
    /// After so long without an answer a peer is down.
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int MISSED = 2;

    private PeerCourse() {}

    /// What a peer can be.
    public enum State {
        /// It answers.
        UP,
        /// It has not answered of late, or not yet.
        SUSPECT,
        /// It has not answered for long: what it offered is not looked at.
        DOWN,
        /// It was removed.
        FORGOTTEN;

        /// The state as it is stored and shown.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /// What happens to one.
    enum News {
        ANSWERED,
        MISSED,
        MISSED_AGAIN,
        SILENT,
        REMOVED
    }

    /// What a question without an answer means.
    ///
    /// @param times how many in a row, this one among them
    /// @param silence since the last answer, or since it was added
    static News missed(int times, Duration silence) {
        if (silence.compareTo(PATIENCE) >= 0) {
            return News.SILENT;
        }
        return times >= MISSED ? News.MISSED_AGAIN : News.MISSED;
    }

    static State after(State state, News news) {
        if (state == State.FORGOTTEN) {
            return state;
        }
        return switch (news) {
            case ANSWERED -> State.UP;
            case MISSED -> state;
            case MISSED_AGAIN -> state == State.UP ? State.SUSPECT : state;
            case SILENT -> State.DOWN;
            case REMOVED -> State.FORGOTTEN;
        };
    }
}
