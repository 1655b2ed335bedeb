package holdfast.federation.contracts;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Step;
import holdfast.federation.peers.Arrivals;
import holdfast.federation.peers.Known;
import holdfast.federation.peers.Peers;
import holdfast.federation.wire.RearClient;
import holdfast.federation.wire.Told;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.ContractCourse;
import holdfast.protocol.rear.Signatures;
import holdfast.protocol.rear.Trace;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Has contracts last longer that others have sold (fluidos.md 5.9): who sold it is asked in a process, again under one
/// request id until there is an answer, also after a restart. What changes here is what is longer there.
public final class Renewals {
    private static final String NAME = Peers.ACTOR;
    private static final String UNTIL = "until";
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    /// Clocks may differ by so much (fluidos.md 5.10, U12).
    private static final Duration SKEW = Duration.ofSeconds(2);

    private static final int SILENT = 504;
    private static final int CLASH = 409;
    private static final int CROWDED = 429;
    private static final int BROKEN = 500;
    private static final Step.Retry BACK_OFF =
            new Step.Retry(Integer.MAX_VALUE, Duration.ZERO, Duration.ofSeconds(1), Duration.ofMinutes(1));

    private final String process;
    private final Database database;
    private final Engine engine;
    private final Peers peers;
    private final RearClient rear;
    private final Optional<Arrivals> arrivals;
    private final Optional<Countersigning> signing;
    private final Keeping keeping;

    /// A contract with a seller.
    ///
    /// @param title what it is called there
    /// @param until when it ends as far as is known
    /// @param told as it was told last; empty if that is not kept
    /// @param renewal what it was asked before
    public record Below(
            UUID peer, String title, Instant until, Optional<Contract> told, Optional<Renewal> renewal, Trace trace) {}

    /// How what rests on such contracts is kept.
    public interface Keeping {
        Below below(Resource contract);

        /// The same with what the seller is asked.
        Resource with(Resource contract, Optional<Renewal> renewal);

        /// It ends at another time there, and is signed anew.
        void renewed(Tx tx, Resource contract, Contract told);
    }

    /// @param process its name
    /// @param arrivals look who has signed what comes back; empty: nobody looks
    /// @param signing signs it for us; empty: nobody does
    public Renewals(
            String process,
            Database database,
            Engine engine,
            Peers peers,
            RearClient rear,
            Optional<Arrivals> arrivals,
            Optional<Countersigning> signing,
            Keeping keeping) {
        this.process = process;
        this.database = database;
        this.engine = engine;
        this.peers = peers;
        this.rear = rear;
        this.arrivals = arrivals;
        this.signing = signing;
        this.keeping = keeping;
        var steps = List.of(Step.of("ask", this::ask).within(PATIENCE).retrying(BACK_OFF));
        engine.definitions()
                .add(new ProcessDefinition(
                        process,
                        process.substring(0, process.indexOf('.')),
                        Optional.empty(),
                        _ -> steps,
                        (tx, contract, refusal) ->
                                refusal.ifPresent(why -> refuse(tx, contract.id(), SILENT, why.message())),
                        ProcessDefinition.Finish.NONE,
                        Optional.empty(),
                        0));
    }

    /// Has the seller asked. Told twice is once.
    ///
    /// @param contract locked
    /// @param until later than its end
    /// @return the contract, which still ends when it did; [Refusal.Kind#CLASH] if it is over, its seller renews
    ///     nothing, or is asked for another end just now
    public Answer<Resource> ask(Tx tx, Resource contract, Instant until, String who) {
        var below = keeping.below(contract);
        var pending = below.renewal().filter(asked -> asked.refusal().isEmpty());
        if (pending.filter(asked -> asked.until().equals(until)).isPresent()) {
            return Answer.yes(contract);
        }
        return hindrance(tx, contract, below, pending, until)
                .<Answer<Resource>>map(Answer::no)
                .orElseGet(() -> {
                    engine.processes()
                            .schedule(
                                    tx,
                                    Request.now(process, contract.id(), NAME)
                                            .with(Json.object().put(UNTIL, until.toString())))
                            .orThrow();
                    var asked = keeping.with(contract, Optional.of(new Renewal(until, Optional.empty())));
                    return Answer.yes(engine.resources()
                            .update(tx, contract.state(), asked, who, "its seller is asked for it until " + until));
                });
    }

    private Optional<Refusal> hindrance(
            Tx tx, Resource contract, Below below, Optional<Renewal> pending, Instant until) {
        if (ContractCourse.of(contract.state())
                .after(ContractCourse.News.RENEWED)
                .isEmpty()) {
            return Optional.of(Refusal.clash("contract " + contract.name() + " is " + contract.state()));
        }
        if (!until.isAfter(below.until())) {
            return Optional.of(Refusal.malformed(
                    UNTIL, "the contract lasts until " + below.until() + " already: name a later time"));
        }
        if (pending.isPresent()) {
            return Optional.of(Refusal.clash(
                    "its seller is asked for it until " + pending.get().until() + " just now: wait for the answer"));
        }
        return peers.find(tx, below.peer())
                        .filter(peer -> peer.capabilities().renews())
                        .isPresent()
                ? Optional.empty()
                : Optional.of(Refusal.clash("who sold contract " + contract.name() + " renews none: buy anew"));
    }

    private Outcome ask(Step.Context context) throws IOException {
        var below = keeping.below(context.resource());
        var until = Instant.parse(context.arguments().path(UNTIL).asString(""));
        var peer = database.inTransaction(tx -> peers.find(tx, below.peer()));
        if (peer.isEmpty()) {
            return refused(context, CLASH, "who sold it is not known any more");
        }
        var told = rear.renew(
                peer.get().endpoint(), peer.get().dialect(), below.title(), until, context.process(), below.trace());
        return switch (told) {
            case Told.Yes<Contract>(var longer) -> longer(context, below, until, peer.get(), longer);
            case Told.No<Contract>(var status, var why, var _)
            when status == CROWDED || status >= BROKEN -> throw new IOException(why.message());
            case Told.No<Contract>(var status, var why, var _) ->
                refused(context, status, "the seller said: " + why.message());
            case Told.Silent<Contract>(var _, var why) -> throw new IOException(why);
        };
    }

    /// The seller lets it last longer: nothing else of it may be another one.
    private Outcome longer(Step.Context context, Below below, Instant until, Known peer, Contract longer)
            throws IOException {
        var fault = fault(below, until, longer)
                .or(() -> arrivals.flatMap(known -> database.inTransaction(tx -> known.fault(tx, peer.id(), longer))));
        if (fault.isPresent()) {
            return refused(context, CLASH, "what the seller answered is not to be taken: " + fault.get());
        }
        var signed = signing.<Told<Contract>>map(ours -> ours.sign(rear, peer, longer, below.trace()))
                .orElseGet(() -> new Told.Yes<>(longer));
        return switch (signed) {
            case Told.Yes<Contract>(var both) ->
                Outcome.done(tx -> take(tx, context.resource().id(), both));
            case Told.No<Contract>(var status, var why, var _)
            when status == CROWDED || status >= BROKEN -> throw new IOException(why.message());
            case Told.No<Contract> _ ->
                Outcome.done(tx -> take(tx, context.resource().id(), longer));
            case Told.Silent<Contract>(var _, var why) -> throw new IOException(why);
        };
    }

    private static Optional<String> fault(Below below, Instant until, Contract longer) {
        var end = longer.expires().orElse(until);
        if (!longer.id().equals(below.title())) {
            return Optional.of("it is contract " + longer.id());
        }
        if (end.isBefore(until.minus(SKEW))) {
            return Optional.of("it ends at " + end);
        }
        return below.told()
                .map(before -> bare(before, end))
                .filter(before -> !before.equals(bare(longer, end)))
                .map(_ -> "something else of it was changed, too");
    }

    /// What may be a password is told, but was not kept.
    private static String bare(Contract contract, Instant end) {
        return Signatures.text(contract.configured(contract.configuration().map(Configuration::bare))
                .until(end));
    }

    private void take(Tx tx, UUID id, Contract longer) {
        engine.resources().lock(tx, id).ifPresent(contract -> {
            keeping.renewed(tx, contract, longer);
            var now = engine.resources().find(tx, id).orElseThrow();
            engine.resources().update(tx, now.state(), keeping.with(now, Optional.empty()), NAME, "renewed");
        });
    }

    private Outcome refused(Step.Context context, int status, String why) {
        return Outcome.done(tx -> refuse(tx, context.resource().id(), status, why));
    }

    private void refuse(Tx tx, UUID id, int status, String why) {
        engine.resources()
                .lock(tx, id)
                .ifPresent(contract -> keeping.below(contract)
                        .renewal()
                        .ifPresent(asked -> engine.resources()
                                .update(
                                        tx,
                                        contract.state(),
                                        keeping.with(contract, Optional.of(asked.refused(status, why))),
                                        NAME,
                                        "not renewed: " + why)));
    }
}
