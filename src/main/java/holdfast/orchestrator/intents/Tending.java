package holdfast.orchestrator.intents;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.engine.Engine;
import holdfast.engine.Journal;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.orchestrator.Orchestrator;
import holdfast.orchestrator.Slice;
import holdfast.orchestrator.SliceRequest;
import holdfast.orchestrator.SliceState;
import holdfast.orchestrator.Sliver;
import holdfast.orchestrator.intents.CareCourse.Sight;
import holdfast.orchestrator.intents.IntentCourse.Progress;
import holdfast.orchestrator.intents.IntentRecord.Placed;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Wish;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// Looks after the parts of intents: what is lost or broken is replaced by a slice of others, and given back when that
/// one runs. What is to be done is decided by [CareCourse].
final class Tending {
    private final Home home;
    private final Platform platform;
    private final Orchestrator orchestrator;
    private final Resources resources;
    private final Processes processes;
    private final Journal journal;

    Tending(Home home, Platform platform, Engine engine, Orchestrator orchestrator) {
        this.home = home;
        this.platform = platform;
        this.orchestrator = orchestrator;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.journal = engine.journal();
    }

    /// What came of it.
    ///
    /// @param progress of each part
    /// @param broken what is wrong with some part for good, for people
    /// @param moved what runs elsewhere now, for people
    record Tended(IntentRecord record, List<Progress> progress, Optional<String> broken, Optional<String> moved) {
        Optional<String> message() {
            return broken.or(() -> moved);
        }
    }

    /// How a slice stands.
    ///
    /// @param lost why it is gone, if it went by itself
    /// @param foreign whether it is at another domain
    private record Seen(Progress progress, Optional<String> lost, Optional<String> trouble, boolean foreign) {}

    Tended tend(Tx tx, Resource intent) {
        var record = intent.as(IntentRecord.class);
        var parts = new ArrayList<Placed>();
        var progress = new ArrayList<Progress>();
        var broken = Optional.<String>empty();
        var moved = Optional.<String>empty();
        for (var part : record.parts()) {
            var seen = seen(tx, part.slice());
            var turn = CareCourse.next(
                    part.care(),
                    new Sight(
                            seen.progress,
                            seen.lost,
                            seen.trouble,
                            part.care().next().map(slice -> seen(tx, slice).progress),
                            platform.now(),
                            record.term().until()));
            var after = act(tx, intent, part.with(turn.care()), turn.act(), seen);
            lookAgain(tx, intent, part.care(), after.care());
            parts.add(after);
            progress.add(after.care()
                    .next()
                    .filter(_ -> turn.act() == CareCourse.Act.REPLACE)
                    .map(slice -> seen(tx, slice).progress)
                    .orElse(turn.progress()));
            var why = turn.care().broken();
            if (turn.act() == CareCourse.Act.SWITCH) {
                moved = moved.or(() -> why.map(said -> "part " + part.name() + " was replaced: " + said));
            } else {
                broken = broken.or(() -> why.map(said -> "part " + part.name() + ": " + said));
            }
        }
        return new Tended(record.with(parts), progress, broken, moved);
    }

    private Placed act(Tx tx, Resource intent, Placed part, CareCourse.Act act, Seen seen) {
        return switch (act) {
            case NOTHING -> part;
            case REPLACE -> replaced(tx, intent, part, !seen.foreign);
            case SWITCH -> {
                var next = part.care().next().orElseThrow();
                journal.changed(
                        tx,
                        intent,
                        orchestrator.name(),
                        "part " + part.name() + " runs as slice " + next + " now, instead of " + part.slice());
                orchestrator.release(tx, part.slice(), orchestrator.name());
                yield new Placed(part.name(), next, part.care().instead(part.slice()));
            }
        };
    }

    /// @param away whether what it had was here: another one there may be no better
    private Placed replaced(Tx tx, Resource intent, Placed part, boolean away) {
        var record = intent.as(IntentRecord.class);
        var piece =
                Decomposition.of(record.intent(), home, orchestrator.federated(), Intents.trace(intent.id()))
                        .orThrow()
                        .stream()
                        .filter(one -> one.name().equals(part.name()))
                        .findFirst()
                        .orElseThrow();
        var former = Stream.concat(part.care().former().stream(), Stream.of(part.slice()))
                .toList();
        var request = new SliceRequest(
                name(record, part),
                new Interval(platform.now(), record.term().until()),
                List.of(piece.demand().using(record.needed().bought())),
                List.of(),
                Optional.empty(),
                piece.wish().map(wish -> without(tx, wish, former)));
        var purpose = new Slice.Purpose(intent.id(), piece.away() || away && !piece.onlyHere());
        var owner = new Caller(record.owner(), intent.project(), false);
        return switch (orchestrator.createPart(tx, owner, request, purpose)) {
            case Answer.Yes<Orchestrator.Created>(var made) ->
                part.with(part.care().with(made.slice().id()));
            case Answer.No<Orchestrator.Created>(var why) -> {
                var said = "part " + part.name() + " cannot be replaced: " + why.message();
                journal.changed(tx, intent, orchestrator.name(), said);
                yield part;
            }
        };
    }

    private Wish without(Tx tx, Wish wish, List<UUID> former) {
        return wish.insteadOf(resources.partsOf(tx, former, Orchestrator.SLIVER).stream()
                .map(sliver -> new SliverId(sliver.id()))
                .toList());
    }

    /// Each slice of a project has a name of its own.
    private static String name(IntentRecord record, Placed part) {
        var base = record.intent().name() + " " + part.name();
        var more = "-" + (part.care().tries() + 1);
        return base.substring(0, Math.min(base.length(), 100 - more.length())) + more;
    }

    private void lookAgain(Tx tx, Resource intent, Care before, Care after) {
        after.again()
                .filter(time -> !before.again().equals(Optional.of(time)))
                .ifPresent(time -> processes
                        .schedule(tx, Request.at(time, Orchestrator.FOLLOW, intent.id(), orchestrator.name()))
                        .orThrow());
    }

    private Seen seen(Tx tx, UUID id) {
        var slice = resources.find(tx, id).orElseThrow();
        var slivers = resources.partsOf(tx, List.of(id), Orchestrator.SLIVER).stream()
                .map(Sliver::of)
                .toList();
        var progress = progress(SliceState.of(slice.state()), slivers);
        return new Seen(
                progress,
                slivers.stream()
                        .filter(_ -> progress == Progress.OVER)
                        .filter(Sliver.Failed.class::isInstance)
                        .flatMap(sliver -> sliver.refusal().stream())
                        .map(Refusal::message)
                        .findFirst(),
                slivers.stream()
                        .flatMap(sliver -> sliver.trouble().stream())
                        .map(Refusal::message)
                        .findFirst(),
                slivers.stream().anyMatch(Sliver::foreign));
    }

    private static Progress progress(SliceState state, List<Sliver> slivers) {
        return switch (state) {
            case NASCENT, CONFIGURING -> {
                if (slivers.stream().anyMatch(Sliver.Acquiring.class::isInstance)) {
                    yield Progress.ACQUIRING;
                }
                yield slivers.stream().anyMatch(Sliver::unanswered) ? Progress.ASKED : Progress.PROMISED;
            }
            case ALLOCATED_OK, MODIFYING -> Progress.PROMISED;
            case STABLE_OK, MODIFY_OK -> Progress.RUNNING;
            case STABLE_ERROR, ALLOCATED_ERROR, MODIFY_ERROR, CLOSING, DEAD -> Progress.OVER;
        };
    }
}
