package holdfast.orchestrator.intents;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.orchestrator.Orchestrator;
import holdfast.orchestrator.intents.IntentCourse.News;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import holdfast.protocol.Message;
import holdfast.protocol.rear.Constraint;
import holdfast.protocol.rear.StepNumber;
import holdfast.protocol.rear.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/// Takes intents from users and sees them through: each part becomes a slice of one machine, here or, when there is no
/// room here or it must be elsewhere, in another domain. What becomes of the slices is heard from the orchestrator by
/// the process [Orchestrator#FOLLOW].
public final class Intents {
    public static final String TYPE = "intent";
    private static final Duration USUAL = Duration.ofHours(24);

    private final Home home;
    private final Platform platform;
    private final Database database;
    private final Orchestrator orchestrator;
    private final Resources resources;
    private final Processes processes;
    private final Moves moves;
    private final Runs runs;
    private final Ordering ordering;

    /// @param home what this domain says of itself
    public Intents(Home home, Platform platform, Database database, Engine engine, Orchestrator orchestrator) {
        this.home = home;
        this.platform = platform;
        this.database = database;
        this.orchestrator = orchestrator;
        resources = engine.resources();
        processes = engine.processes();
        moves = new Moves(platform, engine, orchestrator);
        runs = new Runs(platform, engine, orchestrator, moves, new Tending(home, platform, engine, orchestrator));
        ordering = new Ordering(orchestrator, processes);
        engine.definitions().add(ProcessDefinition.timer(Orchestrator.BEGIN, this::begin));
        engine.definitions().add(ProcessDefinition.timer(Orchestrator.SERVED, this::served));
    }

    /// An intent as it was understood.
    ///
    /// @param id that it will have
    /// @param text as the user wrote it
    public record Understood(UUID id, String text, Intent intent, Interval term, List<Piece> pieces) {}

    /// Understands a text without storing anything.
    public Answer<Understood> understand(String text) {
        var now = platform.now();
        var id = platform.newId();
        return IntentText.read(text, now).flatMap(intent -> {
            var from = intent.notBefore().filter(now::isBefore).orElse(now);
            var term = Interval.of(from, intent.length().orElse(USUAL));
            return Decomposition.of(intent, home, orchestrator.federated(), trace(id))
                    .map(pieces -> new Understood(id, text, intent, term, pieces));
        });
    }

    /// Accepts an intent: when this returns yes, it is stored and taken apart, and each part is being looked for.
    ///
    /// @return the intent; or why not, and then nothing is stored
    public Answer<Resource> create(Caller caller, Understood understood) {
        try {
            return Answer.yes(database.inTransaction(tx -> create(tx, caller, understood)));
        } catch (RefusedException e) {
            return Answer.no(e.refusal()); // nothing of the other parts is kept
        }
    }

    private Resource create(Tx tx, Caller caller, Understood understood) {
        var intent = understood.intent;
        var id = understood.id;
        var fresh = IntentRecord.fresh(caller.user(), understood.text, intent, understood.term);
        var received = resources.fresh(
                id,
                TYPE,
                orchestrator.name(),
                Optional.empty(),
                intent.name(),
                IntentCourse.RECEIVED.word(),
                caller.project(),
                fresh);
        var alike = Resources.typed(TYPE)
                .and(Resources.named(intent.name()))
                .and(Resources.ownedBy(caller.project()))
                .and(Resources.present());
        if (resources.newest(tx, alike).isPresent()) {
            throw new RefusedException(Refusal.clash("project " + caller.project()
                    + " already has an intent called " + intent.name()
                    + "; delete it first or choose another name"));
        }
        resources.insert(tx, received, caller.user(), "create");
        var stored = resources.find(tx, id).orElseThrow();
        moves.step(tx, stored, StepNumber.INTENT_RECEIVED, intent.form().word());
        var apart = moves.to(tx, stored, News.TAKEN_APART, Optional.empty(), caller.user());
        moves.step(tx, apart, StepNumber.INTENT_DECOMPOSED, names(understood));
        intent.deadline()
                .ifPresent(time -> processes
                        .schedule(tx, Request.at(time, Runs.DEADLINE, id, caller.user()))
                        .orThrow());
        var question = Waiting.question(understood, caller, platform.now());
        if (question.isPresent()) {
            orchestrator.askWhen(tx, question.get());
            return moves.to(
                    tx, apart, News.PUT_OFF, Optional.of("asks others when its power is greenest"), caller.user());
        }
        return start(tx, apart, caller, understood, false, new ArrayList<>());
    }

    /// Services first, as what runs is told how they are reached; and then that.
    ///
    /// @param parts to which those are added that could be asked for
    /// @throws RefusedException if one cannot even be asked for
    private Resource start(
            Tx tx,
            Resource intent,
            Caller caller,
            Understood understood,
            boolean away,
            List<IntentRecord.Placed> parts) {
        var record = intent.as(IntentRecord.class);
        if (record.needs().isEmpty() && !record.intent().services().isEmpty()) {
            ordering.seek(tx, caller, understood);
            var seeking = intent.withData(record.with(Needs.of(record.intent(), away)));
            return moves.to(tx, seeking, News.SERVICES_SOUGHT, Optional.of("buys its services first"), caller.user());
        }
        ordering.build(tx, caller, understood, away, record.needed().bought(), parts);
        return built(tx, intent.withData(record.with(parts)), understood, caller.user());
    }

    private static String names(Understood understood) {
        return understood.pieces.stream().map(Piece::name).collect(Collectors.joining(", "));
    }

    private Resource built(Tx tx, Resource intent, Understood understood, String who) {
        var looked = moves.to(tx, intent, News.LOOKED_UP, Optional.empty(), who);
        moves.step(tx, looked, StepNumber.LOCAL_LOOKED_UP, names(understood));
        return looked;
    }

    /// Others have said when it should begin: it waits till then, and begins.
    private Outcome begin(Step.Context context) {
        var answer = Json.read(context.arguments().toString(), Message.BeginAt.class);
        return moves.later(context, (tx, intent) -> {
            if (IntentCourse.of(intent.state()) == IntentCourse.WAITING) {
                begin(tx, intent, answer);
            }
        });
    }

    private void begin(Tx tx, Resource intent, Message.BeginAt answer) {
        var record = intent.as(IntentRecord.class);
        var now = platform.now();
        boolean due = !answer.at().isAfter(now);
        var term = Interval.of(due ? now : answer.at(), record.term().length());
        var waiting = intent.withData(record.at(term)).withState(intent.state(), Optional.of(answer.why()));
        if (!due) {
            resources.update(tx, intent.state(), waiting, orchestrator.name(), answer.why());
            processes
                    .schedule(
                            tx,
                            Request.at(answer.at(), Orchestrator.BEGIN, intent.id(), orchestrator.name())
                                    .with(Json.toTree(answer)))
                    .orThrow();
            return;
        }
        goOn(tx, waiting.withData(record.at(term)), answer.away());
    }

    /// Goes on with one that has waited for something. What cannot be asked for now ends it.
    private Resource goOn(Tx tx, Resource intent, boolean away) {
        var record = intent.as(IntentRecord.class);
        var parts = new ArrayList<IntentRecord.Placed>();
        try {
            var pieces = Decomposition.of(record.intent(), home, orchestrator.federated(), trace(intent.id()))
                    .orThrow();
            var understood = new Understood(intent.id(), record.text(), record.intent(), record.term(), pieces);
            var caller = new Caller(record.owner(), intent.project(), false);
            return start(tx, intent, caller, understood, away, parts);
        } catch (RefusedException e) {
            var some = intent.withData(record.with(parts));
            return moves.to(tx, some, News.PART_FAILED, Optional.of(e.refusal().message()), orchestrator.name());
        }
    }

    /// It is known what came of one of its services.
    private Outcome served(Step.Context context) {
        var told = Json.read(context.arguments().toString(), Message.Procured.class);
        return moves.later(context, (tx, intent) -> {
            var record = intent.as(IntentRecord.class);
            var needs = record.needed().after(told);
            var why = "service " + told.part() + (told.service().isPresent() ? " is bought" : " is not to be had");
            var known =
                    resources.update(tx, intent.state(), intent.withData(record.with(needs)), orchestrator.name(), why);
            boolean placed = IntentCourse.of(intent.state()) != IntentCourse.ACQUIRING
                    || !record.parts().isEmpty();
            boolean enough = needs.lost().isEmpty()
                    || record.intent().keepPartial() && !record.intent().parts().isEmpty();
            runs.follow(tx, placed || needs.isWaiting() || !enough ? known : goOn(tx, begun(known), needs.away()));
        });
    }

    /// Its term begins no earlier than now.
    private Resource begun(Resource intent) {
        var record = intent.as(IntentRecord.class);
        var now = platform.now();
        boolean late =
                record.term().from().isBefore(now) && now.isBefore(record.term().until());
        return late ? intent.withData(record.at(new Interval(now, record.term().until()))) : intent;
    }

    /// Something was measured of a part that runs. What its hard conditions do not allow, three times in a row, is
    /// a violation: another one is looked for, and takes its place.
    ///
    /// @param part its name
    /// @param seen conditions that hold: `latency = 80ms`
    /// @return the intent; [Refusal.Kind#NOT_THERE] if it is over
    public Answer<Resource> measured(Caller caller, UUID id, String part, List<Constraint> seen) {
        return database.inTransaction(tx -> runs.measured(tx, caller, id, part, seen));
    }

    /// Gives an intent up, and all its parts.
    public Answer<Resource> delete(Caller caller, UUID id) {
        return database.inTransaction(tx -> {
            var intent = moves.lock(tx, id);
            if (intent.isEmpty()) {
                return Answer.<Resource>no(Refusal.notThere("there is no intent " + id));
            }
            var record = intent.get().as(IntentRecord.class);
            var refusal = Access.mayDelete(caller, intent.get().project(), record.owner(), "intent " + id);
            if (refusal.isPresent()) {
                return Answer.<Resource>no(refusal.get());
            }
            if (intent.get().removed().isPresent()) {
                return Answer.yes(intent.get());
            }
            return Answer.yes(moves.to(tx, intent.get(), News.GIVEN_UP, Optional.empty(), caller.user()));
        });
    }

    /// Everything that is done for an intent is found by its id. Each of its parts may be met in another way.
    public static Trace trace(UUID id) {
        return Trace.open(id.toString());
    }
}
