package holdfast.engine.handlers;

import holdfast.engine.Outcome;
import holdfast.engine.handlers.Call.State;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;

/// How a step waits for the answer to its call: the same for handlers and agents.
record Waiting(Calls calls) {
    private static final Duration SOON = Duration.ofMillis(10);
    private static final long SHORTEST_OUTAGE_MILLIS = 5_000;
    private static final long LONGEST_OUTAGE_MILLIS = 30_000;

    /// How far a call is.
    sealed interface Course {
        /// There is no answer yet; this is what the step does meanwhile.
        record Waits(Outcome outcome) implements Course {}

        record Answered(Call call, Reply reply) implements Course {}

        /// Nobody answered in time; the call is over.
        record Silent(Call call, String what) implements Course {}
    }

    /// @param call is under way
    /// @param who is asked, for people
    /// @param sends how often it is sent in all
    Course look(Tx look, Call call, String who, int sends) {
        if (call.state() != State.OPEN) {
            return new Course.Answered(call, Reply.stored(call));
        }
        var now = calls.now();
        if (now.isBefore(call.deadline())) {
            return new Course.Waits(new Outcome.Later(
                    Duration.between(now, call.deadline()), "waiting for " + who, tx -> calls.recheck(tx, call)));
        }
        if (now.isBefore(call.giveUp()) && (call.sends() < sends || wasUnheard(call, now))) {
            return new Course.Waits(new Outcome.Later(
                    call.patience(),
                    "waiting for " + who + ", asked " + (call.sends() + 1) + " times",
                    tx -> calls.sendAgain(tx, call, call.extended(now))));
        }
        if (!calls.move(look, call.id(), State.OPEN, State.SILENT)) {
            return new Course.Waits(new Outcome.Later(SOON, "waiting for " + who));
        }
        return new Course.Silent(
                call,
                who + " did not answer within " + call.patience().toMillis() + " ms, asked " + call.sends()
                        + (call.sends() == 1 ? " time" : " times"));
    }

    /// A look that comes so late after the deadline means that no server ran: nobody could have heard an answer.
    private static boolean wasUnheard(Call call, Instant now) {
        long outage = Math.clamp(call.patience().toMillis(), SHORTEST_OUTAGE_MILLIS, LONGEST_OUTAGE_MILLIS);
        return now.isAfter(call.deadline().plusMillis(outage));
    }
}
