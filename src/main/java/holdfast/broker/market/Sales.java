package holdfast.broker.market;

import holdfast.broker.market.RootCourse.Ask;
import holdfast.broker.market.RootRows.Locked;
import holdfast.core.Answer;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Beginnings;
import holdfast.engine.Beginnings.Beginning;
import holdfast.engine.Beginnings.Passage;
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
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.FlavorIds;
import holdfast.protocol.rear.StepNumber;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Transaction;
import holdfast.protocol.rear.TransactionCourse;
import holdfast.protocol.rear.Workflow.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Holds on pieces of roots: reserved, held for longer, given up, lapsed (fluidos.md 3.5, 5.5).
public final class Sales {
    /// How long a contract lasts for which no term was asked (fluidos.md 6.11).
    private static final Duration LIFE = Duration.ofHours(24);

    private static final Pattern NAME =
            Pattern.compile("([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})-\\d{1,30}");

    private final String name;
    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final Beginnings beginnings;
    private final Journal journal;
    private final Roots roots;
    private final Supplier<HoldPolicy> policy;

    Sales(String name, Platform platform, Engine engine, Roots roots, Supplier<HoldPolicy> policy) {
        this.name = name;
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.beginnings = engine.beginnings();
        this.journal = engine.journal();
        this.roots = roots;
        this.policy = policy;
        engine.definitions().add(ProcessDefinition.timer("transaction.expire", this::expire));
    }

    /// What somebody wants.
    ///
    /// @param flavor the name under which it was listed
    /// @param configuration empty: all of that listing
    /// @param term empty: from now on, for a day
    /// @param trace of what it is for
    /// @param role of this node in that
    public record Wish(
            String flavor,
            Optional<Configuration> configuration,
            Optional<Interval> term,
            Optional<Trace> trace,
            Role role) {
        /// For nobody knows what.
        public Wish(String flavor, Optional<Configuration> configuration, Optional<Interval> term) {
            this(flavor, configuration, term, Optional.empty(), Role.P);
        }
    }

    /// What somebody wants who buys.
    public record Order(Buyer buyer, Wish wish) {}

    /// Holds a piece for the buyer. Asked again for the same, it is held for longer.
    public Verdict reserve(Tx tx, Buyer buyer, Wish wish) {
        return reserve(tx, List.of(new Order(buyer, wish))).getFirst();
    }

    /// The same for several who come together: their roots are read, booked and written once for all of them.
    ///
    /// @return in their order. Who holds a piece already, or asks for one thing twice, is served after the others
    public List<Verdict> reserve(Tx tx, List<Order> orders) {
        return new Holding(tx, this, orders).verdicts();
    }

    Roots roots() {
        return roots;
    }

    HoldPolicy policy() {
        return policy.get();
    }

    Instant now() {
        return platform.now();
    }

    /// What is asked for, of a new claim.
    Ask ask(Order order, HoldPolicy.Dealings dealings, HoldPolicy rules, Instant now) {
        var wish = order.wish();
        return new Ask(
                platform.newId(),
                wish.flavor(),
                order.buyer().key(),
                wish.configuration(),
                wish.term(),
                LIFE,
                rules.until(dealings, now));
    }

    /// A claim that is booked.
    record Made(Order order, Locked locked, Claim claim) {}

    /// Writes down what is held for the first time.
    void write(Tx tx, List<Made> all, Instant now) {
        var beginnings = all.stream().map(made -> beginning(made, now)).toList();
        var sales = this.beginnings.store(tx, beginnings);
        var steps = new ArrayList<Journal.Taken>();
        for (int i = 0; i < sales.size(); i++) {
            steps.addAll(steps(all.get(i), sales.get(i)));
        }
        journal.steps(tx, steps);
    }

    private Beginning beginning(Made made, Instant now) {
        var claim = made.claim();
        var id = claim.transaction();
        var sale = sale(made, FlavorIds.transaction(id, now));
        var fresh = resources.fresh(
                id,
                Sale.TYPE,
                name,
                Optional.of(made.locked().id()),
                sale.transaction().id(),
                Words.of(TransactionCourse.HELD),
                "-",
                sale);
        return new Beginning(
                fresh,
                List.of(new Passage(fresh.state(), made.order().buyer().key(), "reserved")),
                List.of(),
                List.of(lapse(claim)));
    }

    private Request lapse(Claim claim) {
        return Request.at(claim.lapses().orElseThrow(), "transaction.expire", claim.transaction(), name);
    }

    private static Sale sale(Made made, String transaction) {
        var buyer = made.order().buyer();
        var claim = made.claim();
        return new Sale(
                made.locked().id(),
                new Transaction(
                        transaction,
                        claim.listing(),
                        buyer.identity(),
                        buyer.cluster(),
                        claim.configuration(),
                        claim.heldUntil().orElseThrow()),
                buyer.key(),
                Optional.empty(),
                made.order().wish().trace());
    }

    /// Writes down what was held before, and is for longer.
    void renew(Tx tx, Made made) {
        var id = made.claim().transaction();
        var before = resources.lock(tx, id).orElseThrow();
        var sale = sale(made, before.as(Sale.class).transaction().id());
        processes.cancelTimers(tx, id);
        var kept = resources.update(
                tx, before.state(), before.withData(sale), made.order().buyer().key(), "held for longer");
        journal.steps(tx, steps(made, kept));
        processes.schedule(tx, lapse(made.claim())).orThrow();
    }

    private static List<Journal.Taken> steps(Made made, Resource held) {
        var role = made.order().wish().role();
        var claim = made.claim();
        var root = made.locked().resource();
        var until = "until " + claim.heldUntil().orElseThrow();
        return made.order().wish().trace().stream()
                .flatMap(trace -> Stream.of(
                        new Journal.Taken(
                                held, trace, role, StepNumber.CLAIMED, claim.amounts() + " of " + claim.listing()),
                        new Journal.Taken(root, trace, role, StepNumber.REST_LISTED, "it is " + root.state()),
                        new Journal.Taken(held, trace, role, StepNumber.RESERVED, until),
                        new Journal.Taken(held, trace, role, StepNumber.RESERVE_ANSWERED, until)))
                .toList();
    }

    /// A transaction of this buyer, as it was answered last.
    public Optional<Resource> transaction(Tx tx, Buyer buyer, String transaction) {
        return find(tx, transaction)
                .filter(resource -> resource.as(Sale.class).key().equals(buyer.key()));
    }

    /// A transaction, whoever reserved it.
    public Optional<Resource> find(Tx tx, String transaction) {
        var parts = NAME.matcher(transaction);
        return parts.matches()
                ? resources
                        .find(tx, UUID.fromString(parts.replaceFirst("$1-$2-$3-$4-$5")))
                        .filter(resource -> resource.type().equals(Sale.TYPE))
                        .filter(resource -> resource.actor().equals(name))
                        .filter(resource -> resource.name().equals(transaction))
                : Optional.empty();
    }

    /// Gives up a hold.
    ///
    /// @return the transaction as it is then, told twice as well; [Refusal.Kind#NOT_THERE] if this buyer has none
    ///     of that
    ///     name, [Refusal.Kind#CLASH] if it is bought
    public Answer<Resource> cancel(Tx tx, Buyer buyer, String transaction) {
        var found = transaction(tx, buyer, transaction);
        if (found.isEmpty()) {
            return Answer.no(Refusal.notThere("there is no transaction " + transaction));
        }
        var locked = roots.lock(tx, found.get().as(Sale.class).root()).orElseThrow();
        var sale = resources.lock(tx, found.get().id()).orElseThrow();
        var now = platform.now();
        return switch (Words.transaction(sale)) {
            case PURCHASED ->
                Answer.no(Refusal.clash("transaction " + transaction + " is bought: release its contract"));
            case HELD -> {
                roots.end(tx, locked, List.of(sale), TransactionCourse.News.GIVEN_UP, buyer.key(), now);
                yield Answer.yes(resources.find(tx, sale.id()).orElseThrow());
            }
            case ASKED, EXPIRED, CANCELLED, REFUSED -> Answer.yes(sale);
        };
    }

    private Outcome expire(Step.Context context) {
        return Outcome.done(tx -> {
            var root = context.resource().as(Sale.class).root();
            roots.lock(tx, root);
        });
    }
}
