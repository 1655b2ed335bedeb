package holdfast.broker;

import holdfast.broker.AllocationCourse.News;
import holdfast.broker.choice.ReadyOrder.What;
import holdfast.calendar.Calendar;
import holdfast.core.Caller;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.SliceId;
import holdfast.core.SliverId;
import holdfast.engine.Engine;
import holdfast.engine.Notice;
import holdfast.engine.Notices;
import holdfast.engine.Outcome;
import holdfast.engine.Post;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import holdfast.protocol.SliceInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// Takes allocations from state to state, with what follows from it: orders to the provider, notices, timers. Room
/// that an allocation had is given back only when the provider has said that nothing of it is left.
final class AllocationLife {
    static final String END = "allocation.end";

    private final String broker;
    private final String clouds;
    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final Notices notices;
    private final Post post;
    private final Calendar calendar;
    private final Drawing drawing;

    /// @param clouds the name of the authority that serves providers
    AllocationLife(String broker, String clouds, Platform platform, Engine engine, Calendar calendar, Drawing drawing) {
        this.broker = broker;
        this.clouds = clouds;
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.notices = engine.notices();
        this.post = engine.post();
        this.calendar = calendar;
        this.drawing = drawing;
        engine.definitions()
                .add(ProcessDefinition.timer(
                                END,
                                context -> Outcome.done(tx -> resources
                                        .lock(tx, context.resource().id())
                                        .ifPresent(allocation -> to(tx, allocation, News.UNWANTED, broker))))
                        .withPriority(What.END.priority()));
    }

    /// Writes it for the first time, and orders it unless it is to wait.
    Resource begin(
            Tx tx, Caller caller, UUID id, Optional<UUID> reservation, Allocation content, AllocationCourse state) {
        var name = content.server().name();
        var fresh = resources.fresh(
                id, Allocations.TYPE, broker, reservation, name, state.word(), caller.project(), content);
        resources.insert(tx, fresh, caller.user(), "asked for");
        var made = resources.find(tx, id).orElseThrow();
        tell(tx, made, state.word(), Json.object());
        return state == AllocationCourse.INITIALIZED ? ordered(tx, made, caller.user()) : made;
    }

    private Resource ordered(Tx tx, Resource resource, String who) {
        return to(tx, resource, News.ORDERED, who).orElse(resource);
    }

    /// The next state with what follows from it; empty if the news does not matter now.
    Optional<Resource> to(Tx tx, Resource resource, News news, String who) {
        return AllocationCourse.of(resource.state()).after(news).map(next -> {
            var message = resource.as(Allocation.class).refusal().map(Refusal::message);
            var moved = resource.withState(next.word(), message);
            boolean over = next == AllocationCourse.DELETED || next == AllocationCourse.CANCELLED;
            var after = resources.update(
                    tx, resource.state(), over ? moved.removedAt(platform.now()) : moved, who, news.name());
            tell(tx, after, next.word(), Json.object());
            return entered(tx, after, next, who);
        });
    }

    private Resource entered(Tx tx, Resource resource, AllocationCourse state, String who) {
        switch (state) {
            case SCHEDULED, ACTIVE, ERROR, LOST -> {}
            case INITIALIZED -> {
                return ordered(tx, resource, who);
            }
            case BUILDING -> {
                post.send(tx, broker, clouds, order(resource));
                resource.as(Allocation.class).end().ifPresent(at -> endsAt(tx, resource, at));
            }
            case DELETING -> {
                processes.cancelTimers(tx, resource.id());
                calendar.holdOn(tx, broker, resource.id());
                post.send(tx, broker, clouds, new Message.Close(new SliverId(resource.id())));
            }
            case DELETED, CANCELLED -> giveBack(tx, resource);
        }
        return resource;
    }

    private static Message.Provide order(Resource resource) {
        var allocation = resource.as(Allocation.class);
        var slice = new SliceInfo(
                new SliceId(resource.parent().orElse(resource.id())),
                resource.name(),
                resource.project(),
                allocation.user(),
                List.of());
        return new Message.Provide(
                new SliverId(resource.id()), slice, allocation.provider(), allocation.when(), allocation.server());
    }

    private void endsAt(Tx tx, Resource resource, Instant at) {
        processes.cancelTimers(tx, resource.id());
        processes.schedule(tx, Request.at(at, END, resource.id(), broker)).orThrow();
    }

    /// Nothing of it is left: its room is free again. Repeating does nothing.
    void giveBack(Tx tx, Resource resource) {
        processes.cancelTimers(tx, resource.id());
        calendar.release(tx, broker, resource.id(), platform.now());
        drawing.giveBack(tx, resource.id(), platform.now());
    }

    /// Nothing happens to it any more.
    Resource over(Tx tx, Resource resource) {
        return resources.update(tx, resource.state(), resource.removedAt(platform.now()), broker, "nothing is left");
    }

    /// Writes what was learned of it.
    Resource noted(Tx tx, Resource resource, Allocation content, String why) {
        return resources.update(tx, resource.state(), resource.withData(content), broker, why);
    }

    /// It has made way: told now, gone at `leaves`.
    ///
    /// @param needed when somebody else needs the room
    void recall(Tx tx, Resource resource, Instant leaves, Instant needed) {
        var told = noted(tx, resource, resource.as(Allocation.class).leaving(leaves), "somebody needs its room");
        tell(
                tx,
                told,
                "preempted",
                Json.object().put("leaves", leaves.toString()).put("needed", needed.toString()));
        if (leaves.isAfter(platform.now())) {
            endsAt(tx, told, leaves);
        } else {
            to(tx, told, News.UNWANTED, broker);
        }
    }

    private void tell(Tx tx, Resource resource, String event, ObjectNode data) {
        var allocation = resource.as(Allocation.class);
        data.put("state", resource.state());
        data.put("provider", allocation.provider().toString());
        allocation.serverId().ifPresent(id -> data.put("serverId", id));
        allocation.refusal().ifPresent(why -> data.put("reason", why.message()));
        notices.tell(
                tx,
                new Notice(
                        platform.newId(),
                        Allocations.TYPE + "." + event,
                        platform.now(),
                        Notice.Thing.of(resource),
                        resource.project(),
                        resource.parent(),
                        Optional.empty(),
                        data));
    }

    /// From `start` to its own end.
    static Interval since(Instant start, Optional<Instant> end) {
        return new Interval(start, end.orElse(Interval.FOREVER));
    }
}
