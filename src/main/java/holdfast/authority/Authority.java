package holdfast.authority;

import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.core.Copies;
import holdfast.core.Refusal;
import holdfast.core.SliceId;
import holdfast.core.SliverId;
import holdfast.engine.Actor;
import holdfast.engine.Engine;
import holdfast.engine.Post;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.inventory.Device;
import holdfast.inventory.Host;
import holdfast.inventory.Hosts;
import holdfast.inventory.Models;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.LeaseInfo;
import holdfast.protocol.Message;
import holdfast.protocol.Message.UpdateLease;
import holdfast.protocol.Placement;
import holdfast.protocol.SliceInfo;
import holdfast.protocol.Ticket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/// Owns a site: keeps the promises that brokers made on the strength of its delegations, by its own book and its own
/// driver.
public final class Authority implements Actor {
    public static final String LEASE = "lease";

    private final String name;
    private final Driver driver;
    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final Post post;
    private final Calendar calendar;
    private final Models models;
    private final Advertising advertising;

    public Authority(
            String name,
            Driver driver,
            Platform platform,
            Engine engine,
            Calendar calendar,
            Models models,
            Advertising advertising) {
        this.name = name;
        this.driver = driver;
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.post = engine.post();
        this.calendar = calendar;
        this.models = models;
        this.advertising = advertising;
    }

    @Override
    public String name() {
        return name;
    }

    public Driver driver() {
        return driver;
    }

    public Advertising advertising() {
        return advertising;
    }

    @Override
    public void on(Tx tx, String sender, Message message) {
        switch (message) {
            case Message.Redeem redeem -> redeem(tx, sender, redeem);
            case Message.Close(var sliver) -> close(tx, sender, sliver);
            case Message.ClaimDelegation claim -> advertising.claimed(tx, sender, claim);
            case Message.ReclaimDelegation reclaim -> advertising.reclaimed(tx, sender, reclaim);
            case Message.TicketRequest _,
                    Message.UpdateTicket _,
                    Message.Relinquish _,
                    UpdateLease _,
                    Message.UpdateDelegation _,
                    Message.Query _,
                    Message.QueryResult _,
                    Message.Provide _,
                    Message.Amend _,
                    Message.Amended _,
                    Message.UpdateSupply _,
                    Message.Drift _ ->
                throw new IllegalArgumentException(
                        "an authority does not take " + message.getClass().getSimpleName() + " from " + sender);
        }
    }

    private void redeem(Tx tx, String sender, Message.Redeem redeem) {
        var id = Copies.id(name, redeem.sliver().value());
        var known = resources.find(tx, id);
        if (known.isPresent()) {
            tellAgain(tx, known.get());
            return;
        }
        switch (assign(tx, id, redeem)) {
            case Answer.No<List<LeaseInfo.Unit>>(var why) -> {
                var lease = new Lease(
                        redeem.sliver(), redeem.slice(), sender, Optional.of(redeem.ticket()), List.of(), Map.of());
                var resource = insert(tx, id, lease, "failed", Optional.of(why), sender);
                tell(tx, resource, UpdateLease.State.FAILED, Optional.of(why));
            }
            case Answer.Yes<List<LeaseInfo.Unit>>(var units) -> {
                var lease = new Lease(
                        redeem.sliver(), redeem.slice(), sender, Optional.of(redeem.ticket()), units, Map.of());
                insert(tx, id, lease, "requested", Optional.empty(), sender);
                var term = redeem.ticket().term();
                processes
                        .schedule(tx, Request.at(term.from(), "lease.create", id, name))
                        .orThrow();
                processes
                        .schedule(tx, Request.at(term.until(), "lease.remove", id, name))
                        .orThrow();
            }
        }
    }

    private Resource insert(Tx tx, UUID id, Lease lease, String state, Optional<Refusal> why, String who) {
        var label = lease.ticket()
                .map(ticket -> ticket.demand().name())
                .orElse(lease.sliver().toString());
        var fresh = resources
                .fresh(
                        id,
                        LEASE,
                        name,
                        Optional.of(lease.slice().id().value()),
                        label,
                        state,
                        lease.slice().project(),
                        lease)
                .withState(state, why.map(Refusal::message));
        var resource = state.equals("requested") ? fresh : fresh.removedAt(platform.now());
        resources.insert(tx, resource, who, why.map(Refusal::message).orElse("redeem"));
        return resource;
    }

    /// Checks the ticket against what was delegated and names the exact units; both are booked in the authority's
    /// own book.
    private Answer<List<LeaseInfo.Unit>> assign(Tx tx, UUID id, Message.Redeem redeem) {
        var ticket = redeem.ticket();
        if (!ticket.authority().equals(name) || !ticket.sliver().equals(redeem.sliver())) {
            return Answer.no(Refusal.malformed(
                    "ticket",
                    "the ticket is for sliver " + ticket.sliver() + " at " + ticket.authority() + ", not for "
                            + redeem.sliver() + " at " + name));
        }
        if (!ticket.term().until().isAfter(platform.now())) {
            return Answer.no(Refusal.malformed(
                    "ticket.term", "the ticket ended at " + ticket.term().until()));
        }
        var delegated = models.of(tx, name).get(ticket.delegation().toString());
        if (delegated == null || !advertising.delegatedTo(tx, ticket.delegation(), ticket.broker())) {
            return Answer.no(Refusal.malformed(
                    "ticket.delegation",
                    name + " has delegated nothing called " + ticket.delegation() + " to " + ticket.broker()
                            + "; the broker must claim it again"));
        }
        var host = Hosts.of(delegated).stream()
                .filter(one -> one.nodeId().equals(ticket.placement().hostId()))
                .findFirst();
        if (host.isEmpty()) {
            return Answer.no(Refusal.malformed(
                    "ticket.placement", "no host " + ticket.placement().host() + " is delegated by " + name));
        }
        var units = new ArrayList<LeaseInfo.Unit>();
        for (var device : ticket.placement().devices()) {
            var unit = unit(host.get(), device.unit());
            if (unit.isEmpty()) {
                return Answer.no(Refusal.malformed(
                        "ticket.placement",
                        "host " + host.get().name() + " has no " + device.type() + " called " + device.unit()));
            }
            units.addAll(functions(device.component(), device.type(), device.model(), unit.get()));
        }
        var taken = ticket.placement().devices().stream()
                .map(Placement.Device::unit)
                .collect(Collectors.toSet());
        var booking = new Booking(
                name, id, host.get().place(), ticket.term(), ticket.placement().granted(), taken);
        return calendar.book(tx, booking).map(_ -> List.copyOf(units));
    }

    private static Optional<Device.Unit> unit(Host host, String id) {
        return host.devices().stream()
                .flatMap(device -> device.units().stream())
                .filter(unit -> unit.id().equals(id))
                .findFirst();
    }

    /// One entry for each PCI function: a card with two ports is attached as two functions.
    private static List<LeaseInfo.Unit> functions(String component, String type, String model, Device.Unit unit) {
        var addresses = unit.bdfs().isEmpty() ? List.of("") : unit.bdfs();
        var functions = new ArrayList<LeaseInfo.Unit>();
        for (int port = 0; port < addresses.size(); port++) {
            var part = addresses.size() == 1 ? component : component + "-p" + (port + 1);
            functions.add(new LeaseInfo.Unit(part, type, model, unit.id(), addresses.get(port)));
        }
        return functions;
    }

    /// Also remembers a sliver that it never heard of, so that a redeem which comes after its own close is refused.
    private void close(Tx tx, String sender, SliverId sliver) {
        var id = Copies.id(name, sliver.value());
        var known = resources.lock(tx, id);
        if (known.isEmpty()) {
            var nobody = new SliceInfo(new SliceId(sliver.value()), "-", "-", sender, List.of());
            var lease = new Lease(sliver, nobody, sender, Optional.empty(), List.of(), Map.of());
            tell(
                    tx,
                    insert(
                            tx,
                            id,
                            lease,
                            "closed",
                            Optional.of(Refusal.clash("closed before it was redeemed")),
                            sender),
                    UpdateLease.State.CLOSED,
                    Optional.empty());
            return;
        }
        switch (known.get().state()) {
            case "requested", "creating", "active", "close_failed" ->
                processes.schedule(tx, Request.now("lease.remove", id, sender)).orThrow();
            case "closing" -> {}
            default -> tellAgain(tx, known.get());
        }
    }

    /// A lease has reached a state that others must know of.
    void ended(Tx tx, Resource resource, Optional<Refusal> refusal) {
        switch (resource.state()) {
            case "active" -> tell(tx, resource, UpdateLease.State.ACTIVE, Optional.empty());
            case "failed" -> {
                calendar.release(tx, name, resource.id(), platform.now());
                processes.cancelTimers(tx, resource.id());
                resource = retire(tx, resource);
                tell(tx, resource, UpdateLease.State.FAILED, refusal);
            }
            case "closed" -> {
                calendar.release(tx, name, resource.id(), platform.now());
                processes.cancelTimers(tx, resource.id());
                resource = retire(tx, resource);
                tell(tx, resource, UpdateLease.State.CLOSED, Optional.empty());
            }
            case "close_failed" -> {
                calendar.holdOn(tx, name, resource.id());
                processes.cancelTimers(tx, resource.id());
                tell(tx, resource, UpdateLease.State.CLOSE_FAILED, refusal);
            }
            default -> throw new IllegalStateException("lease " + resource.id() + " ended in " + resource.state());
        }
    }

    private Resource retire(Tx tx, Resource resource) {
        return resources.update(tx, resource.state(), resource.removedAt(platform.now()), name, "ended");
    }

    private void tellAgain(Tx tx, Resource resource) {
        switch (resource.state()) {
            case "active" -> tell(tx, resource, UpdateLease.State.ACTIVE, Optional.empty());
            case "failed" ->
                tell(
                        tx,
                        resource,
                        UpdateLease.State.FAILED,
                        Optional.of(Refusal.broken(resource.message().orElse("failed"))));
            case "closed" -> tell(tx, resource, UpdateLease.State.CLOSED, Optional.empty());
            default -> {} // on its way: an update follows when it is there
        }
    }

    private void tell(Tx tx, Resource resource, UpdateLease.State state, Optional<Refusal> refusal) {
        var lease = resource.as(Lease.class);
        var info = state == UpdateLease.State.ACTIVE ? Optional.of(lease.info()) : Optional.<LeaseInfo>empty();
        var why = state == UpdateLease.State.FAILED
                ? refusal.or(() -> Optional.of(Refusal.broken("the lease failed")))
                : refusal;
        var update = new UpdateLease(lease.sliver(), resource.version(), state, info, why);
        post.send(tx, name, lease.orchestrator(), update);
        lease.ticket().map(Ticket::broker).ifPresent(broker -> post.send(tx, name, broker, update));
    }
}
