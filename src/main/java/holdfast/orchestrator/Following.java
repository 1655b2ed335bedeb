package holdfast.orchestrator;

import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.Post;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sees slices through, once their slivers are asked for: hears what became of each, reviews the tickets, and moves the
/// slice's own state.
final class Following {
    private static final Logger LOG = LoggerFactory.getLogger(Following.class);

    private final String name;
    private final Duration answerLimit;
    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final Post post;

    /// @param name of the orchestrator
    /// @param answerLimit how long broker and authorities together may take to answer before what is still open is
    ///     given up
    Following(String name, Duration answerLimit, Platform platform, Engine engine) {
        this.name = name;
        this.answerLimit = answerLimit;
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.post = engine.post();
        engine.definitions().add(ProcessDefinition.timer("slice.redeem", context -> later(context, this::redeemDue)));
        engine.definitions().add(ProcessDefinition.timer("slice.deadline", context -> later(context, this::giveUp)));
        engine.definitions().add(ProcessDefinition.timer("slice.expire", context -> later(context, this::expire)));
    }

    /// What is said of a sliver, and all that follows from it.
    void hear(Tx tx, SliverId id, String sender, News news) {
        var parent = resources.find(tx, id.value()).flatMap(Resource::parent);
        if (parent.isEmpty()) {
            return;
        }
        var slice = resources.lock(tx, parent.get()).orElseThrow();
        var sliver = resources.lock(tx, id.value()).orElseThrow();
        if (news instanceof News.OfLease && isStranger(sender, Sliver.of(sliver))) {
            LOG.warn("{} spoke of the lease of sliver {}, which another authority has", sender, id.value());
            return;
        }
        tell(tx, slice, sliver, judged(slice.as(Slice.class), Sliver.of(sliver), news), sender);
        follow(tx, slice, sender);
    }

    /// What its authority takes down before its time, and nobody has asked it to, has failed.
    private News judged(Slice slice, Sliver sliver, News news) {
        boolean unasked = sliver instanceof Sliver.Active || sliver instanceof Sliver.Redeeming;
        boolean early = platform.now().isBefore(slice.term().until());
        return news instanceof News.LeaseClosed(var stuck) && stuck.isEmpty() && unasked && early
                ? new News.LeaseFailed(Refusal.broken("its authority has taken it down before its time"))
                : news;
    }

    /// What was acquired for a sliver is not what was promised: its intent sees to that. A slice that is part of
    /// none stays where it is.
    void violated(Tx tx, SliverId id, Refusal why) {
        resources
                .find(tx, id.value())
                .flatMap(Resource::parent)
                .flatMap(slice -> resources.find(tx, slice))
                .ifPresent(slice -> slice.as(Slice.class)
                        .purpose()
                        .ifPresent(part -> processes
                                .schedule(
                                        tx,
                                        Request.now(Orchestrator.REACT, part.intent(), name)
                                                .with(Json.toTree(new Orchestrator.Broken(slice.id(), why.message()))))
                                .orThrow()));
    }

    private static boolean isStranger(String sender, Sliver sliver) {
        return sliver.promised()
                .filter(ticket -> !ticket.authority().equals(sender))
                .isPresent();
    }

    private Sliver tell(Tx tx, Resource slice, Resource resource, News news, String who) {
        var before = Sliver.of(resource);
        var info = slice.as(Slice.class);
        var transition = Transition.after(new SliverId(resource.id()), info, before, news);
        var after = transition.sliver();
        if (after != before) {
            var why = after.refusal().or(after::trouble).map(Refusal::message);
            var changed = resource.withData(after).withState(after.state(), why);
            resources.update(
                    tx,
                    resource.state(),
                    after.over() ? changed.removedAt(platform.now()) : changed,
                    who,
                    why.orElse(word(news)));
        }
        send(tx, info, transition);
        return after;
    }

    void send(Tx tx, Slice info, Transition transition) {
        for (var tell : transition.told()) {
            switch (tell) {
                case Transition.Tell.Broker(var message) -> post.send(tx, name, info.broker(), message);
                case Transition.Tell.Authority(var authority, var message) -> post.send(tx, name, authority, message);
                case Transition.Tell.Federation(var message) ->
                    info.elsewhere().ifPresent(there -> post.send(tx, name, there.federation(), message));
            }
        }
    }

    private static String word(News news) {
        return news.getClass().getSimpleName();
    }

    /// Ticket review, then the slice's own state.
    private Resource follow(Tx tx, Resource slice, String who) {
        var parts = resources.partsOf(tx, List.of(slice.id()), Orchestrator.SLIVER);
        var slivers = parts.stream().map(Sliver::of).toList();
        var failed = slivers.stream().filter(Sliver.Failed.class::isInstance).findFirst();
        boolean unsettled = SliceState.of(slice.state()) == SliceState.CONFIGURING;
        if (failed.isPresent() && unsettled) {
            var first = parts.get(slivers.indexOf(failed.get()));
            var why = Refusal.clash("closed because " + first.name() + " failed: "
                    + failed.get().refusal().orElseThrow().message());
            return closeThose(tx, slice, Following::notBuilding, Optional.of(why), name);
        }
        boolean begun = !slice.as(Slice.class).term().from().isAfter(platform.now());
        if (begun && slivers.stream().noneMatch(Sliver::unanswered)) {
            slivers = parts.stream()
                    .map(part -> part.state().equals("ticketed")
                            ? tell(tx, slice, part, new News.RedeemDue(), name)
                            : Sliver.of(part))
                    .toList();
        }
        return reevaluate(tx, slice, slivers, who);
    }

    private static boolean notBuilding(Sliver sliver) {
        return sliver.unanswered() || sliver instanceof Sliver.Ticketed;
    }

    /// Asks every sliver that `which` selects to close, then looks at the slice.
    Resource closeThose(Tx tx, Resource slice, Predicate<Sliver> which, Optional<Refusal> why, String who) {
        var slivers = resources.partsOf(tx, List.of(slice.id()), Orchestrator.SLIVER).stream()
                .map(part -> {
                    var sliver = Sliver.of(part);
                    return sliver.over() || !which.test(sliver)
                            ? sliver
                            : tell(tx, slice, part, new News.CloseAsked(why), who);
                })
                .toList();
        return reevaluate(tx, slice, slivers, who);
    }

    private Resource reevaluate(Tx tx, Resource slice, List<Sliver> slivers, String who) {
        slice.as(Slice.class)
                .purpose()
                .ifPresent(part -> processes
                        .schedule(tx, Request.now(Orchestrator.FOLLOW, part.intent(), name))
                        .orThrow());
        var current = slice;
        while (true) {
            var state = SliceState.of(current.state());
            var next = state.reevaluate(slivers);
            if (next == state) {
                return current;
            }
            var message = slivers.stream()
                    .filter(Sliver.Failed.class::isInstance)
                    .flatMap(sliver -> sliver.refusal().stream())
                    .findFirst()
                    .or(() -> slivers.stream()
                            .flatMap(sliver -> sliver.refusal().stream())
                            .findFirst())
                    .map(Refusal::message);
            current = move(tx, current, next, message.isPresent() ? message : current.message(), who, "slivers");
        }
    }

    Resource move(Tx tx, Resource slice, SliceState state, Optional<String> message, String who, String why) {
        var changed = slice.withState(state.word(), message);
        if (state == SliceState.DEAD) {
            processes.cancelTimers(tx, slice.id());
            changed = changed.removedAt(platform.now());
        }
        return resources.update(tx, slice.state(), changed, who, message.orElse(why));
    }

    private interface Due {
        void act(Tx tx, Resource slice);
    }

    private Outcome later(Step.Context context, Due due) {
        return Outcome.done(tx -> resources
                .lock(tx, context.resource().id())
                .filter(slice -> slice.removed().isEmpty())
                .ifPresent(slice -> due.act(tx, slice)));
    }

    private void redeemDue(Tx tx, Resource slice) {
        follow(tx, slice, "timer");
    }

    private void giveUp(Tx tx, Resource slice) {
        var why = Refusal.silent("no answer within " + answerLimit.toMinutes() + " minutes");
        closeThose(
                tx,
                slice,
                sliver -> sliver.unanswered() || sliver instanceof Sliver.Redeeming,
                Optional.of(why),
                "timer");
    }

    private void expire(Tx tx, Resource slice) {
        closeThose(tx, slice, _ -> true, Optional.empty(), "timer");
    }
}
