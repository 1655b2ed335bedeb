package holdfast.broker;

import holdfast.broker.choice.Alternatives;
import holdfast.broker.choice.Alternatives.Alternative;
import holdfast.broker.choice.Ask;
import holdfast.broker.choice.Choice;
import holdfast.broker.choice.Claim;
import holdfast.broker.choice.Grant;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Snapshot;
import holdfast.broker.decisions.Decisions;
import holdfast.broker.decisions.Matter;
import holdfast.broker.decisions.Question;
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
import java.util.Optional;
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
    private final Decisions decisions;

    Admission(String broker, Calendar calendar, Snapshots snapshots, Preemption preemption, Decisions decisions) {
        this.decisions = decisions;
        this.broker = broker;
        this.calendar = calendar;
        this.snapshots = snapshots;
        this.preemption = preemption;
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
    Answer<Admitted> admit(Tx tx, Matter matter, Ask ask, Kind kind, Instant now, Settling settling) {
        var found = settling.settle(ask, () -> snapshots.read(tx, now));
        var glance = snapshots.glance(tx, now, found);
        var unlocked = new Question.Admit(found, glance);
        if (unlocked(tx, unlocked, kind) instanceof Answer.Yes<Grant> yes) {
            return logged(tx, matter, unlocked, yes);
        }
        var snapshot = snapshots.locked(tx, now);
        var question = new Question.Admit(found, snapshot);
        var answer = decide(tx, question, kind);
        if (answer instanceof Answer.No) {
            var settled = new Question.Admit(settling.settle(ask, () -> snapshot), snapshot);
            if (!settled.ask().equals(found)) {
                return logged(tx, matter, settled, decide(tx, settled, kind));
            }
        }
        return logged(tx, matter, question, answer);
    }

    private Answer<Admitted> logged(Tx tx, Matter matter, Question.Admit question, Answer<Grant> answer) {
        decisions.decided(tx, matter, question, answer);
        return answer.map(grant -> new Admitted(question.ask(), grant));
    }

    /// A no says nothing, and leaves nothing behind.
    private Answer<Grant> unlocked(Tx tx, Question.Admit question, Kind kind) {
        return Choice.decide(question.ask(), question.snapshot())
                .flatMap(grant -> calendar.atomically(
                        tx,
                        () -> book(tx, grant, kind)
                                .flatMap(_ -> snapshots.stands(tx, grant, question.snapshot())
                                        ? Answer.yes(grant)
                                        : Answer.no(Refusal.clash("a host has changed meanwhile")))));
    }

    private Answer<Grant> decide(Tx tx, Question.Admit question, Kind kind) {
        return Choice.decide(question.ask(), question.snapshot())
                .flatMap(grant -> book(tx, grant, kind).map(_ -> grant));
    }

    /// Books the first of these requests for which there is room, and moves nobody for it.
    ///
    /// @param asks alternatives that begin now, all firm or all lent; at least one
    Answer<Admitted> allot(Tx tx, Matter matter, List<Ask> asks, Instant now) {
        var reach = Reach.of(asks);
        var snapshot = asks.getFirst().firm()
                ? snapshots.beginning(tx, now, reach)
                : snapshots.lending(tx, now, reach, preemption.notice());
        return firstYes(asks.stream()
                .map(ask -> new Question.Admit(ask, snapshot))
                .map(question -> logged(tx, matter, question, decide(tx, question, Kind.ALLOCATION)))
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

    /// What was decided, and is to be booked and logged.
    record Decided(Question.Admit question, Answer<Grant> answer) {}

    /// Decides anew on items that have claims, as if they had none.
    ///
    /// @param wishes the same in other ways, those liked best first: what can be had is granted
    Decided again(Tx tx, List<Ask> wishes, Instant now) {
        var own = wishes.stream()
                .flatMap(ask -> ask.items().stream())
                .map(Item::id)
                .collect(Collectors.toSet());
        var snapshot = snapshots.locked(tx, now).without(own);
        var decided = decided(wishes.getFirst(), snapshot);
        for (var wish : wishes.subList(1, wishes.size())) {
            if (decided.answer instanceof Answer.No) {
                decided = decided(wish, snapshot);
            }
        }
        return decided;
    }

    private static Decided decided(Ask wish, Snapshot snapshot) {
        return new Decided(new Question.Admit(wish, snapshot), Choice.decide(wish, snapshot));
    }

    /// Writes down what came of it: that it is done, or why not.
    ///
    /// @param fault why what was granted is not done
    void log(Tx tx, Matter matter, Decided decided, Optional<Refusal> fault) {
        if (fault.isPresent()) {
            decisions.refused(tx, matter, decided.question, fault.get());
        } else {
            decisions.decided(tx, matter, decided.question, decided.answer);
        }
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
