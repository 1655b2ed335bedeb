package holdfast.broker;

import holdfast.broker.choice.Alternatives;
import holdfast.broker.choice.Alternatives.Alternative;
import holdfast.broker.choice.Ask;
import holdfast.broker.choice.Choice;
import holdfast.broker.choice.Claim;
import holdfast.broker.choice.Grant;
import holdfast.broker.choice.Snapshot;
import holdfast.calendar.Booking;
import holdfast.calendar.Booking.Kind;
import holdfast.calendar.Calendar;
import holdfast.calendar.Move;
import holdfast.core.Answer;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;

/// Decides on requests and books what was decided, in one transaction (promise.md 6.1, 6.5).
final class Admission {
    /// How far ahead an alternative to a refused request is looked for.
    private static final Duration HORIZON = Duration.ofDays(90);
    /// How many decisions the search for alternatives may take. It runs after the locks were given back.
    private static final int DECISIONS = 200;

    private final String broker;
    private final Calendar calendar;
    private final Snapshots snapshots;

    Admission(String broker, Calendar calendar, Snapshots snapshots) {
        this.broker = broker;
        this.calendar = calendar;
        this.snapshots = snapshots;
    }

    /// A request as it was decided.
    ///
    /// @param ask with the time that it got
    record Admitted(Ask ask, Grant grant) {}

    /// Books the request, with all that has to make way for it, or nothing.
    ///
    /// @param settle the request once its time is known, for one whose start is to be found
    Answer<Admitted> admit(Tx tx, Ask ask, Kind kind, Instant now, BiFunction<Ask, Snapshot, Ask> settle) {
        var snapshot = snapshots.locked(tx, now);
        var settled = settle.apply(ask, snapshot);
        return Choice.decide(settled, snapshot)
                .flatMap(grant -> book(tx, grant, kind).map(_ -> new Admitted(settled, grant)));
    }

    private Answer<List<Booking>> book(Tx tx, Grant grant, Kind kind) {
        var moves = new ArrayList<Move>();
        grant.moves()
                .forEach(move -> moves.add(new Move(broker, move.item(), bookings(move.after(), Kind.RESERVATION))));
        var own = new LinkedHashMap<UUID, List<Claim>>();
        grant.placements().keySet().stream().sorted().forEach(item -> own.put(item, new ArrayList<>()));
        grant.claims()
                .forEach(claim -> own.computeIfAbsent(claim.item(), _ -> new ArrayList<>())
                        .add(claim));
        own.forEach((item, claims) -> moves.add(new Move(broker, item, bookings(claims, kind))));
        return calendar.moveAll(tx, moves);
    }

    private List<Booking> bookings(List<Claim> claims, Kind kind) {
        return claims.stream()
                .map(claim -> new Booking(
                        broker,
                        claim.item(),
                        claim.place(),
                        claim.when(),
                        claim.amount(),
                        claim.units(),
                        kind,
                        claim.firm()))
                .toList();
    }

    /// What could be had instead, as things are now; nothing is locked.
    List<Alternative> alternatives(Tx tx, Ask ask, Instant now) {
        var horizon = ask.when().isBounded()
                ? ask.when().until().plus(HORIZON)
                : ask.when().until();
        return Alternatives.of(ask, snapshots.read(tx, now), horizon, DECISIONS);
    }
}
