package holdfast.broker;

import holdfast.broker.decisions.Decisions;
import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.calendar.Candidate;
import holdfast.calendar.Hot;
import holdfast.calendar.Slot;
import holdfast.core.Answer;
import holdfast.core.Copies;
import holdfast.core.Demand;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.SliceId;
import holdfast.core.SliverId;
import holdfast.engine.Actor;
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
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.ExternalPolicy;
import holdfast.protocol.Message;
import holdfast.protocol.Offer;
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

/// Promises what authorities have delegated to it, never more than there is at any instant.
public final class Broker implements Actor {
    public static final String TICKET = "ticket";
    /// The name of the authority that serves providers of cloud resources.
    private static final String CLOUDS = "clouds";
    /// How far ahead an alternative to a refused request is looked for.
    private static final Duration HORIZON = Duration.ofDays(30);

    private final String name;
    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final Post post;
    private final Calendar calendar;
    private final Supply supply;
    private final ProviderSupply providers;
    private final Strangers strangers;
    private final Allocations allocations;
    private final Reservations reservations;
    private final HostRegister hosts;
    private final AddressRegister addresses;
    private final HostProperties properties;
    private final CapacityMap capacity;
    private final CapacityEntries entries;
    private final Mending mending;
    private final Occupation occupation;
    private final Units units;
    private final Decisions decisions;
    private final Elements elements;

    /// One in whose reservations nobody outside has a say.
    public Broker(String name, Platform platform, Engine engine, Calendar calendar, Supply supply) {
        this(name, platform, engine, calendar, supply, ExternalPolicy.NONE);
    }

    /// @param policy has a say in reservations
    public Broker(
            String name, Platform platform, Engine engine, Calendar calendar, Supply supply, ExternalPolicy policy) {
        this.name = name;
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.post = engine.post();
        this.calendar = calendar;
        this.supply = supply;
        var policies = new Policies(engine.settings());
        var units = new Units();
        var items = new Items();
        var floating = new FloatingAddresses();
        var snapshots = new Snapshots(name, engine, calendar, units, floating, items);
        this.providers = new ProviderSupply(name, platform, engine, calendar, units);
        this.properties = new HostProperties(platform);
        this.addresses = new AddressRegister(name, platform, engine, calendar, floating);
        this.hosts = new HostRegister(name, platform, engine, calendar, units);
        var inside = new Inside(name, calendar);
        this.decisions = new Decisions(platform, name, inside.book(), policies::replayed);
        var drawing = new Drawing(inside, calendar, snapshots, decisions);
        this.strangers = new Strangers(name, platform, engine, calendar, items, drawing);
        var life = new AllocationLife(name, CLOUDS, platform, engine, calendar, drawing);
        var owners = new Owners(resources, items);
        var standBy = new StandBy(name, calendar, owners);
        var preemption = new Preemption(name, platform, engine, calendar, units, policies, life, standBy);
        var losses = new Losses(name, platform, engine, calendar, owners);
        this.elements = new Elements(name, platform, engine, calendar, owners, losses);
        var admission = new Admission(name, calendar, snapshots, preemption, elements, decisions);
        this.allocations = new Allocations(
                name,
                platform,
                engine,
                calendar,
                new Reserved(platform, engine.resources(), providers, drawing, life),
                new Unreserved(platform, providers, units, admission, life),
                life,
                elements);
        var view = new PolicyView(resources, units, floating);
        this.reservations = new Reservations(
                name,
                platform,
                engine,
                calendar,
                admission,
                allocations,
                items,
                units,
                new Holds(name, CLOUDS, engine, providers),
                policies,
                new Clearing(name, platform, calendar, providers, losses),
                elements,
                new Consulting(policy, calendar, view),
                new Endings(name, engine, policy, view));
        this.units = units;
        this.capacity = new CapacityMap(name, platform, resources, calendar, snapshots);
        this.mending = new Mending(name, platform, engine, calendar, admission, losses, reservations);
        this.entries = new CapacityEntries(name, platform, engine, calendar, units, losses, mending);
        this.occupation = new Occupation(name, resources, calendar, units, owners, entries);
        engine.definitions().add(ProcessDefinition.timer("ticket.expire", this::expire));
        engine.forgetting(calendar::prune);
        engine.forgetting(decisions::prune);
    }

    @Override
    public String name() {
        return name;
    }

    /// What it has to give.
    public Supply supply() {
        return supply;
    }

    /// The hosts of providers that may be reserved.
    public HostRegister hosts() {
        return hosts;
    }

    /// The floating addresses that may be reserved.
    public AddressRegister addresses() {
        return addresses;
    }

    /// What is shown of the properties of those hosts.
    public HostProperties properties() {
        return properties;
    }

    /// What users run.
    public Allocations allocations() {
        return allocations;
    }

    /// What users have reserved.
    public Reservations reservations() {
        return reservations;
    }

    /// Where reservations are asked for.
    public Desk desk(Database database, Hot hot) {
        return new Desk(platform, database, calendar, hot, reservations);
    }

    /// What there is at providers of cloud resources, and how much of it is free.
    public CapacityMap capacity() {
        return capacity;
    }

    /// Why there is more or less of it for a time.
    public CapacityEntries entries() {
        return entries;
    }

    /// Who has what of it and when.
    public Occupation occupation() {
        return occupation;
    }

    /// What was decided, and why.
    public Decisions decisions() {
        return decisions;
    }

    /// Its hosts.
    public Units units() {
        return units;
    }

    @Override
    public void on(Tx tx, String sender, Message message) {
        switch (message) {
            case Message.TicketRequest request -> ticket(tx, sender, request);
            case Message.Relinquish(var sliver) -> relinquish(tx, sender, sliver);
            case Message.UpdateLease update -> {
                if (!reservations.heard(tx, update) && !allocated(tx, update)) {
                    leaseUpdated(tx, sender, update);
                }
            }
            case Message.UpdateDelegation update -> supply.delegated(tx, sender, update);
            case Message.Query query -> post.send(tx, name, sender, supply.answer(tx, query));
            case Message.UpdateSupply update -> {
                if (update.offer().isEmpty()) {
                    strangers.gone(tx, update);
                }
                providers.updated(tx, update);
                elements.seen(tx, update.provider(), update.offer().map(Offer::supply));
                providers.pool(tx, update.provider()).ifPresent(pool -> mending.soon(tx, pool.id()));
            }
            case Message.Amended amended -> reservations.heard(tx, amended);
            case Message.Drift drift -> strangers.seen(tx, drift);
            case Message.Preserved preserved -> reservations.heard(tx, preserved);
            case Message.UpdateTicket _,
                    Message.Redeem _,
                    Message.Close _,
                    Message.ClaimDelegation _,
                    Message.ReclaimDelegation _,
                    Message.QueryResult _,
                    Message.Provide _,
                    Message.Amend _,
                    Message.Preserve _ ->
                throw new IllegalArgumentException(
                        "a broker does not take " + message.getClass().getSimpleName() + " from " + sender);
        }
    }

    /// What is wrong with a demand whatever is free at the moment: an unknown site, a device that no host has, more
    /// than any host has.
    public Optional<Refusal> check(Tx tx, Demand demand) {
        return switch (Matching.candidates(supply.hosts(tx), demand)) {
            case Answer.Yes<List<Host>> _ -> Optional.empty();
            case Answer.No<List<Host>>(var why) -> Optional.of(why);
        };
    }

    /// The same for all slivers of a request.
    public List<Refusal> check(Tx tx, List<Demand> demands) {
        var hosts = supply.hosts(tx);
        return demands.stream()
                .flatMap(demand -> switch (Matching.candidates(hosts, demand)) {
                    case Answer.Yes<List<Host>> _ -> Stream.<Refusal>empty();
                    case Answer.No<List<Host>>(var why) -> Stream.of(why);
                })
                .toList();
    }

    private void ticket(Tx tx, String sender, Message.TicketRequest request) {
        var id = Copies.id(name, request.sliver().value());
        var known = resources.find(tx, id);
        if (known.isPresent()) {
            answer(tx, sender, request.sliver(), known.get());
            return;
        }
        var granted = grant(tx, id, request);
        var grant = switch (granted) {
            case Answer.Yes<Ticket>(var ticket) ->
                record(
                        tx,
                        id,
                        sender,
                        request.slice(),
                        request.sliver(),
                        "ticketed",
                        Optional.of(ticket),
                        Optional.empty());
            case Answer.No<Ticket>(var why) ->
                record(tx, id, sender, request.slice(), request.sliver(), "failed", Optional.empty(), Optional.of(why));
        };
        if (granted instanceof Answer.Yes) {
            processes
                    .schedule(tx, Request.at(request.term().until(), "ticket.expire", id, name))
                    .orThrow();
        }
        answer(tx, sender, request.sliver(), grant);
    }

    private Resource record(
            Tx tx,
            UUID id,
            String orchestrator,
            SliceInfo slice,
            SliverId sliver,
            String state,
            Optional<Ticket> ticket,
            Optional<Refusal> refusal) {
        var grant = new Grant(sliver, slice, orchestrator, ticket, refusal);
        var label = ticket.map(promised -> promised.demand().name()).orElse(sliver.toString());
        var fresh = resources
                .fresh(id, TICKET, name, Optional.of(slice.id().value()), label, state, slice.project(), grant)
                .withState(state, refusal.map(Refusal::message));
        var resource = state.equals("ticketed") ? fresh : fresh.removedAt(platform.now());
        resources.insert(
                tx, resource, orchestrator, refusal.map(Refusal::message).orElse("ticket"));
        return resource;
    }

    private Answer<Ticket> grant(Tx tx, UUID holder, Message.TicketRequest request) {
        var demand = request.demand();
        var term = request.term();
        if (!term.until().isAfter(platform.now())) {
            return Answer.no(Refusal.malformed(
                    "end", "the term of " + demand.name() + " ended at " + term.until() + ", before it was asked for"));
        }
        return switch (Matching.candidates(supply.hosts(tx), demand)) {
            case Answer.No<List<Host>>(var why) -> Answer.no(why);
            case Answer.Yes<List<Host>>(var hosts) -> place(tx, holder, hosts, request);
        };
    }

    private Answer<Ticket> place(Tx tx, UUID holder, List<Host> hosts, Message.TicketRequest request) {
        var demand = request.demand();
        var term = request.term();
        var places = hosts.stream().map(Host::place).distinct().toList();
        calendar.lock(tx, name, places);
        var spot = Matching.firstFit(hosts, demand, calendar.free(tx, name, places, term));
        if (spot.isEmpty()) {
            return Answer.no(noRoom(tx, hosts, demand, term));
        }
        var placement = spot.get();
        var units = placement.devices().stream().map(Placement.Device::unit).collect(Collectors.toSet());
        var host = hosts.stream()
                .filter(one -> one.nodeId().equals(placement.hostId()))
                .findFirst()
                .orElseThrow();
        var offer = supply.offer(tx, host);
        return calendar.book(tx, new Booking(name, holder, host.place(), term, placement.granted(), units))
                .map(_ -> new Ticket(
                        request.sliver(), offer.delegation(), name, offer.authority(), term, demand, placement));
    }

    /// Where all of `demands` together would go for `term` as things are now. Books them on the way, so the caller
    /// must roll `tx` back.
    public Answer<List<Placement>> rehearse(Tx tx, List<Demand> demands, Interval term) {
        var nobody = new SliceInfo(new SliceId(platform.newId()), "-", "-", "-", List.of());
        var placements = new ArrayList<Placement>();
        for (var demand : demands) {
            var sliver = new SliverId(platform.newId());
            switch (grant(tx, sliver.value(), new Message.TicketRequest(sliver, nobody, demand, term))) {
                case Answer.No<Ticket>(var why) -> {
                    return Answer.no(why);
                }
                case Answer.Yes<Ticket>(var ticket) -> placements.add(ticket.placement());
            }
        }
        return Answer.yes(List.copyOf(placements));
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
                "site " + demand.site() + " has no host with " + wanted + " free from " + term.from() + " until "
                        + term.until()
                        + earliest.map(start -> "; the earliest start for the same length is " + start)
                                .orElse("; nor at any time in the " + HORIZON.toDays() + " days after"),
                earliest);
    }

    private void answer(Tx tx, String orchestrator, SliverId sliver, Resource resource) {
        var grant = resource.as(Grant.class);
        boolean holds = resource.state().equals("ticketed");
        var refusal = grant.refusal()
                .or(() -> Optional.of(Refusal.clash("the ticket of " + sliver + " is " + resource.state())));
        post.send(
                tx,
                name,
                orchestrator,
                new Message.UpdateTicket(
                        sliver, holds ? grant.ticket() : Optional.empty(), holds ? Optional.empty() : refusal));
    }

    /// Also remembers a sliver that it never heard of, so that a request which comes after its own cancellation is
    /// refused.
    private void relinquish(Tx tx, String sender, SliverId sliver) {
        var id = Copies.id(name, sliver.value());
        var known = resources.lock(tx, id);
        if (known.isEmpty()) {
            var nobody = new SliceInfo(new SliceId(sliver.value()), "-", "-", sender, List.of());
            record(
                    tx,
                    id,
                    sender,
                    nobody,
                    sliver,
                    "closed",
                    Optional.empty(),
                    Optional.of(Refusal.clash("relinquished before it was asked for")));
        } else {
            close(tx, known.get(), sender, "relinquished");
        }
    }

    private boolean allocated(Tx tx, Message.UpdateLease update) {
        var allocation = allocations.heard(tx, update);
        allocation.flatMap(Resource::parent).ifPresent(reservation -> reservations.left(tx, reservation));
        return allocation.isPresent();
    }

    private void leaseUpdated(Tx tx, String sender, Message.UpdateLease update) {
        resources.lock(tx, Copies.id(name, update.sliver().value())).ifPresent(grant -> {
            switch (update.state()) {
                case PREPARED, ACTIVE -> {}
                case FAILED, LOST, CLOSED ->
                    close(
                            tx,
                            grant,
                            sender,
                            "the lease is " + update.state().name().toLowerCase(Locale.ROOT));
                case CLOSE_FAILED -> {
                    if (grant.state().equals("ticketed")) {
                        calendar.holdOn(tx, name, grant.id());
                        processes.cancelTimers(tx, grant.id());
                        resources.update(
                                tx,
                                "ticketed",
                                grant.withState("close_failed", update.refusal().map(Refusal::message)),
                                sender,
                                "close failed");
                    }
                }
            }
        });
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
