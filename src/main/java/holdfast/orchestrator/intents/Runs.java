package holdfast.orchestrator.intents;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.orchestrator.Orchestrator;
import holdfast.orchestrator.intents.IntentCourse.News;
import holdfast.orchestrator.intents.IntentCourse.Progress;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import holdfast.protocol.rear.Constraint;
import holdfast.protocol.rear.StepNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Follows intents: what became of their slices, what is said of them, and what that means.
final class Runs {
    static final String DEADLINE = "intent.deadline";

    private final Platform platform;
    private final Orchestrator orchestrator;
    private final Resources resources;
    private final Moves moves;
    private final Tending tending;

    Runs(Platform platform, Engine engine, Orchestrator orchestrator, Moves moves, Tending tending) {
        this.platform = platform;
        this.orchestrator = orchestrator;
        this.resources = engine.resources();
        this.moves = moves;
        this.tending = tending;
        engine.definitions()
                .add(ProcessDefinition.timer(Orchestrator.FOLLOW, context -> moves.later(context, this::follow)));
        engine.definitions().add(ProcessDefinition.timer(Orchestrator.REACT, this::react));
        engine.definitions().add(ProcessDefinition.timer(DEADLINE, context -> moves.later(context, this::late)));
    }

    /// Looks what became of its parts and its services, and moves it on.
    void follow(Tx tx, Resource intent) {
        var tended = tending.tend(tx, intent);
        var record = tended.record();
        var current = intent.withData(record);
        if (!record.equals(intent.as(IntentRecord.class))) {
            current = resources.update(tx, intent.state(), current, orchestrator.name(), "looked after");
        }
        if (tended.broken().isPresent() && IntentCourse.of(intent.state()) == IntentCourse.RUNNING) {
            current = moves.to(tx, current, News.BROKEN, tended.broken(), orchestrator.name());
        }
        boolean termOver = !record.term().until().isAfter(platform.now());
        var progress = new ArrayList<>(tended.progress());
        record.needed().progress().forEach(need -> progress.add(termOver ? Progress.OVER : need));
        var news = IntentCourse.heard(progress, record.intent().keepPartial(), termOver);
        if (news.isPresent()) {
            var message = news.get() == News.PART_FAILED ? lost(tx, record, progress) : tended.message();
            var moved = moves.to(tx, current, news.get(), message, orchestrator.name());
            tellSteps(tx, current, moved);
        }
    }

    /// A slice of its is not what was promised, and that is no passing trouble.
    private Outcome react(Step.Context context) {
        var broken = Json.read(context.arguments().toString(), Orchestrator.Broken.class);
        return moves.later(
                context,
                (tx, intent) -> intent.as(IntentRecord.class).parts().stream()
                        .filter(part -> part.slice().equals(broken.slice()))
                        .findFirst()
                        .ifPresent(part -> violated(tx, intent, part, broken.why())));
    }

    /// Only what ran can be worse than promised.
    private Resource violated(Tx tx, Resource intent, IntentRecord.Placed part, String why) {
        if (!part.care().ran() || part.care().broken().isPresent()) {
            return intent;
        }
        var doubt = new Care.Doubt(why, platform.now(), true);
        var record = intent.as(IntentRecord.class).with(part.with(part.care().doubting(Optional.of(doubt))));
        var known = resources.update(tx, intent.state(), intent.withData(record), orchestrator.name(), why);
        follow(tx, known);
        return resources.find(tx, intent.id()).orElseThrow();
    }

    private void tellSteps(Tx tx, Resource before, Resource after) {
        var was = IntentCourse.of(before.state());
        var now = IntentCourse.of(after.state());
        boolean bought = was == IntentCourse.ACQUIRING;
        if (bought && (now == IntentCourse.PLACING || now == IntentCourse.RUNNING)) {
            moves.step(tx, after, StepNumber.RESUMED, "room was found for every part");
        }
        if (was != now && now == IntentCourse.RUNNING) {
            moves.step(tx, after, StepNumber.PLACED, "every part runs");
        }
    }

    private Optional<String> lost(Tx tx, IntentRecord record, List<Progress> parts) {
        int at = parts.indexOf(Progress.OVER);
        if (at >= record.parts().size()) {
            return record.needed().lost();
        }
        var part = record.parts().get(at);
        var why = resources
                .find(tx, part.slice())
                .flatMap(Resource::message)
                .or(part.care()::broken)
                .orElse("its slice was taken down");
        return Optional.of("part " + part.name() + ": " + why);
    }

    private void late(Tx tx, Resource intent) {
        switch (IntentCourse.of(intent.state())) {
            case RUNNING, VIOLATED, DONE, RELEASED, FAILED -> {}
            case RECEIVED, DECOMPOSED, WAITING, MATCHING_LOCAL, ACQUIRING, PLACING -> {
                var parts = intent.as(IntentRecord.class).parts();
                if (parts.isEmpty()
                        || parts.stream().anyMatch(part -> !part.care().ran())) {
                    moves.to(tx, intent, News.PART_FAILED, Optional.of("it did not run by its deadline"), "timer");
                }
            }
        }
    }

    /// As of [Intents#measured].
    Answer<Resource> measured(Tx tx, Caller caller, UUID id, String name, List<Constraint> seen) {
        var intent = moves.lock(tx, id).filter(one -> one.removed().isEmpty());
        if (intent.isEmpty()) {
            return Answer.no(Refusal.notThere("there is no intent " + id + ", or it is over"));
        }
        var record = intent.get().as(IntentRecord.class);
        var part = record.named(name);
        var refusal = Access.mayChange(caller, intent.get().project(), record.owner(), "intent " + id)
                .or(() -> part.isPresent()
                        ? Optional.empty()
                        : Optional.of(Refusal.malformed(
                                "part", "part is '" + name + "', and no part of that name was begun")));
        return refusal.map(Answer::<Resource>no)
                .orElseGet(() -> Answer.yes(measured(tx, intent.get(), part.orElseThrow(), seen)));
    }

    private Resource measured(Tx tx, Resource intent, IntentRecord.Placed part, List<Constraint> seen) {
        var record = intent.as(IntentRecord.class);
        if (!part.care().ran()) {
            return intent;
        }
        var found = Measured.of(part.care(), record.hard(part.name()), seen, platform.now());
        var known = found.care().equals(part.care())
                ? intent
                : resources.update(
                        tx,
                        intent.state(),
                        intent.withData(record.with(part.with(found.care()))),
                        orchestrator.name(),
                        "measured");
        return found.violated()
                .map(why -> violated(tx, known, part.with(found.care()), why))
                .orElse(known);
    }
}
