package holdfast.authority;

import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Actor;
import holdfast.engine.Engine;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.inventory.Device;
import holdfast.inventory.Host;
import holdfast.inventory.Hosts;
import holdfast.inventory.Models;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.LeaseInfo;
import holdfast.protocol.Message;
import holdfast.protocol.Placement;
import holdfast.protocol.Ticket;
import java.util.ArrayList;
import java.util.List;
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
    private final Processes processes;
    private final Leases leases;
    private final Calendar calendar;
    private final Models models;
    private final Advertising advertising;
    private final Lendings lendings;

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
        this.processes = engine.processes();
        this.leases = new Leases(name, platform, engine, new Book());
        this.calendar = calendar;
        this.models = models;
        this.advertising = advertising;
        this.lendings = new Lendings(name, platform, engine, calendar, models, advertising, leases);
    }

    private final class Book implements Leases.Booked {
        @Override
        public void release(Tx tx, UUID lease) {
            calendar.release(tx, name, lease, platform.now());
        }

        @Override
        public void holdOn(Tx tx, UUID lease) {
            calendar.holdOn(tx, name, lease);
        }
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

    /// Tells those who have a lease what is wrong with it, or that nothing is any more.
    void seen(Tx tx, Resource lease) {
        leases.tell(tx, lease, Message.UpdateLease.State.ACTIVE, lease.message().map(Refusal::clash));
    }

    /// Its leases among those of others.
    Authorities.Keeper keeper(Recipes recipes) {
        return new Authorities.Keeper(recipes, (tx, lease, refusal) -> {
            leases.ended(tx, lease, refusal);
            lendings.ended(tx, lease);
        });
    }

    @Override
    public void on(Tx tx, String sender, Message message) {
        if (!(message instanceof Message.ToAuthority own)) {
            throw new IllegalArgumentException(
                    "an authority does not take " + message.getClass().getSimpleName() + " from " + sender);
        }
        switch (own) {
            case Message.Redeem redeem -> redeem(tx, sender, redeem);
            case Message.Close(var sliver) -> leases.close(tx, sender, sliver);
            case Message.ClaimDelegation claim -> {
                if (!lendings.claimed(tx, sender, claim)) {
                    advertising.claimed(tx, sender, claim);
                }
            }
            case Message.ReclaimDelegation reclaim -> {
                if (!lendings.reclaimed(tx, sender, reclaim)) {
                    advertising.reclaimed(tx, sender, reclaim);
                }
            }
            case Message.Lend lend -> lendings.lend(tx, sender, lend);
            case Message.Unlend(var contract) -> lendings.unlend(tx, sender, contract);
        }
    }

    private void redeem(Tx tx, String sender, Message.Redeem redeem) {
        var known = leases.find(tx, redeem.sliver());
        if (known.isPresent()) {
            leases.tellAgain(tx, known.get());
            return;
        }
        var id = leases.id(redeem.sliver());
        switch (assign(tx, id, redeem)) {
            case Answer.No<Assigned>(var why) ->
                leases.refuse(tx, lease(redeem, sender, Assigned.NOTHING), why, sender);
            case Answer.Yes<Assigned>(var assigned) -> {
                leases.begin(tx, lease(redeem, sender, assigned), sender);
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

    private static Lease lease(Message.Redeem redeem, String sender, Assigned assigned) {
        return Lease.of(redeem.sliver(), redeem.slice(), sender, redeem.ticket(), assigned.host(), assigned.units());
    }

    /// What a ticket comes to.
    ///
    /// @param host where it is, if the ticket does not know
    private record Assigned(Optional<String> host, List<LeaseInfo.Unit> units) {
        static final Assigned NOTHING = new Assigned(Optional.empty(), List.of());
    }

    /// Checks the ticket against what was delegated and names the exact units; both are booked in the authority's
    /// own book.
    private Answer<Assigned> assign(Tx tx, UUID id, Message.Redeem redeem) {
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
        return lendings.book(tx, id, ticket)
                .map(lent -> lent.map(host -> new Assigned(Optional.of(host), List.of())))
                .orElseGet(() -> ofOurs(tx, id, ticket).map(units -> new Assigned(Optional.empty(), units)));
    }

    private Answer<List<LeaseInfo.Unit>> ofOurs(Tx tx, UUID id, Ticket ticket) {
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
}
