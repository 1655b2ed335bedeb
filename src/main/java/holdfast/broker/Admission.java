package holdfast.broker;

import holdfast.broker.choice.Alternatives;
import holdfast.broker.choice.Alternatives.Alternative;
import holdfast.broker.choice.Ask;
import holdfast.broker.choice.Choice;
import holdfast.broker.choice.Claim;
import holdfast.broker.choice.Grant;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Snapshot;
import holdfast.calendar.Booking;
import holdfast.calendar.Booking.Kind;
import holdfast.calendar.Calendar;
import holdfast.calendar.Move;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Decides on requests and books what was decided, in one transaction (promise.md 6.1, 6.5).
final class Admission {
    /// How far ahead an alternative to a refused request is looked for.
    private static final Duration HORIZON = Duration.ofDays(90);
    /// How many decisions the search for alternatives may take. It runs after the locks were given back.
    private static final int DECISIONS = 200;

    private final String broker;
    private final Calendar calendar;
    private final Snapshots snapshots;
    private final Preemption preemption;
    private final Elements elements;

    Admission(String broker, Calendar calendar, Snapshots snapshots, Preemption preemption, Elements elements) {
        this.broker = broker;
        this.calendar = calendar;
        this.snapshots = snapshots;
        this.preemption = preemption;
        this.elements = elements;
    }

    /// A request as it was decided.
    ///
    /// @param ask with the time that it got
    record Admitted(Ask ask, Grant grant) {}

    /// Gives a request whose start is to be found its time.
    interface Settling {
        /// @param snapshot reads the calendar, if it is needed
        Ask settle(Ask ask, Supplier<Snapshot> snapshot);
    }

    /// Books the request, with all that has to make way for it, or nothing.
    ///
    /// It is decided without locks first, on what it may take alone; the calendar takes the locks of what was
    /// granted and says whether there still is room. Only where there is none, or others have to make way, it is
    /// decided anew under all locks.
    Answer<Admitted> admit(Tx tx, Ask ask, Kind kind, Instant now, Settling settling) {
        var found = settling.settle(ask, () -> snapshots.read(tx, now));
        if (unlocked(tx, found, kind, now) instanceof Answer.Yes<Admitted> yes) {
            return yes;
        }
        var snapshot = snapshots.locked(tx, now);
        var answer = decide(tx, found, snapshot, kind);
        if (answer instanceof Answer.Yes) {
            return answer;
        }
        var settled = settling.settle(ask, () -> snapshot);
        return settled.equals(found) ? answer : decide(tx, settled, snapshot, kind);
    }

    /// A no says nothing, and leaves nothing behind.
    private Answer<Admitted> unlocked(Tx tx, Ask ask, Kind kind, Instant now) {
        var snapshot = elements.with(tx, ask, snapshots.glance(tx, now, ask));
        return Choice.decide(ask, snapshot)
                .flatMap(grant -> calendar.atomically(
                        tx,
                        () -> book(tx, grant, kind)
                                .flatMap(_ -> snapshots.stands(tx, grant, snapshot)
                                        ? Answer.yes(new Admitted(ask, grant))
                                        : Answer.no(Refusal.clash("a host has changed meanwhile")))));
    }

    private Answer<Admitted> decide(Tx tx, Ask ask, Snapshot snapshot, Kind kind) {
        return Choice.decide(ask, elements.with(tx, ask, snapshot))
                .flatMap(grant -> book(tx, grant, kind).map(_ -> new Admitted(ask, grant)));
    }

    /// Books the first of these requests for which there is room, and moves nobody for it.
    ///
    /// @param asks alternatives that begin now, all firm or all lent; at least one
    Answer<Admitted> allot(Tx tx, List<Ask> asks, Instant now) {
        var reach = Reach.of(asks);
        var snapshot = asks.getFirst().firm()
                ? snapshots.beginning(tx, now, reach)
                : preemption.lending(tx, now, reach, snapshots);
        return firstYes(asks.stream()
                .map(ask -> decide(tx, ask, snapshot, Kind.ALLOCATION))
                .iterator());
    }

    /// Asks no further than to the first yes; the first no if there is none.
    private static <T> Answer<T> firstYes(Iterator<Answer<T>> answers) {
        var first = answers.next();
        var answer = first;
        while (answer instanceof Answer.No && answers.hasNext()) {
            answer = answers.next();
        }
        return answer instanceof Answer.Yes ? answer : first;
    }

    /// Takes the locks under which it is decided; to be taken before that of a reservation.
    void lock(Tx tx) {
        snapshots.lock(tx);
    }

    /// Decides anew on items that have claims, as if they had none.
    ///
    /// @param wishes the same in other ways, those liked best first: what can be had is granted
    Answer<Grant> again(Tx tx, List<Ask> wishes, Instant now) {
        var own = wishes.stream()
                .flatMap(ask -> ask.items().stream())
                .map(Item::id)
                .collect(Collectors.toSet());
        var snapshot = elements.with(
                tx, wishes.getFirst(), snapshots.locked(tx, now).without(own));
        var decided = Choice.decide(wishes.getFirst(), snapshot);
        for (var wish : wishes.subList(1, wishes.size())) {
            if (decided instanceof Answer.No) {
                decided = Choice.decide(wish, snapshot);
            }
        }
        return decided;
    }

    /// What an item has booked.
    List<Claim> claims(Tx tx, UUID item) {
        return snapshots.claims(tx, item);
    }

    /// Books exactly this for each item, in place of what it has, and what makes way for it.
    Answer<List<Booking>> book(Tx tx, Grant grant, Map<UUID, List<Claim>> own, Kind kind) {
        var moves = new ArrayList<Move>();
        var before = grant.moves().isEmpty()
                ? Map.<UUID, List<Booking>>of()
                : calendar.held(
                        tx,
                        broker,
                        grant.moves().stream()
                                .map(holdfast.broker.choice.Move::item)
                                .collect(Collectors.toSet()));
        grant.moves().forEach(move -> {
            var present = before.getOrDefault(move.item(), List.of());
            moves.add(new Move(broker, move.item(), bookings(move.after(), kind(present))));
        });
        own.forEach((item, claims) -> moves.add(new Move(broker, item, bookings(claims, kind))));
        return calendar.moveAll(tx, moves).map(booked -> {
            preemption.watch(tx, booked.stream().map(Booking::place).collect(Collectors.toSet()));
            return booked;
        });
    }

    /// The same where it takes no more than before.
    void set(Tx tx, Map<UUID, List<Claim>> claims, Kind kind) {
        var moves = new ArrayList<Move>();
        claims.forEach((item, all) -> moves.add(new Move(broker, item, bookings(all, kind))));
        calendar.moveAll(tx, moves).orThrow();
    }

    private Answer<List<Booking>> book(Tx tx, Grant grant, Kind kind) {
        var own = new LinkedHashMap<UUID, List<Claim>>();
        grant.placements().keySet().stream().sorted().forEach(item -> own.put(item, new ArrayList<>()));
        grant.claims()
                .forEach(claim -> own.computeIfAbsent(claim.item(), _ -> new ArrayList<>())
                        .add(claim));
        return book(tx, grant, own, kind);
    }

    /// What makes way stays what it is, such as an offer.
    private static Kind kind(List<Booking> present) {
        return present.stream().map(Booking::kind).findFirst().orElse(Kind.RESERVATION);
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
