package holdfast.authority;

import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.calendar.Profile;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Copies;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Post;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.inventory.Delegations;
import holdfast.inventory.GraphMl;
import holdfast.inventory.Host;
import holdfast.inventory.Hosts;
import holdfast.inventory.Models;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Loan;
import holdfast.protocol.Message;
import holdfast.protocol.Message.Lending.Phase;
import holdfast.protocol.Ticket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Parts of hosts that brokers have lent to others, each for the term of a contract (fluidos.md 4.6): delegations of
/// one host whose name and other inhabitants the borrower never learns.
///
/// The lender's broker has the room booked, so this only sees to it that the borrower takes no more than was lent, and
/// that nothing is left when the contract is over. A ticket on a lent host is booked twice, at the lent part and at
/// the real host.
final class Lendings {
    /// More leases than that were never under one contract.
    private static final int MOST_LEASES = 10_000;

    private static final Duration FAR = Duration.ofDays(365_000);

    private final String name;
    private final Platform platform;
    private final Resources resources;
    private final Post post;
    private final Calendar calendar;
    private final Models models;
    private final Advertising advertising;
    private final Leases leases;

    /// @param name of the authority
    Lendings(
            String name,
            Platform platform,
            Engine engine,
            Calendar calendar,
            Models models,
            Advertising advertising,
            Leases leases) {
        this.name = name;
        this.platform = platform;
        this.resources = engine.resources();
        this.post = engine.post();
        this.calendar = calendar;
        this.models = models;
        this.advertising = advertising;
        this.leases = leases;
    }

    /// Also the id of the delegation, and the name of the place of the lent part.
    private UUID id(UUID contract) {
        return Copies.id(name, contract);
    }

    /// Lends; for longer, if that was done before.
    void lend(Tx tx, String sender, Message.Lend lend) {
        var id = id(lend.contract());
        var known = resources.lock(tx, id);
        if (known.isPresent()) {
            tell(tx, longer(tx, known.get(), lend.loan(), sender), Optional.empty());
            return;
        }
        var loan = lend.loan();
        var lent = new Lent(lend.contract(), loan, sender, Optional.empty());
        if (host(tx, loan).isEmpty() || !advertising.delegatedTo(tx, loan.delegation(), sender)) {
            var why = Refusal.malformed(
                    "loan.hostId", name + " has delegated no host " + loan.hostId() + " to " + sender);
            tell(tx, insert(tx, id, lent, "ended", sender), Optional.of(why));
            return;
        }
        calendar.carve(tx, name, id.toString(), List.of(new Profile.Step(loan.term(), loan.amounts())));
        tell(tx, insert(tx, id, lent, "lent", sender), Optional.empty());
    }

    private Resource longer(Tx tx, Resource lending, Loan loan, String who) {
        var lent = lending.as(Lent.class);
        boolean lives = lending.state().equals("lent") || lending.state().equals("claimed");
        if (!lives
                || !lent.lender().equals(who)
                || !loan.term().until().isAfter(lent.loan().term().until())) {
            return lending;
        }
        calendar.carve(tx, name, lending.id().toString(), List.of(new Profile.Step(loan.term(), loan.amounts())));
        var renewed = lending.withData(lent.until(loan));
        lent.claim().ifPresent(claim -> answer(tx, renewed, loan.borrower(), claim));
        return resources.update(tx, lending.state(), renewed, who, "renewed");
    }

    /// Tells the borrower what it has.
    private void answer(Tx tx, Resource lending, String borrower, UUID claim) {
        var lent = lending.as(Lent.class);
        var id = lending.id().toString();
        var graph = Delegations.ofServer(id, id, lent.loan().amounts());
        post.send(
                tx,
                name,
                borrower,
                new Message.UpdateDelegation(
                        claim,
                        lending.id(),
                        lent.contract().toString(),
                        Optional.of(lent.loan().term()),
                        Optional.of(GraphMl.write(graph)),
                        Optional.empty()));
    }

    private Resource insert(Tx tx, UUID id, Lent lent, String state, String who) {
        var fresh = resources.fresh(
                id, Lent.TYPE, name, Optional.empty(), lent.contract().toString(), state, "-", lent);
        var resource = state.equals("ended") ? fresh.removedAt(platform.now()) : fresh;
        resources.insert(tx, resource, who, "lend");
        return resource;
    }

    /// The contract is over: whatever was made under it is closed.
    void unlend(Tx tx, String sender, UUID contract) {
        var known = resources.lock(tx, id(contract));
        if (known.isEmpty()) { // overtook its own beginning, which is refused when it comes
            var nothing = new Loan(contract, "-", Capacities.NONE, Interval.of(platform.now(), FAR), "-");
            insert(tx, id(contract), new Lent(contract, nothing, sender, Optional.empty()), "ended", sender);
            return;
        }
        if (known.get().as(Lent.class).lender().equals(sender)) {
            end(tx, known.get(), sender);
        }
    }

    private void end(Tx tx, Resource resource, String who) {
        switch (resource.state()) {
            case "lent", "claimed" -> {
                var ending = resources.update(
                        tx, resource.state(), resource.withState("ending", Optional.empty()), who, "over");
                under(tx, ending).forEach(lease -> leases.remove(tx, lease, name));
                settle(tx, ending);
            }
            case "stuck", "ending" -> under(tx, resource).forEach(lease -> leases.remove(tx, lease, name));
            default -> tell(tx, resource, Optional.empty());
        }
    }

    /// The leases under a contract that are not over.
    private List<Resource> under(Tx tx, Resource lending) {
        var since = new Interval(
                lending.as(Lent.class).loan().term().from(), platform.now().plus(FAR));
        return calendar.bookings(tx, name, lending.id().toString(), since, MOST_LEASES).stream()
                .map(Booking::holder)
                .distinct()
                .flatMap(lease -> resources.lock(tx, lease).stream())
                .filter(lease -> lease.removed().isEmpty())
                .toList();
    }

    /// A lease has reached a state: when it was the last under a contract that is over, so is the contract.
    void ended(Tx tx, Resource lease) {
        lease.as(Lease.class)
                .ticket()
                .filter(_ -> lease.as(Lease.class).host().isPresent())
                .flatMap(ticket -> resources.lock(tx, ticket.delegation()))
                .filter(lending ->
                        lending.state().equals("ending") || lending.state().equals("stuck"))
                .ifPresent(lending -> settle(tx, lending));
    }

    private void settle(Tx tx, Resource lending) {
        var left = under(tx, lending);
        if (left.isEmpty()) {
            calendar.removePlace(tx, name, lending.id().toString(), platform.now());
            var ended = lending.withState("ended", Optional.empty()).removedAt(platform.now());
            tell(tx, resources.update(tx, lending.state(), ended, name, "nothing is left"), Optional.empty());
            return;
        }
        if (lending.state().equals("ending")
                && left.stream().allMatch(lease -> lease.state().equals("close_failed"))) {
            var why = Refusal.broken(left.size() + " of what was made under it could not be taken down");
            var stuck = lending.withState("stuck", Optional.of(why.message()));
            tell(tx, resources.update(tx, "ending", stuck, name, why.message()), Optional.of(why));
        }
    }

    /// The borrower claims what was lent to it.
    ///
    /// @return whether there is such a contract; if not, the delegation may be one of the site's own
    boolean claimed(Tx tx, String sender, Message.ClaimDelegation claim) {
        var known = contract(claim.delegation()).flatMap(contract -> resources.lock(tx, id(contract)));
        if (known.isEmpty() || !known.get().as(Lent.class).loan().borrower().equals(sender)) {
            return false;
        }
        var lending = known.get();
        var lent = lending.as(Lent.class);
        switch (lending.state()) {
            case "lent", "claimed" -> {
                answer(tx, lending, sender, claim.claim());
                if (lending.state().equals("lent")) {
                    var taken = lending.withData(lent.claimedAs(claim.claim())).withState("claimed", Optional.empty());
                    tell(tx, resources.update(tx, "lent", taken, sender, "claimed"), Optional.empty());
                }
            }
            default ->
                post.send(
                        tx,
                        name,
                        sender,
                        new Message.UpdateDelegation(
                                claim.claim(),
                                lending.id(),
                                claim.delegation(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(Refusal.clash("the contract " + claim.delegation() + " is over"))));
        }
        return true;
    }

    private static Optional<UUID> contract(String delegation) {
        try {
            return Optional.of(UUID.fromString(delegation));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// The borrower gives it back before its term is over.
    ///
    /// @return whether it was one of these
    boolean reclaimed(Tx tx, String sender, Message.ReclaimDelegation reclaim) {
        var known = resources
                .lock(tx, reclaim.delegation())
                .filter(resource -> resource.type().equals(Lent.TYPE))
                .filter(resource -> resource.as(Lent.class).loan().borrower().equals(sender));
        known.ifPresent(lending -> end(tx, lending, sender));
        return known.isPresent();
    }

    /// Books what a ticket of a borrower promises.
    ///
    /// @return the real host, or why not; empty if the ticket is on none of these
    Optional<Answer<String>> book(Tx tx, UUID lease, Ticket ticket) {
        return resources
                .lock(tx, ticket.delegation())
                .filter(resource ->
                        resource.type().equals(Lent.TYPE) && resource.actor().equals(name))
                .map(lending -> book(tx, lease, ticket, lending));
    }

    private Answer<String> book(Tx tx, UUID lease, Ticket ticket, Resource lending) {
        var loan = lending.as(Lent.class).loan();
        if (!lending.state().equals("claimed") || !loan.borrower().equals(ticket.broker())) {
            return Answer.no(Refusal.malformed(
                    "ticket.delegation", "no contract that lives lets " + ticket.broker() + " promise this"));
        }
        if (!ticket.placement().devices().isEmpty()) {
            return Answer.no(Refusal.malformed("ticket.placement", "the borrowed host has no devices"));
        }
        var real = host(tx, loan);
        if (real.isEmpty()) {
            return Answer.no(Refusal.broken("the borrowed host is no longer there"));
        }
        var granted = ticket.placement().granted();
        var at = List.of(
                new Booking(name, lease, lending.id().toString(), ticket.term(), granted, Set.of()),
                new Booking(name, lease, real.get().place(), ticket.term(), granted, Set.of()));
        return switch (calendar.bookAll(tx, at)) {
            case Answer.Yes<List<Booking>> _ -> Answer.yes(real.get().name());
            // what it says is about our hosts, which are nobody's business there
            case Answer.No<List<Booking>> _ ->
                Answer.no(Refusal.noRoom(
                        "the borrowed host has no " + granted + " free from "
                                + ticket.term().from() + " until "
                                + ticket.term().until(),
                        Optional.empty()));
        };
    }

    private Optional<Host> host(Tx tx, Loan loan) {
        return Optional.ofNullable(models.of(tx, name).get(loan.delegation().toString())).stream()
                .flatMap(model -> Hosts.of(model).stream())
                .filter(host -> host.nodeId().equals(loan.hostId()))
                .findFirst();
    }

    private void tell(Tx tx, Resource lending, Optional<Refusal> why) {
        var lent = lending.as(Lent.class);
        var phase = switch (lending.state()) {
            case "lent" -> Optional.of(Phase.LENT);
            case "claimed" -> Optional.of(Phase.CLAIMED);
            case "stuck" -> Optional.of(Phase.STUCK);
            case "ended" -> Optional.of(Phase.ENDED);
            default -> Optional.<Phase>empty(); // an update follows when it is over
        };
        phase.ifPresent(word -> post.send(tx, name, lent.lender(), new Message.Lending(lent.contract(), word, why)));
    }
}
