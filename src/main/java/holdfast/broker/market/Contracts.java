package holdfast.broker.market;

import holdfast.broker.market.RootRows.Locked;
import holdfast.core.Answer;
import holdfast.core.Copies;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.Post;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Loan;
import holdfast.protocol.Message;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.ContractCourse;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorIds;
import holdfast.protocol.rear.Prices.Quote;
import holdfast.protocol.rear.TransactionCourse;
import holdfast.protocol.rear.Vector;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Contracts on pieces of roots, from purchase to end (fluidos.md 3.6, 5.6). What is backed by a host of ours is lent
/// to the buyer for its term.
public final class Contracts {
    /// How far ahead a contract may end: nobody keeps capacity for ever (fluidos.md 6.11).
    private static final Duration LONGEST = Duration.ofDays(365);

    private final String name;
    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final Post post;
    private final Roots roots;
    private final Sales sales;

    Contracts(String name, Platform platform, Engine engine, Roots roots, Sales sales) {
        this.name = name;
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.post = engine.post();
        this.roots = roots;
        this.sales = sales;
        engine.definitions().add(ProcessDefinition.timer("contract.expiring", this::nearlyOver));
        engine.definitions().add(ProcessDefinition.timer("contract.end", this::over));
    }

    /// Buys what is held. Told twice, the same contract is answered.
    ///
    /// @param ask what the buyer says along with it
    public Bought purchase(Tx tx, Buyer buyer, String transaction, Contract.Ask ask) {
        var found = sales.transaction(tx, buyer, transaction);
        if (found.isEmpty()) {
            return unknown(transaction);
        }
        var now = platform.now();
        var locked = roots.lock(tx, found.get().as(Sale.class).root(), now).orElseThrow();
        var sale = resources.lock(tx, found.get().id()).orElseThrow();
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
        roots.change(tx, locked, after, held.buyer().domain(), now).orThrow(); // it was booked when it was held
        var title = contractName(tx, held.flavor());
        var id = contractId(title);
        var flavor = roots.rows().listing(tx, held.flavor()).orElseThrow().flavor(); // however old the name is
        var contract = new Contract(
                title,
                held.id(),
                flavor,
                held.configuration(),
                held.buyer(),
                held.cluster(),
                flavor.owner(),
                Optional.empty(),
                Optional.of(claim.term().until()),
                extra(flavor, claim.price()),
                Optional.empty(),
                ask.telemetry());
        boolean lent = locked.offer().backing().isPresent();
        var agreement = new Agreement(locked.resource().id(), sale.id(), record.key(), contract, claim.term(), lent);
        var resource = resources.fresh(
                id,
                Agreement.TYPE,
                name,
                Optional.of(locked.resource().id()),
                title,
                Words.of(ContractCourse.ACTIVE),
                "-",
                agreement);
        resources.insert(tx, resource, record.key(), "bought");
        processes.cancelTimers(tx, sale.id());
        resources.update(
                tx,
                sale.state(),
                sale.withData(record.boughtBy(id))
                        .withState(Words.of(TransactionCourse.PURCHASED), Optional.empty())
                        .removedAt(now),
                record.key(),
                "bought");
        timers(tx, id, claim.term());
        lend(tx, locked.offer(), id, claim.amounts(), claim.term());
        return resource;
    }

    /// Lets the buyer promise what was bought, if it is a part of a host of ours; for longer, if that was done
    /// before.
    private void lend(Tx tx, Offer offer, UUID contract, Vector amounts, Interval term) {
        offer.backing().ifPresent(host -> {
            var loan = new Loan(host.delegation(), host.id(), Backing.floor(amounts), term, borrower(contract));
            post.send(tx, name, host.authority(), new Message.Lend(contract, loan));
        });
    }

    /// Whose messages come under a contract: the broker of its buyer.
    private static String borrower(UUID contract) {
        return "broker@" + contract;
    }

    private static Map<String, String> extra(Flavor flavor, Optional<Quote> quote) {
        return flavor.price()
                .flatMap(price -> quote.map(paid -> paid.extra(price)))
                .orElse(Map.of());
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
        processes
                .schedule(tx, Request.at(term.until(), "contract.end", contract, name))
                .orThrow();
    }

    /// A contract by its name, whoever its buyer is.
    public Optional<Resource> find(Tx tx, String title) {
        return resources
                .find(tx, contractId(title))
                .filter(resource -> resource.type().equals(Agreement.TYPE));
    }

    /// Lets a contract last longer, if what it is about is free for so long.
    ///
    /// @return [Refusal.Kind#NO_ROOM] if it is not; [Refusal.Kind#CLASH] if the contract is over
    public Answer<Resource> renew(Tx tx, UUID contract, Instant until, String who) {
        var found =
                resources.find(tx, contract).filter(resource -> resource.type().equals(Agreement.TYPE));
        if (found.isEmpty()) {
            return Answer.no(Refusal.notThere("there is no contract " + contract));
        }
        var now = platform.now();
        var locked = roots.lock(tx, found.get().as(Agreement.class).root(), now).orElseThrow();
        var resource = resources.lock(tx, contract).orElseThrow();
        var agreement = resource.as(Agreement.class);
        var next = Words.contract(resource).after(ContractCourse.News.RENEWED);
        if (next.isEmpty()) {
            return Answer.no(Refusal.clash("contract " + resource.name() + " is " + resource.state()));
        }
        if (!until.isAfter(agreement.term().until())) {
            return Answer.no(Refusal.malformed(
                    "until", "the contract lasts until " + agreement.term().until() + " already: name a later time"));
        }
        if (until.isAfter(now.plus(LONGEST))) {
            return Answer.no(Refusal.malformed(
                    "until",
                    "until is " + until + "; a contract ends within " + LONGEST.toDays() + " days: name a time before "
                            + now.plus(LONGEST)));
        }
        var longer = new Interval(agreement.term().from(), until);
        return RootCourse.longer(locked.root(), agreement.transaction(), longer)
                .flatMap(root -> roots.change(tx, locked, root, "", now))
                .map(_ -> {
                    processes.cancelTimers(tx, contract);
                    timers(tx, contract, longer);
                    var claim = locked.root().claim(agreement.transaction()).orElseThrow();
                    lend(tx, locked.offer(), contract, claim.amounts(), longer);
                    return resources.update(
                            tx,
                            resource.state(),
                            resource.withData(agreement.until(longer))
                                    .withState(Words.of(next.get()), Optional.empty()),
                            who,
                            "renewed");
                });
    }

    /// Ends a contract before its time. Told twice is once.
    ///
    /// @param who one of its two sides
    public Answer<Resource> release(Tx tx, UUID contract, String who, String why) {
        var found =
                resources.find(tx, contract).filter(resource -> resource.type().equals(Agreement.TYPE));
        if (found.isEmpty()) {
            return Answer.no(Refusal.notThere("there is no contract " + contract));
        }
        finish(tx, found.get(), ContractCourse.News.ENDED, who, why);
        return Answer.yes(resources.find(tx, contract).orElseThrow());
    }

    /// A contract is over. What was lent for it is free when its authority says that nothing is left of it;
    /// anything else at once.
    private void finish(Tx tx, Resource found, ContractCourse.News news, String who, String why) {
        var locked =
                roots.lock(tx, found.as(Agreement.class).root(), platform.now()).orElseThrow();
        var resource = resources.lock(tx, found.id()).orElseThrow();
        Words.contract(resource).after(news).ifPresent(next -> {
            var agreement = resource.as(Agreement.class);
            processes.cancelTimers(tx, resource.id());
            var over = resource.withState(Words.of(next), Optional.of(why));
            resources.update(tx, resource.state(), agreement.lent() ? over : over.removedAt(platform.now()), who, why);
            if (agreement.lent()) {
                locked.offer()
                        .backing()
                        .ifPresent(host -> post.send(tx, name, host.authority(), new Message.Unlend(resource.id())));
            } else {
                roots.free(tx, locked, List.of(agreement.transaction()), platform.now());
            }
        });
    }

    /// An authority tells how it stands with what was lent for a contract.
    ///
    /// @param sender the authority; what anybody else says of it does not count
    public void heard(Tx tx, String sender, Message.Lending lending) {
        var found = resources
                .find(tx, lending.contract())
                .filter(resource -> resource.type().equals(Agreement.TYPE));
        if (found.isEmpty()) {
            return;
        }
        var locked = roots.lock(tx, found.get().as(Agreement.class).root(), platform.now())
                .orElseThrow();
        var resource = resources.lock(tx, lending.contract()).orElseThrow();
        boolean fromElsewhere = locked.offer()
                .backing()
                .filter(host -> host.authority().equals(sender))
                .isEmpty();
        if (fromElsewhere || resource.removed().isPresent()) {
            return;
        }
        var why = lending.refusal().map(Refusal::message);
        switch (lending.phase()) {
            case LENT, CLAIMED -> {}
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
                resources.update(
                        tx,
                        resource.state(),
                        resource.withState(state, why.or(resource::message)).removedAt(platform.now()),
                        sender,
                        why.orElse("nothing is left of it"));
                roots.free(tx, locked, List.of(resource.as(Agreement.class).transaction()), platform.now());
            }
        }
    }

    private Outcome nearlyOver(Step.Context context) {
        return Outcome.done(tx -> {
            var resource = resources.lock(tx, context.resource().id()).orElseThrow();
            Words.contract(resource)
                    .after(ContractCourse.News.NEARLY_OVER)
                    .ifPresent(next -> resources.update(
                            tx,
                            resource.state(),
                            resource.withState(Words.of(next), Optional.empty()),
                            "timer",
                            "ends soon"));
        });
    }

    private Outcome over(Step.Context context) {
        return Outcome.done(
                tx -> finish(tx, context.resource(), ContractCourse.News.OVER, "timer", "its term is over"));
    }
}
