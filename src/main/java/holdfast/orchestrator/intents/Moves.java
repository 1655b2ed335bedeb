package holdfast.orchestrator.intents;

import holdfast.core.SliverId;
import holdfast.engine.Engine;
import holdfast.engine.Journal;
import holdfast.engine.Outcome;
import holdfast.engine.Processes;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.orchestrator.Orchestrator;
import holdfast.orchestrator.intents.IntentCourse.News;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.StepNumber;
import holdfast.protocol.rear.Workflow;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// How the records of intents are locked and moved from state to state.
final class Moves {
    private final Platform platform;
    private final Orchestrator orchestrator;
    private final Resources resources;
    private final Processes processes;
    private final Journal journal;

    Moves(Platform platform, Engine engine, Orchestrator orchestrator) {
        this.platform = platform;
        this.orchestrator = orchestrator;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.journal = engine.journal();
    }

    /// What is done with an intent that is not over.
    interface Due {
        void act(Tx tx, Resource intent);
    }

    Outcome later(Step.Context context, Due due) {
        return Outcome.done(tx -> lock(tx, context.resource().id())
                .filter(intent -> intent.removed().isEmpty())
                .ifPresent(intent -> due.act(tx, intent)));
    }

    /// Slices before their intent, as whoever changes a slice tells the intent of it.
    Optional<Resource> lock(Tx tx, UUID id) {
        var found = resources.find(tx, id).filter(one -> one.type().equals(Intents.TYPE));
        found.ifPresent(intent -> intent.as(IntentRecord.class)
                .slices()
                .sorted(Comparator.naturalOrder())
                .forEach(slice -> resources.lock(tx, slice)));
        return found.flatMap(_ -> resources.lock(tx, id));
    }

    /// What ends an intent ends its parts.
    Resource to(Tx tx, Resource intent, News news, Optional<String> message, String who) {
        var state = IntentCourse.of(intent.state()).after(news);
        if (state.isEmpty()) {
            return intent;
        }
        var changed = intent.withState(state.get().word(), message.isPresent() ? message : intent.message());
        if (IntentCourse.of(intent.state()) == IntentCourse.WAITING
                && state.get().isOver()) {
            orchestrator.askNoMore(tx, new SliverId(intent.id()));
        }
        if (state.get().isOver()) {
            intent.as(IntentRecord.class).slices().forEach(slice -> orchestrator.release(tx, slice, who));
            if (intent.as(IntentRecord.class).needs().isPresent()) {
                orchestrator.askNoMore(tx, new SliverId(intent.id()));
            }
            processes.cancelTimers(tx, intent.id());
            changed = changed.removedAt(platform.now());
        }
        return resources.update(tx, intent.state(), changed, who, message.orElse(word(news)));
    }

    private static String word(News news) {
        return news.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    void step(Tx tx, Resource intent, StepNumber number, String detail) {
        journal.step(tx, intent, Intents.trace(intent.id()), Workflow.Role.C, number, detail);
    }
}
