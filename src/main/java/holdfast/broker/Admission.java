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
import holdfast.broker.decisions.Decisions.Entry;
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
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Decides on requests and books what was decided, in one transaction (promise.md 6.1, 6.5).
final class Admission {
    /// How far ahead an alternative to a refused request is looked for.
    private static final Duration HORIZON = Duration.ofDays(90);
    /// How many decisions the search for alternatives may take. It needs no transaction.
    private static final int DECISIONS = 200;

    private final String broker;
    private final Calendar calendar;
    private final Snapshots snapshots;
    private final Preemption preemption;
    private final Elements elements;
    private final Decisions decisions;

    Admission(
            String broker,
            Calendar calendar,
            Snapshots snapshots,
            Preemption preemption,
            Elements elements,
            Decisions decisions) {
        this.broker = broker;
        this.calendar = calendar;
        this.snapshots = snapshots;
        this.preemption = preemption;
        this.elements = elements;
        this.decisions = decisions;
    }

    /// A request as it was decided.
    ///
    /// @param ask with the time that it got
    record Admitted(Ask ask, Grant grant) {}

    /// Books the request, with all that has to make way for it, or nothing.
    ///
    /// @param settled the request in the time that it gets as things are
    Answer<Admitted> admit(Tx tx, Matter matter, Kind kind, Instant now, Function<Snapshot, Ask> settled) {
        var snapshot = snapshots.locked(tx, now, Reach.EVERYWHERE);
        var ask = settled.apply(snapshot);
        var question = new Question.Admit(ask, elements.with(tx, ask, snapshot));
        return logged(tx, matter, question, decide(tx, question, kind));
    }

    private Answer<Admitted> logged(Tx tx, Matter matter, Question.Admit question, Answer<Grant> answer) {
        decisions.write(tx, List.of(decisions.entry(matter, question, answer)));
        return answer.map(grant -> new Admitted(question.ask(), grant));
    }

    /// What there is for a request, without locks on what can be booked.
    Snapshot look(Tx tx, Ask ask, Instant now) {
        return elements.with(tx, ask, snapshots.read(tx, now));
    }

    /// What one request may take for itself, without locks: see [Snapshots#glance].
    Snapshot glance(Tx tx, Ask ask, Instant now) {
        return snapshots.glance(tx, now, ask);
    }

    /// Whether what was granted on `snapshot` still stands, now that it is booked.
    boolean stands(Tx tx, Grant grant, Snapshot snapshot) {
        return snapshots.stands(tx, grant, snapshot);
    }

    /// All that is to be booked for those to whom it was granted.
    List<Booking> bookings(Grant grant, Kind kind) {
        return bookings(grant.claims(), kind);
    }

    /// What was granted on what, for the log.
    Entry entry(Matter matter, Admitted admitted, Snapshot snapshot) {
        return decisions.entry(matter, new Question.Admit(admitted.ask(), snapshot), Answer.yes(admitted.grant()));
    }

    /// Writes down what was granted to many.
    void log(Tx tx, List<Entry> entries) {
        decisions.write(tx, entries);
    }

    /// These are booked: what is lent there may have to leave.
    void booked(Tx tx, Collection<Booking> bookings) {
        preemption.watch(tx, bookings.stream().map(Booking::place).collect(Collectors.toSet()));
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
                : preemption.lending(tx, now, reach, snapshots);
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

    /// Takes the locks under which it is decided; to be taken after that of the reservation which it is about.
    void lock(Tx tx, Reach reach) {
        snapshots.lock(tx, reach);
    }

    /// What was decided, and is to be booked and logged.
    record Decided(Question.Admit question, Answer<Grant> answer) {}

    /// Decides anew on items that have claims, as if they had none.
    ///
    /// @param wishes the same in other ways, those liked best first: what can be had is granted
    Decided again(Tx tx, List<Ask> wishes, Instant now, Reach reach) {
        var own = wishes.stream()
                .flatMap(ask -> ask.items().stream())
                .map(Item::id)
                .collect(Collectors.toSet());
        var snapshot = elements.with(
                tx, wishes.getFirst(), snapshots.locked(tx, now, reach).without(own));
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
        var entry = fault.map(why -> decisions.refusal(matter, decided.question, why))
                .orElseGet(() -> decisions.entry(matter, decided.question, decided.answer));
        decisions.write(tx, List.of(entry));
    }

    /// Writes down that a rule beside the calendar does not allow it.
    ///
    /// @param asked what was to be had
    void deny(Tx tx, Matter matter, Object asked, Refusal why) {
        decisions.write(tx, List.of(decisions.denial(matter, asked, why)));
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
            booked(tx, booked);
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

    /// What could be had instead, as things were.
    static List<Alternative> alternatives(Ask ask, Snapshot snapshot) {
        var horizon = ask.when().isBounded()
                ? ask.when().until().plus(HORIZON)
                : ask.when().until();
        return Alternatives.of(ask, snapshot, horizon, DECISIONS);
    }
}
