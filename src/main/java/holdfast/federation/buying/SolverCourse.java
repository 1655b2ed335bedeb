package holdfast.federation.buying;

import java.util.Optional;

/// How far a solver is, and what it does next (fluidos.md 3.1). Its three phases follow each other; each is done only
/// if it is wanted, and may be wanted later: a solver at rest goes on then.
///
/// What leads it on is what there is to see, not what happened: to look once more changes nothing.
public record SolverCourse(State state, Phase find, Phase buy, Phase peer) {
    /// S0.
    public static final SolverCourse NEW = new SolverCourse(State.IDLE, Phase.NONE, Phase.NONE, Phase.NONE);

    /// Of the solver as a whole. `SOLVED` is a rest, no end.
    public enum State {
        IDLE,
        RUNNING,
        SOLVED,
        FAILED,
        TIMED_OUT;

        public boolean isOver() {
            return this == FAILED || this == TIMED_OUT;
        }
    }

    /// Of one of the three.
    public enum Phase {
        NONE,
        IDLE,
        RUNNING,
        SOLVED,
        FAILED
    }

    /// Which phases are wanted.
    ///
    /// @param find a candidate
    /// @param buy reserve and buy
    /// @param peer establish the peering
    public record Flags(boolean find, boolean buy, boolean peer) {
        public static final Flags ALL = new Flags(true, true, true);

        /// Looking alone.
        public static final Flags FIND = new Flags(true, false, false);

        /// Those, and these.
        Flags and(Flags more) {
            return new Flags(find || more.find, buy || more.buy, peer || more.peer);
        }
    }

    /// How it stands with something that is done for a solver.
    public enum Part {
        NONE,
        RUNNING,
        /// Of purchases: some are held, and no answer is missing.
        READY,
        SOLVED,
        FAILED
    }

    /// What there is to see.
    ///
    /// @param candidate whether an offer is known that fits and was not tried
    /// @param lookAgain whether others may be asked for offers
    /// @param tryAgain whether another offer may be tried
    /// @param late whether the time of the phase is up
    public record Sight(
            boolean candidate,
            boolean lookAgain,
            boolean tryAgain,
            Part discovery,
            Part purchase,
            Part peering,
            boolean late) {}

    /// What is to be done.
    public enum Act {
        NOTHING,
        /// Ask others for offers.
        DISCOVER,
        /// Hold the best candidates.
        RESERVE,
        /// Buy the best of what is held.
        CHOOSE,
        /// Begin to peer.
        OPEN
    }

    /// A step.
    ///
    /// @param why for people
    public record Turn(SolverCourse course, Act act, String why) {}

    /// What comes next. One that is over, or waits, stays as it is and does nothing.
    public Turn next(Flags wanted, Sight sight) {
        return state.isOver()
                ? stay()
                : finding(wanted, sight)
                        .or(() -> buying(wanted, sight))
                        .or(() -> peering(wanted, sight))
                        .orElseGet(() -> solved("all phases are complete")); // S17
    }

    private Optional<Turn> finding(Flags wanted, Sight sight) {
        if (!wanted.find) {
            return Optional.empty(); // S7
        }
        return switch (find) {
            case NONE -> Optional.of(finding(Phase.IDLE, Act.NOTHING, "begins")); // S1
            case IDLE ->
                Optional.of(
                        sight.candidate
                                ? finding(Phase.SOLVED, Act.NOTHING, "a candidate is known") // S2
                                : finding(Phase.RUNNING, Act.DISCOVER, "asks others")); // S3
            case RUNNING -> Optional.of(found(sight));
            case SOLVED -> Optional.empty();
            case FAILED -> Optional.of(stay());
        };
    }

    private Turn found(Sight sight) {
        if (sight.late) {
            return timedOut("nobody offered anything in time"); // S4
        }
        return switch (sight.discovery) {
            case SOLVED ->
                sight.candidate ? finding(Phase.SOLVED, Act.NOTHING, "a candidate was found") : foundNothing(); // S5
            case FAILED ->
                sight.lookAgain
                        ? finding(Phase.RUNNING, Act.DISCOVER, "asks others again, as some did not answer")
                        : foundNothing();
            case NONE, RUNNING, READY -> stay();
        };
    }

    /// S6.
    private Turn foundNothing() {
        return to(State.FAILED, Phase.FAILED, buy, peer, "has not found any candidate");
    }

    private Optional<Turn> buying(Flags wanted, Sight sight) {
        if (!wanted.buy) {
            return Optional.of(solved("no need to reserve and buy")); // S13
        }
        return switch (buy) {
            case NONE -> Optional.of(buying(Phase.IDLE, Act.NOTHING, "is to reserve and buy")); // S8
            case IDLE -> Optional.of(trying(wanted, sight));
            case RUNNING -> Optional.of(bought(sight));
            case SOLVED -> Optional.empty();
            case FAILED -> Optional.of(stay());
        };
    }

    private Turn trying(Flags wanted, Sight sight) {
        if (sight.candidate && sight.tryAgain) {
            return buying(Phase.RUNNING, Act.RESERVE, "reserves"); // S9
        }
        return wanted.find && sight.lookAgain && sight.tryAgain
                ? finding(Phase.RUNNING, Act.DISCOVER, "asks others again") // S10
                : to(State.FAILED, find, Phase.FAILED, peer, "no candidate is left");
    }

    private Turn bought(Sight sight) {
        if (sight.late) {
            return timedOut("nobody sold anything in time"); // S11
        }
        return switch (sight.purchase) { // S12
            case SOLVED -> buying(Phase.SOLVED, Act.NOTHING, "bought");
            case READY -> new Turn(this, Act.CHOOSE, "buys");
            case FAILED -> buying(Phase.IDLE, Act.NOTHING, "could not buy it");
            case NONE, RUNNING -> stay();
        };
    }

    private Optional<Turn> peering(Flags wanted, Sight sight) {
        if (!wanted.peer) {
            return Optional.of(solved("no need to peer"));
        }
        return switch (peer) { // S14
            case NONE -> Optional.of(peering(Phase.IDLE, Act.NOTHING, "is to peer"));
            case IDLE -> Optional.of(peering(Phase.RUNNING, Act.OPEN, "peers"));
            case RUNNING -> Optional.of(peered(sight));
            case SOLVED -> Optional.empty();
            case FAILED -> Optional.of(stay());
        };
    }

    private Turn peered(Sight sight) {
        if (sight.late) {
            return to(State.TIMED_OUT, find, buy, Phase.FAILED, "the peering was not up in time"); // S15
        }
        return switch (sight.peering) { // S16
            case SOLVED -> peering(Phase.SOLVED, Act.NOTHING, "peered");
            case FAILED -> to(State.RUNNING, find, Phase.IDLE, Phase.NONE, "could not peer");
            case NONE, RUNNING, READY -> stay();
        };
    }

    private Turn stay() {
        return new Turn(this, Act.NOTHING, "");
    }

    private Turn solved(String why) {
        return to(State.SOLVED, find, buy, peer, why);
    }

    private Turn timedOut(String why) {
        return to(State.TIMED_OUT, find, buy, peer, why);
    }

    private Turn finding(Phase next, Act act, String why) {
        return new Turn(new SolverCourse(State.RUNNING, next, buy, peer), act, why);
    }

    private Turn buying(Phase next, Act act, String why) {
        return new Turn(new SolverCourse(State.RUNNING, find, next, peer), act, why);
    }

    private Turn peering(Phase next, Act act, String why) {
        return new Turn(new SolverCourse(State.RUNNING, find, buy, next), act, why);
    }

    private static Turn to(State state, Phase find, Phase buy, Phase peer, String why) {
        return new Turn(new SolverCourse(state, find, buy, peer), Act.NOTHING, why);
    }
}
