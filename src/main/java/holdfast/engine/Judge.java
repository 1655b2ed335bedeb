package holdfast.engine;

import static java.util.Objects.requireNonNull;

import holdfast.core.Refusal;
import holdfast.engine.ProcessDefinition.Delegation;
import holdfast.engine.Progress.Position;
import holdfast.engine.Progress.Result;
import holdfast.engine.Progress.Verdict;
import holdfast.engine.Resource.Trouble;
import holdfast.engine.types.Move;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// What the end of a step means for the resource as it is by then: others may have taken it over. Decides and changes
/// nothing.
final class Judge {
    private final Definitions definitions;

    Judge(Definitions definitions) {
        this.definitions = definitions;
    }

    /// A process that this runner has claimed.
    ///
    /// @param definition of what it runs as
    /// @param steps its own and those of handlers
    /// @param claim number of the claim: what is recorded under an older one has no effect
    /// @param parent which process waits for it
    /// @param first whether the action at its position has surely never been run
    record Claimed(
            UUID id,
            ProcessDefinition definition,
            Resource resource,
            JsonNode arguments,
            List<Step> steps,
            Position position,
            long claim,
            boolean entered,
            Optional<UUID> parent,
            boolean first) {
        /// Where it goes on, as was written down under its claim.
        Claimed at(Position next, Resource changed) {
            return new Claimed(id, definition, changed, arguments, steps, next, claim, entered, parent, true);
        }

        /// Under a claim of its own, so that a hand-over that is written twice is one.
        Claimed goingOnAs(ProcessDefinition next, List<Step> recipe, Resource changed, Position first) {
            return new Claimed(id, next, changed, arguments, recipe, first, claim + 1, entered, parent, true);
        }

        Claimed entering(Resource changed, Position begin) {
            return new Claimed(id, definition, changed, arguments, steps, begin, claim, true, parent, first);
        }

        /// Whether another process has taken the resource over, as far as is known: then nothing more may be
        /// done outside.
        boolean overtaken() {
            return entered
                    && definition
                            .move()
                            .filter(move -> !move.passes(resource.state(move.field())))
                            .isPresent();
        }
    }

    /// What became of one step.
    ///
    /// @param reason why the run ends with it; empty if it goes on at once
    record Ended(
            Claimed process,
            String step,
            String outcome,
            Optional<String> detail,
            Map<String, String> facts,
            Outcome.Merge merge,
            Outcome.Change also,
            Verdict verdict,
            Optional<ExitReason> reason,
            Instant at) {
        Ended cancelled(String why) {
            return new Ended(
                    process,
                    step,
                    "cancelled",
                    Optional.of(why),
                    Map.of(),
                    Outcome.Merge.NONE,
                    Outcome.Change.NONE,
                    new Verdict.End(Result.CANCELLED, Optional.empty()),
                    Optional.of(ExitReason.CANCELED),
                    at);
        }

        Ended leadingTo(Verdict next, ExitReason why) {
            return new Ended(process, step, outcome, detail, facts, merge, also, next, Optional.of(why), at);
        }
    }

    /// A resource that has left the process's transitioning state belongs to another process now.
    Ended judge(Ended ended, Optional<Resource> current) {
        var move = ended.process().definition().move();
        if (move.isEmpty() || !ended.process().entered()) {
            return ended;
        }
        if (current.isEmpty()) {
            return ended.cancelled("the resource is gone");
        }
        var resource = current.get();
        var state = resource.state(move.get().field());
        if (!move.get().passes(state)) {
            return ended.cancelled("overtaken: the resource is " + state);
        }
        return ended.verdict() instanceof Verdict.End(var result, var _) && result == Result.DONE
                ? successor(ended, move.get(), state, resource)
                : ended;
    }

    /// What comes in the place of the done state: the process that its arguments name as its chain, or its
    /// delegate.
    private Ended successor(Ended ended, Move move, String state, Resource resource) {
        var process = ended.process();
        var chain = Optional.ofNullable(process.arguments()
                        .path(process.definition().name() + "::chain")
                        .asString(null))
                .filter(name -> follows(name, move, state));
        if (chain.isPresent()) {
            return ended.leadingTo(new Verdict.Chain(chain.get()), ExitReason.CHAIN);
        }
        return process.definition()
                .delegation()
                .filter(delegation -> delegation.wanted().test(resource))
                .map(Delegation::process)
                .filter(name -> follows(name, move, state))
                .map(name -> ended.leadingTo(new Verdict.Handover(name), ExitReason.DELEGATE))
                .orElse(ended);
    }

    private boolean follows(String name, Move move, String state) {
        return definitions
                .find(name)
                .flatMap(ProcessDefinition::move)
                .filter(next -> next.field().equals(move.field())
                        && (next.startsFrom(state) || next.startsFrom(done(move, state))))
                .isPresent();
    }

    private static String done(Move move, String state) {
        return requireNonNull(move.done().get(state));
    }

    /// The resource with what the step said and where the process leads it; the same one if nothing changes.
    Resource apply(Ended ended, Resource before) {
        var next = before;
        if (!ended.facts().isEmpty() || ended.merge() != Outcome.Merge.NONE) {
            var content = ended.merge().into(before.content());
            if (!ended.facts().isEmpty()) {
                var facts = content.withObject("/facts");
                ended.facts().forEach(facts::put);
            }
            next = next.withData(content);
        }
        var definition = ended.process().definition();
        var move = definition.move().orElseThrow();
        var state = before.state(move.field());
        // What nothing undoes is waited for by people who can do something about it: they are told.
        next = switch (ended.verdict()) {
            case Verdict.Next _ -> next;
            case Verdict.Park(var _, var _, var waitingFor) ->
                definition.undoes() || next.message().isPresent()
                        ? next
                        : next.withProgress(Optional.of(waitingFor), next.progress());
            case Verdict.Handover(var process) ->
                next.withState(move.field(), handedTo(process, move, state), before.message());
            case Verdict.Chain(var process) ->
                definitions.get(process).move().orElseThrow().startsFrom(state)
                        ? next
                        : done(next, definition, ended.at());
            case Verdict.End(var result, var refusal) ->
                switch (result) {
                    case DONE -> done(next, definition, ended.at());
                    case FAILED -> failed(next, move, refusal.map(Refusal::message));
                    case CANCELLED -> next;
                };
        };
        return next == before ? before : next.nextVersion(ended.at());
    }

    private String handedTo(String process, Move move, String state) {
        var next = definitions.get(process).move().orElseThrow();
        return next.startsFrom(state)
                ? requireNonNull(next.start().get(state))
                : requireNonNull(next.start().get(done(move, state)));
    }

    /// What an error has left behind stays to be seen until something new is begun (cattle.md 3.5).
    private static Resource done(Resource resource, ProcessDefinition definition, Instant now) {
        var move = definition.move().orElseThrow();
        var done = resource.withState(move.field(), done(move, resource.state(move.field())), Optional.empty());
        var marked = resource.trouble().isPresent()
                ? done.withTrouble(resource.trouble(), resource.message())
                        .withProgress(resource.message(), resource.progress())
                : done;
        return definition.finish().apply(marked, now);
    }

    private static Resource failed(Resource resource, Move move, Optional<String> why) {
        return move.failed()
                .map(state -> resource.withState(move.field(), state, why).withTrouble(Optional.of(Trouble.ERROR), why))
                .orElseGet(() -> resource.withTrouble(Optional.of(Trouble.OVERRIDE), why));
    }
}
