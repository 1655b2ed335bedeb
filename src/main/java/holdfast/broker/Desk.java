package holdfast.broker;

import holdfast.broker.Admission.Admitted;
import holdfast.broker.Recording.Granted;
import holdfast.broker.choice.Ask;
import holdfast.broker.choice.Choice;
import holdfast.broker.choice.Grant;
import holdfast.broker.choice.Snapshot;
import holdfast.broker.decisions.Decisions.Entry;
import holdfast.broker.decisions.Matter;
import holdfast.broker.decisions.Matter.Verb;
import holdfast.calendar.Admissions;
import holdfast.calendar.Calendar;
import holdfast.calendar.Hot;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;

/// Where reservations are asked for, by any number of users at once (promise.md 6.5).
///
/// Who asks decides by itself, on what was free a moment ago; those who come together are then booked and written in
/// one transaction. Who finds that others were faster, or needs others to make way, is decided anew under locks, in a
/// transaction of its own. Nobody hears a yes before it is durable, and long searches hold no connection.
public final class Desk implements AutoCloseable {
    private final Platform platform;
    private final Database database;
    private final Reservations reservations;
    private final Asking asking;
    private final HoursAhead hours;
    private final Admission admission;
    private final Recording recording;
    private final Admissions<Wish, Resource> admissions;
    /// Who decides under locks keeps all others from it; who waits for that shall not hold a connection.
    private final Semaphore turn = new Semaphore(1, true);

    Desk(Platform platform, Database database, Calendar calendar, Hot hot, Reservations reservations) {
        this.platform = platform;
        this.database = database;
        this.reservations = reservations;
        this.asking = reservations.asking();
        this.hours = reservations.hours();
        this.admission = reservations.admission();
        this.recording = reservations.recording();
        this.admissions = new Admissions<>(database, calendar, hot, this::write);
    }

    /// Something that was granted, on what, and what its interface writes of it.
    private record Wish(Granted granted, Snapshot seen, Entry entry, BiConsumer<Tx, Resource> along) {
        Grant grant() {
            return granted.admitted().grant();
        }
    }

    /// What was granted does not stand any more.
    private static final class OutdatedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OutdatedException() {
            super("a host has changed meanwhile", null, false, false);
        }
    }

    /// Reserves what is asked for, all of it or nothing.
    ///
    /// @param along writes what else goes with it, in its transaction; must not be slow, since others share that.
    ///     If it
    ///     throws, nothing is reserved
    public Answer<Resource> reserve(Caller caller, ReservationRequest request, BiConsumer<Tx, Resource> along) {
        return quickly(caller, request, along)
                .orElseGet(() -> reservations.consulted(caller, policy -> inTurn(caller, request, policy, along)));
    }

    private Answer<Resource> inTurn(
            Caller caller, ReservationRequest request, Consultation policy, BiConsumer<Tx, Resource> along) {
        turn.acquireUninterruptibly();
        try {
            return database.inTransaction(
                    tx -> reservations.create(tx, caller, request, policy).map(made -> {
                        along.accept(tx, made);
                        return made;
                    }));
        } finally {
            turn.release();
        }
    }

    /// What is decided at once; empty if it takes more than to find room beside others.
    private Optional<Answer<Resource>> quickly(
            Caller caller, ReservationRequest request, BiConsumer<Tx, Resource> along) {
        if (hours.limits(caller.project()) || reservations.asksBefore() || request.namesElements()) {
            return Optional.empty();
        }
        var now = platform.now();
        var fault = fault(caller, request, now);
        if (fault.isPresent()) {
            return fault.map(Answer::no);
        }
        var wanted = asking.ask(caller, request, now);
        var ask = asking.settled(request, wanted, () -> look(wanted, now));
        var snapshot = database.inTransaction(tx -> admission.glance(tx, ask, now));
        return Choice.decide(ask, snapshot) instanceof Answer.Yes<Grant>(var grant)
                        && grant.moves().isEmpty()
                ? booked(wish(caller, request, new Admitted(ask, grant), snapshot, along))
                : Optional.empty();
    }

    private Wish wish(
            Caller caller,
            ReservationRequest request,
            Admitted admitted,
            Snapshot seen,
            BiConsumer<Tx, Resource> along) {
        var granted = new Granted(platform.newId(), caller, request, admitted, seen.now());
        var matter = Matter.of(Verb.CREATE, caller.user(), caller.project(), granted.id());
        return new Wish(granted, seen, admission.entry(matter, admitted, seen), along);
    }

    private Optional<Refusal> fault(Caller caller, ReservationRequest request, Instant now) {
        return database.inTransaction(tx -> asking.fault(tx, caller.project(), request, now));
    }

    private Optional<Answer<Resource>> booked(Wish wish) {
        var bookings = admission.bookings(wish.grant(), wish.granted().request().kind());
        try {
            return Optional.of(admissions.book(bookings, wish)).filter(Answer.Yes.class::isInstance);
        } catch (OutdatedException _) {
            return Optional.empty();
        }
    }

    /// Those that share a transaction.
    private List<Resource> write(Tx tx, List<Wish> wishes) {
        if (!wishes.stream().allMatch(wish -> admission.stands(tx, wish.grant(), wish.seen()))) {
            throw new OutdatedException();
        }
        admission.booked(
                tx,
                wishes.stream()
                        .flatMap(wish -> admission
                                .bookings(wish.grant(), wish.granted().request().kind())
                                .stream())
                        .toList());
        admission.log(tx, wishes.stream().map(Wish::entry).toList());
        var made = recording.write(tx, wishes.stream().map(Wish::granted).toList());
        for (int i = 0; i < made.size(); i++) {
            wishes.get(i).along.accept(tx, made.get(i));
        }
        return made;
    }

    private Snapshot look(Ask ask, Instant now) {
        return database.inTransaction(tx -> admission.look(tx, ask, now));
    }

    /// The reservation as it would be if it were asked for now; nothing is written and nothing is locked.
    public Answer<Resource> rehearse(Caller caller, ReservationRequest request) {
        var now = platform.now();
        var fault = fault(caller, request, now);
        if (fault.isPresent()) {
            return Answer.no(fault.get());
        }
        var wanted = asking.ask(caller, request, now);
        var snapshot = look(wanted, now);
        var ask = asking.settled(request, wanted, () -> snapshot);
        return Choice.decide(ask, snapshot)
                .flatMap(grant -> database.inTransaction(tx ->
                        rehearsed(tx, new Granted(platform.newId(), caller, request, new Admitted(ask, grant), now))));
    }

    private Answer<Resource> rehearsed(Tx tx, Granted granted) {
        var bookings =
                admission.bookings(granted.admitted().grant(), granted.request().kind());
        return hours.fault(tx, granted.caller().project(), bookings)
                .<Answer<Resource>>map(Answer::no)
                .orElseGet(() ->
                        Answer.yes(recording.draft(tx, granted).beginning().resource()));
    }

    /// What could be had instead of what was refused, as things are now; nothing if its time has passed meanwhile.
    public List<Instead> instead(Caller caller, ReservationRequest request, Refusal why) {
        var now = platform.now();
        if (why.kind() != Refusal.Kind.NO_ROOM || !request.when().until().isAfter(now)) {
            return List.of();
        }
        var ask = asking.ask(caller, request, now);
        return Admission.alternatives(ask, look(ask, now)).stream()
                .flatMap(one -> Instead.of(request, ask.when(), one).stream())
                .filter(one -> fault(caller, one.request(), now).isEmpty())
                .toList();
    }

    /// Ends what is under way, and takes no more.
    @Override
    public void close() {
        admissions.close();
    }
}
