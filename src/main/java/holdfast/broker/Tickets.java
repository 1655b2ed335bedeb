package holdfast.broker;

import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.calendar.Candidate;
import holdfast.calendar.Slot;
import holdfast.core.Answer;
import holdfast.core.Copies;
import holdfast.core.Demand;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.SliceId;
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
import holdfast.inventory.Host;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import holdfast.protocol.Placement;
import holdfast.protocol.SliceInfo;
import holdfast.protocol.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a broker promises for slivers (fabric.md 3.3, 6.1): on hosts that authorities have delegated to it, or on one
/// that the sliver's project has borrowed.
public final class Tickets {
    public static final String TYPE = "ticket";
    /// How far ahead an alternative to a refused request is looked for.
    private static final Duration HORIZON = Duration.ofDays(30);

    private final String name;
    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final Post post;
    private final Calendar calendar;
    private final Supply supply;
    private final Borrowings borrowings;

    /// @param name of the broker
    Tickets(String name, Platform platform, Engine engine, Calendar calendar, Supply supply, Borrowings borrowings) {
        this.name = name;
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.post = engine.post();
        this.calendar = calendar;
        this.supply = supply;
        this.borrowings = borrowings;
        engine.definitions().add(ProcessDefinition.timer("ticket.expire", this::expire));
    }

    /// What is wrong with demands of a project whatever is free at the moment: an unknown site, a device that no
    /// host has, more than any host has.
    public List<Refusal> check(Tx tx, String project, List<Demand> demands) {
        return demands.stream()
                .flatMap(demand -> switch (Matching.candidates(
                        eligible(tx, project, demand).hosts(), demand)) {
                    case Answer.Yes<List<Host>> _ -> Stream.<Refusal>empty();
                    case Answer.No<List<Host>>(var why) -> Stream.of(why);
                })
                .toList();
    }

    /// Where all of `demands` together would go for `term` as things are now. Books them on the way, so the caller
    /// must roll `tx` back.
    public Answer<List<Placement>> rehearse(Tx tx, String project, List<Demand> demands, Interval term) {
        var nobody = new SliceInfo(new SliceId(platform.newId()), "-", project, "-", List.of());
        var placements = new ArrayList<Placement>();
        for (var demand : demands) {
            var sliver = new SliverId(platform.newId());
            switch (grant(tx, sliver.value(), new Message.TicketRequest(sliver, nobody, demand, term, 1))) {
                case Answer.No<Ticket>(var why) -> {
                    return Answer.no(why);
                }
                case Answer.Yes<Ticket>(var ticket) -> placements.add(ticket.placement());
            }
        }
        return Answer.yes(List.copyOf(placements));
    }

    void asked(Tx tx, String sender, Message.TicketRequest request) {
        var id = Copies.id(name, request.sliver().value());
        var known = resources.lock(tx, id);
        if (known.isPresent() && !isAskedAnew(known.get(), request)) {
            answer(tx, sender, request, known.get());
            return;
        }
        var granted = grant(tx, id, request);
        var grant = new Grant(
                request.sliver(),
                request.slice(),
                sender,
                request.attempt(),
                granted instanceof Answer.Yes<Ticket>(var ticket) ? Optional.of(ticket) : Optional.empty(),
                granted instanceof Answer.No<Ticket>(var why) ? Optional.of(why) : Optional.empty());
        var state = grant.ticket().isPresent() ? "ticketed" : "failed";
        var record = known.isPresent() ? replace(tx, known.get(), grant, state) : record(tx, id, grant, state);
        if (granted instanceof Answer.Yes) {
            processes
                    .schedule(tx, Request.at(request.term().until(), "ticket.expire", id, name))
                    .orThrow();
        }
        answer(tx, sender, request, record);
    }

    /// Whether it was refused, and is now asked for somewhere else.
    private static boolean isAskedAnew(Resource known, Message.TicketRequest request) {
        return known.state().equals("failed") && known.as(Grant.class).attempt() < request.attempt();
    }

    private Resource record(Tx tx, UUID id, Grant grant, String state) {
        var slice = grant.slice();
        var label = grant.ticket()
                .map(promised -> promised.demand().name())
                .orElse(grant.sliver().toString());
        var fresh =
                resources.fresh(id, TYPE, name, Optional.of(slice.id().value()), label, state, slice.project(), grant);
        var resource = settled(fresh, grant, state);
        resources.insert(tx, resource, grant.orchestrator(), reason(grant));
        return resource;
    }

    private Resource replace(Tx tx, Resource before, Grant grant, String state) {
        var changed = settled(before.restored().withData(grant), grant, state);
        return resources.update(tx, before.state(), changed, grant.orchestrator(), reason(grant));
    }

    private Resource settled(Resource resource, Grant grant, String state) {
        var changed = resource.withState(state, grant.refusal().map(Refusal::message));
        return grant.ticket().isPresent() ? changed : changed.removedAt(platform.now());
    }

    private static String reason(Grant grant) {
        return grant.refusal().map(Refusal::message).orElse("ticket");
    }

    private Answer<Ticket> grant(Tx tx, UUID holder, Message.TicketRequest request) {
        var demand = request.demand();
        var term = request.term();
        if (!term.until().isAfter(platform.now())) {
            return Answer.no(Refusal.malformed(
                    "end", "the term of " + demand.name() + " ended at " + term.until() + ", before it was asked for"));
        }
        var eligible = eligible(tx, request.slice().project(), demand);
        return switch (Matching.candidates(eligible.hosts(), demand)) {
            case Answer.No<List<Host>>(var why) -> Answer.no(why);
            case Answer.Yes<List<Host>>(var hosts) ->
                place(tx, holder, new Eligible(hosts, eligible.borrowed()), request);
        };
    }

    /// Hosts that may serve.
    ///
    /// @param borrowed from another domain
    private record Eligible(List<Host> hosts, boolean borrowed) {}

    private Eligible eligible(Tx tx, String project, Demand demand) {
        var own = supply.hosts(tx);
        return own.stream().anyMatch(host -> host.site().equals(demand.site()))
                ? new Eligible(own, false)
                : borrowings
                        .at(tx, demand.site(), project)
                        .map(host -> new Eligible(List.of(host), true))
                        .orElseGet(() -> new Eligible(own, false));
    }

    private Answer<Ticket> place(Tx tx, UUID holder, Eligible eligible, Message.TicketRequest request) {
        var demand = request.demand();
        var term = request.term();
        var places = eligible.hosts().stream().map(Host::place).distinct().toList();
        calendar.lock(tx, name, places);
        var spot = Matching.firstFit(eligible.hosts(), demand, calendar.free(tx, name, places, term));
        if (spot.isEmpty()) {
            return Answer.no(noRoom(tx, eligible.hosts(), demand, term));
        }
        var placement = spot.get();
        var units = placement.devices().stream().map(Placement.Device::unit).collect(Collectors.toSet());
        var host = eligible.hosts().stream()
                .filter(one -> one.nodeId().equals(placement.hostId()))
                .findFirst()
                .orElseThrow();
        var offer = eligible.borrowed() ? borrowings.offer(tx, host) : supply.offer(tx, host);
        return calendar.book(tx, new Booking(name, holder, host.place(), term, placement.granted(), units))
                .map(_ -> new Ticket(
                        request.sliver(), offer.delegation(), name, offer.authority(), term, demand, placement));
    }

    private Refusal noRoom(Tx tx, List<Host> hosts, Demand demand, Interval term) {
        var candidates = hosts.stream()
                .map(host -> new Candidate(host.place(), Matching.choices(host, demand)))
                .toList();
        var slot = calendar.earliest(
                tx,
                name,
                candidates,
                demand.capacities(),
                term.length(),
                term.from(),
                term.from().plus(HORIZON));
        var earliest = slot instanceof Answer.Yes<Slot>(var found)
                ? Optional.of(found.when().from())
                : Optional.<Instant>empty();
        var wanted = demand.components().isEmpty()
                ? demand.capacities().toString()
                : demand.capacities() + " with "
                        + String.join(
                                " and ",
                                demand.components().stream()
                                        .map(Object::toString)
                                        .toList());
        return Refusal.noRoom(
                Matching.where(demand) + " has no host with " + wanted + " free from " + term.from() + " until "
                        + term.until()
                        + earliest.map(start -> "; the earliest start for the same length is " + start)
                                .orElse("; nor at any time in the " + HORIZON.toDays() + " days after"),
                earliest);
    }

    private void answer(Tx tx, String orchestrator, Message.TicketRequest request, Resource resource) {
        var grant = resource.as(Grant.class);
        boolean holds = resource.state().equals("ticketed");
        var refusal = grant.refusal()
                .or(() -> Optional.of(Refusal.clash("the ticket of " + request.sliver() + " is " + resource.state())));
        post.send(
                tx,
                name,
                orchestrator,
                new Message.UpdateTicket(
                        request.sliver(),
                        Math.max(grant.attempt(), request.attempt()),
                        holds ? grant.ticket() : Optional.empty(),
                        holds ? Optional.empty() : refusal));
    }

    /// Also remembers a sliver that it never heard of, so that a request which comes after its own cancellation is
    /// refused.
    void relinquished(Tx tx, String sender, SliverId sliver) {
        var id = Copies.id(name, sliver.value());
        var known = resources.lock(tx, id);
        if (known.isEmpty()) {
            var nobody = new SliceInfo(new SliceId(sliver.value()), "-", "-", sender, List.of());
            var why = Refusal.clash("relinquished before it was asked for");
            record(tx, id, new Grant(sliver, nobody, sender, 0, Optional.empty(), Optional.of(why)), "closed");
        } else {
            close(tx, known.get(), sender, "relinquished");
        }
    }

    /// What the authority says of a lease. Another one than the ticket is for is not heeded.
    void leaseUpdated(Tx tx, String sender, Message.UpdateLease update) {
        resources
                .lock(tx, Copies.id(name, update.sliver().value()))
                .filter(grant -> isPromisedAt(sender, grant))
                .ifPresent(grant -> leaseUpdated(tx, sender, grant, update));
    }

    private static boolean isPromisedAt(String authority, Resource grant) {
        return grant.as(Grant.class)
                .ticket()
                .filter(ticket -> ticket.authority().equals(authority))
                .isPresent();
    }

    private void leaseUpdated(Tx tx, String authority, Resource grant, Message.UpdateLease update) {
        switch (update.state()) {
            case PREPARED, ACTIVE -> {}
            case FAILED, LOST, CLOSED ->
                close(
                        tx,
                        grant,
                        authority,
                        "the lease is " + update.state().name().toLowerCase(Locale.ROOT));
            case CLOSE_FAILED -> {
                if (grant.state().equals("ticketed")) {
                    calendar.holdOn(tx, name, grant.id());
                    processes.cancelTimers(tx, grant.id());
                    resources.update(
                            tx,
                            "ticketed",
                            grant.withState("close_failed", update.refusal().map(Refusal::message)),
                            authority,
                            "close failed");
                }
            }
        }
    }

    private Outcome expire(Step.Context context) {
        return Outcome.done(tx -> resources.lock(tx, context.resource().id()).ifPresent(grant -> {
            if (grant.state().equals("ticketed")) {
                close(tx, grant, "timer", "the term has ended");
            }
        }));
    }

    private void close(Tx tx, Resource grant, String who, String why) {
        if (grant.removed().isPresent()) {
            return;
        }
        Instant now = platform.now();
        calendar.release(tx, name, grant.id(), now);
        processes.cancelTimers(tx, grant.id());
        resources.update(
                tx, grant.state(), grant.withState("closed", grant.message()).removedAt(now), who, why);
    }
}
