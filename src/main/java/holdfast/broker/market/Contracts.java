package holdfast.broker.market;

import holdfast.broker.market.RootRows.Locked;
import holdfast.core.Answer;
import holdfast.core.Copies;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Journal;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.ContractCourse;
import holdfast.protocol.rear.FlavorIds;
import holdfast.protocol.rear.PeeringCourse;
import holdfast.protocol.rear.Signatures;
import holdfast.protocol.rear.StepNumber;
import holdfast.protocol.rear.TransactionCourse;
import holdfast.protocol.rear.Workflow.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Contracts on pieces of roots, from purchase to end (fluidos.md 3.6, 5.6). What is backed by a host of ours is lent
/// to the buyer for its term.
public final class Contracts {
    /// How far ahead a contract may end: nobody keeps capacity for ever (fluidos.md 6.11).
    private static final Duration LONGEST = Duration.ofDays(365);

    /// How long a buyer has to sign.
    private static final Duration TO_SIGN = Duration.ofMinutes(15);

    private final String name;
    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final Journal journal;
    private final Roots roots;
    private final Sales sales;
    private final Signing signing;
    private final Announcing announcing;
    private final SellerPeerings peerings;
    private final Handover handover;

    Contracts(String name, Platform platform, Engine engine, Roots roots, Sales sales, Signing signing) {
        this.name = name;
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.journal = engine.journal();
        this.roots = roots;
        this.sales = sales;
        this.signing = signing;
        this.announcing = roots.announcing();
        this.peerings = new SellerPeerings(name, platform, engine);
        this.handover = new Handover(name, engine.post());
        engine.definitions().add(ProcessDefinition.timer("contract.expiring", this::nearlyOver));
        engine.definitions().add(ProcessDefinition.timer("contract.end", this::over));
    }

    /// From now on what is sold without a host is delivered so. To be called before anything is sold.
    public void deliver(Delivery how) {
        handover.deliver(how);
    }

    /// How what is sold without a host is delivered.
    public Delivery delivery() {
        return handover.delivery();
    }

    /// Buys what is held. Told twice, the same contract is answered.
    ///
    /// @param ask what the buyer says along with it
    public Bought purchase(Tx tx, Buyer buyer, String transaction, Contract.Ask ask) {
        var found = sales.transaction(tx, buyer, transaction);
        if (found.isEmpty()) {
            return unknown(transaction);
        }
        var locked = roots.lock(tx, found.get().as(Sale.class).root()).orElseThrow();
        var sale = resources.lock(tx, found.get().id()).orElseThrow();
        var now = platform.now();
        return switch (Words.transaction(sale)) {
            case HELD -> new Bought.New(buy(tx, locked, sale, ask, now));
            case PURCHASED ->
                new Bought.Same(resources
                        .find(tx, sale.as(Sale.class).contract().orElseThrow())
                        .orElseThrow());
            case EXPIRED ->
                new Bought.Expired(Refusal.clash("transaction " + transaction + " was held until "
                        + sale.as(Sale.class).transaction().expires() + ": reserve again"));
            case CANCELLED ->
                new Bought.GivenUp(Refusal.clash("transaction " + transaction + " was cancelled: reserve again"));
            case ASKED, REFUSED -> unknown(transaction);
        };
    }

    private static Bought unknown(String transaction) {
        return new Bought.Unknown(Refusal.notThere("there is no transaction " + transaction + ": reserve first"));
    }

    private Resource buy(Tx tx, Locked locked, Resource sale, Contract.Ask ask, Instant now) {
        var record = sale.as(Sale.class);
        var held = record.transaction();
        var claim = locked.root().claim(sale.id()).orElseThrow();
        var after = RootCourse.bought(locked.root(), sale.id());
        roots.change(tx, locked, after, now).orThrow(); // it was booked when it was held
        var title = contractName(tx, held.flavor());
        var id = contractId(title);
        var flavor = roots.rows().listing(tx, held.flavor()).orElseThrow().flavor(); // however old the name is
        var contract = signed(
                record.key(),
                new Contract(
                        title,
                        held.id(),
                        flavor,
                        held.configuration(),
                        held.buyer(),
                        held.cluster(),
                        flavor.owner(),
                        Optional.empty(),
                        Optional.of(claim.term().until()),
                        Handover.extra(flavor, claim.price(), locked.offer(), id),
                        Optional.empty(),
                        ask.telemetry()));
        boolean lent = locked.offer().backing().isPresent();
        var agreement = new Agreement(
                locked.resource().id(),
                sale.id(),
                record.key(),
                contract,
                claim.term(),
                lent,
                record.trace(),
                delivery().kept(id, ask));
        var resource = resources.fresh(
                id,
                Agreement.TYPE,
                name,
                Optional.of(locked.resource().id()),
                title,
                Words.of(signing.both() ? ContractCourse.PENDING_SIGNATURE : ContractCourse.ACTIVE),
                "-",
                agreement);
        resources.insert(tx, resource, record.key(), "bought");
        if (lent) {
            peerings.begin(tx, resource, claim.amounts());
        }
        announcing.contract(tx, resource);
        step(tx, resource, StepNumber.CONTRACT_MADE, "contract " + title);
        processes.cancelTimers(tx, sale.id());
        resources.update(
                tx,
                sale.state(),
                sale.withData(record.boughtBy(id))
                        .withState(Words.of(TransactionCourse.PURCHASED), Optional.empty())
                        .removedAt(now),
                record.key(),
                "bought");
        if (signing.both()) {
            var latest = now.plus(TO_SIGN);
            ends(
                    tx,
                    id,
                    latest.isBefore(claim.term().until())
                            ? latest
                            : claim.term().until());
        } else {
            timers(tx, id, claim.term());
            handover.hand(tx, locked, id, agreement);
        }
        return resource;
    }

    /// The buyer has signed: a contract that waited for it counts from now on, and what was bought is lent.
    ///
    /// @param fingerprint of the buyer's key
    /// @return refused as malformed if the signature is not that of the buyer, with [Refusal.Kind#CLASH] if another
    ///     one is there already or the contract is over
    public Answer<Resource> sign(Tx tx, UUID contract, String signature, String fingerprint, String who) {
        var found = resources.find(tx, contract).filter(this::isOurs).orElseThrow();
        var locked = roots.lock(tx, found.as(Agreement.class).root()).orElseThrow();
        var resource = resources.lock(tx, contract).orElseThrow();
        var agreement = resource.as(Agreement.class);
        var before = Optional.ofNullable(agreement.contract().extra().get(Signatures.BUYER));
        if (before.equals(Optional.of(signature))) {
            return Answer.yes(resource);
        }
        var next = Words.contract(resource).after(ContractCourse.News.SIGNED);
        if (before.isPresent() || next.isEmpty() || signing.notary().isEmpty()) {
            return Answer.no(Refusal.clash("contract " + resource.name() + " is " + resource.state()
                    + (before.isPresent() ? " and signed already" : " and is not to be signed")));
        }
        var told = delivery().plain(agreement.key(), agreement.contract());
        var fault =
                Signatures.fault(told, signature, fingerprint, signing.notary().get());
        if (fault.isPresent()) {
            return Answer.no(Refusal.malformed("jws", "jws does not sign this contract: " + fault.get()));
        }
        if (Words.contract(resource) == ContractCourse.PENDING_SIGNATURE) {
            processes.cancelTimers(tx, contract);
            timers(tx, contract, agreement.term());
            handover.hand(tx, locked, contract, agreement);
        }
        var signed = agreement.with(Signatures.signedByBoth(agreement.contract(), signature));
        return Answer.yes(change(
                tx,
                resource,
                resource.withData(signed).withState(Words.of(next.get()), Optional.empty()),
                who,
                "signed by its buyer"));
    }

    /// The contract with our signature under what its buyer is told.
    private Contract signed(String key, Contract contract) {
        return signing.signed(delivery().plain(key, contract)).configured(contract.configuration());
    }

    /// The first name that no contract on that flavor has.
    private String contractName(Tx tx, String flavor) {
        int count = 0;
        while (resources.find(tx, contractId(FlavorIds.contract(flavor, count))).isPresent()) {
            count++;
        }
        return FlavorIds.contract(flavor, count);
    }

    private UUID contractId(String title) {
        return Copies.id(name + ".contract", title);
    }

    private void timers(Tx tx, UUID contract, Interval term) {
        processes
                .schedule(tx, Request.at(ContractCourse.expiring(term), "contract.expiring", contract, name))
                .orThrow();
        ends(tx, contract, term.until());
    }

    private void ends(Tx tx, UUID contract, Instant end) {
        processes.schedule(tx, Request.at(end, "contract.end", contract, name)).orThrow();
    }

    /// What this domain has bought itself is somebody else's record.
    private boolean isOurs(Resource resource) {
        return resource.type().equals(Agreement.TYPE) && resource.actor().equals(name);
    }

    /// A contract by its name, whoever its buyer is.
    public Optional<Resource> find(Tx tx, String title) {
        return resources.find(tx, contractId(title)).filter(this::isOurs);
    }

    /// Has what lets the buyer into a cluster of ours made anew: it is told it when it purchases once more.
    ///
    /// @return [Refusal.Kind#CLASH] if the contract is over, or what opens it is good as long as it lasts
    public Answer<Resource> readmit(Tx tx, UUID contract) {
        var found = resources.find(tx, contract).filter(this::isOurs);
        if (found.isEmpty()) {
            return Answer.no(Refusal.notThere("there is no contract " + contract));
        }
        var cluster = Optional.ofNullable(
                found.get().as(Agreement.class).contract().extra().get(Contract.CLUSTER));
        if (cluster.isEmpty() || !Words.contract(found.get()).isLive()) {
            return Answer.no(Refusal.clash(
                    "contract " + found.get().name() + " is " + found.get().state() + ", and "
                            + (cluster.isEmpty() ? "what opens it lasts as long as it" : "opens nothing")));
        }
        handover.readmit(tx, cluster.get(), contract);
        return Answer.yes(found.get());
    }

    /// Lets a contract last longer, if what it is about is free for so long. Told twice is once.
    ///
    /// @return [Refusal.Kind#NO_ROOM] if it is not; [Refusal.Kind#CLASH] if the contract is over
    public Answer<Resource> renew(Tx tx, UUID contract, Instant until, String who) {
        var found = resources.find(tx, contract).filter(this::isOurs);
        if (found.isEmpty()) {
            return Answer.no(Refusal.notThere("there is no contract " + contract));
        }
        var locked = roots.lock(tx, found.get().as(Agreement.class).root()).orElseThrow();
        var resource = resources.lock(tx, contract).orElseThrow();
        var now = platform.now();
        var agreement = resource.as(Agreement.class);
        var next = Words.contract(resource).after(ContractCourse.News.RENEWED);
        if (next.isEmpty()) {
            return Answer.no(Refusal.clash("contract " + resource.name() + " is " + resource.state()));
        }
        if (until.equals(agreement.term().until())) {
            return Answer.yes(resource);
        }
        if (until.isBefore(agreement.term().until())) {
            return Answer.no(Refusal.malformed(
                    "until", "the contract lasts until " + agreement.term().until() + " already: name a later time"));
        }
        if (until.isAfter(now.plus(LONGEST))) {
            return Answer.no(Refusal.malformed(
                    "until",
                    "until is " + until + "; a contract ends within " + LONGEST.toDays() + " days: name a time before "
                            + now.plus(LONGEST)));
        }
        var longer = RootCourse.whole(new Interval(agreement.term().from(), until));
        return RootCourse.longer(locked.root(), agreement.transaction(), longer)
                .flatMap(root -> roots.change(tx, locked, root, now))
                .map(_ -> {
                    processes.cancelTimers(tx, contract);
                    timers(tx, contract, longer);
                    handover.lend(tx, locked, contract, agreement, longer);
                    return change(
                            tx,
                            resource,
                            resource.withData(longer(agreement, longer))
                                    .withState(Words.of(next.get()), Optional.empty()),
                            who,
                            "renewed");
                });
    }

    /// Writes what a contract is now, and tells its buyer if that is another state or end.
    private Resource change(Tx tx, Resource before, Resource next, String who, String why) {
        var after = resources.update(tx, before.state(), next, who, why);
        if (!after.state().equals(before.state())
                || !after.as(Agreement.class)
                        .term()
                        .equals(before.as(Agreement.class).term())) {
            announcing.contract(tx, after);
        }
        return after;
    }

    private Agreement longer(Agreement agreement, Interval term) {
        var longer = agreement.until(term);
        return longer.with(signed(agreement.key(), longer.contract()));
    }

    /// Ends a contract before its time. Told twice is once.
    ///
    /// @param who one of its two sides
    public Answer<Resource> release(Tx tx, UUID contract, String who, String why) {
        var found = resources.find(tx, contract).filter(this::isOurs);
        if (found.isEmpty()) {
            return Answer.no(Refusal.notThere("there is no contract " + contract));
        }
        finish(tx, found.get(), ContractCourse.News.ENDED, who, why);
        return Answer.yes(resources.find(tx, contract).orElseThrow());
    }

    /// A contract is over. What was lent for it is free when its authority says that nothing is left of it;
    /// anything else at once.
    private void finish(Tx tx, Resource found, ContractCourse.News news, String who, String why) {
        var locked = roots.lock(tx, found.as(Agreement.class).root()).orElseThrow();
        var resource = resources.lock(tx, found.id()).orElseThrow();
        Words.contract(resource).after(news).ifPresent(next -> {
            var agreement = resource.as(Agreement.class);
            processes.cancelTimers(tx, resource.id());
            var over = resource.withState(Words.of(next), Optional.of(why));
            boolean lent = agreement.lent() && Words.contract(resource) != ContractCourse.PENDING_SIGNATURE;
            change(tx, resource, lent ? over : over.removedAt(platform.now()), who, why);
            peerings.heard(tx, resource.id(), PeeringCourse.News.ENDED, who, why);
            if (lent) {
                handover.unlend(tx, locked, resource.id());
            } else {
                peerings.heard(tx, resource.id(), PeeringCourse.News.SETTLED, who, "it was never lent");
                delivery().end(tx, resource.id(), agreement);
                roots.free(tx, locked, List.of(agreement.transaction()), platform.now());
            }
        });
    }

    /// An authority tells how it stands with what was lent for a contract.
    ///
    /// @param sender the authority; what anybody else says of it does not count
    public void heard(Tx tx, String sender, Message.Lending lending) {
        var found = resources.find(tx, lending.contract()).filter(this::isOurs);
        if (found.isEmpty()) {
            return;
        }
        var locked = roots.lock(tx, found.get().as(Agreement.class).root()).orElseThrow();
        var resource = resources.lock(tx, lending.contract()).orElseThrow();
        boolean fromElsewhere =
                handover.by(locked.offer()).filter(sender::equals).isEmpty();
        if (fromElsewhere || resource.removed().isPresent()) {
            return;
        }
        var why = lending.refusal().map(Refusal::message);
        peerings.heard(tx, lending.contract(), lending.phase(), sender, why);
        switch (lending.phase()) {
            case LENT -> {}
            case CLAIMED -> peered(tx, resource);
            case STUCK ->
                resources.update(
                        tx, resource.state(), resource.withState(resource.state(), why), sender, why.orElse("stuck"));
            case ENDED -> {
                // the buyer may have given it back before the contract was over
                var state = Words.contract(resource)
                        .after(ContractCourse.News.ENDED)
                        .map(Words::of)
                        .orElse(resource.state());
                processes.cancelTimers(tx, resource.id());
                change(
                        tx,
                        resource,
                        resource.withState(state, why.or(resource::message)).removedAt(platform.now()),
                        sender,
                        why.orElse("nothing is left of it"));
                roots.free(tx, locked, List.of(resource.as(Agreement.class).transaction()), platform.now());
            }
        }
    }

    /// The buyer has asked for what it bought, was let in, and has been told what it may use.
    private void peered(Tx tx, Resource contract) {
        step(tx, contract, StepNumber.PEERING_ASKED, "its buyer claims what it bought");
        step(tx, contract, StepNumber.PEERING_ADMITTED, "the contract is live and names that buyer");
        step(tx, contract, StepNumber.UP_AT_PROVIDER, "it is lent");
        step(tx, contract, StepNumber.LENT_ACTIVE, "in use by its buyer");
        step(tx, contract, StepNumber.PEERING_OFFERED, "its buyer is told how much, and until when");
    }

    private void step(Tx tx, Resource contract, StepNumber step, String detail) {
        contract.as(Agreement.class)
                .trace()
                .ifPresent(trace -> journal.step(tx, contract, trace, Role.P, step, detail));
    }

    private Outcome nearlyOver(Step.Context context) {
        return Outcome.done(tx -> {
            var resource = resources.lock(tx, context.resource().id()).orElseThrow();
            Words.contract(resource)
                    .after(ContractCourse.News.NEARLY_OVER)
                    .ifPresent(next -> change(
                            tx, resource, resource.withState(Words.of(next), Optional.empty()), "timer", "ends soon"));
        });
    }

    private Outcome over(Step.Context context) {
        return Outcome.done(
                tx -> finish(tx, context.resource(), ContractCourse.News.OVER, "timer", "its term is over"));
    }
}
