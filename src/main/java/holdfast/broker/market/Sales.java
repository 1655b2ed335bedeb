package holdfast.broker.market;

import holdfast.broker.market.RootCourse.Ask;
import holdfast.broker.market.RootRows.Locked;
import holdfast.calendar.Booking;
import holdfast.core.Answer;
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
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.FlavorIds;
import holdfast.protocol.rear.StepNumber;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Transaction;
import holdfast.protocol.rear.TransactionCourse;
import holdfast.protocol.rear.Workflow.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;

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
    private final Journal journal;
    private final Roots roots;
    private final Supplier<HoldPolicy> policy;

    Sales(String name, Platform platform, Engine engine, Roots roots, Supplier<HoldPolicy> policy) {
        this.name = name;
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
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

    /// Holds a piece for the buyer. Asked again for the same, it is held for longer.
    public Verdict reserve(Tx tx, Buyer buyer, Wish wish) {
        var now = platform.now();
        var found = roots.rows()
                .rootOf(tx, wish.flavor())
                .flatMap(id -> roots.lock(tx, id, now))
                .map(locked -> roots.rows().naming(tx, locked, wish.flavor()));
        if (found.isEmpty()) {
            return new Verdict.Gone(Refusal.notThere("there is no flavor " + wish.flavor() + ": list them again"));
        }
        var locked = found.get();
        var root = locked.root();
        var known = root.claims().stream()
                .filter(claim -> claim.isHeld() && claim.buyer().equals(buyer.key()))
                .filter(claim -> claim.listing().equals(wish.flavor()))
                .map(Claim::transaction)
                .findFirst();
        var rules = policy.get();
        var dealings = Buyers.dealings(tx, buyer, root, known, rules);
        var ask = new Ask(
                platform.newId(),
                wish.flavor(),
                buyer.key(),
                wish.configuration(),
                wish.term(),
                LIFE,
                rules.until(dealings, now));
        var outcome = RootCourse.reserve(root, ask, now);
        return switch (outcome.verdict()) {
            case Verdict.Held held ->
                rules.fault(
                                dealings,
                                held.claim().amounts(),
                                root.whole().kind().vector())
                        .<Verdict>map(Verdict.TooMuch::new)
                        .orElseGet(() -> hold(tx, locked, outcome, held.claim(), buyer, wish, now));
            case Verdict.Renewed renewed ->
                rules.fault(
                                dealings,
                                renewed.claim().amounts(),
                                root.whole().kind().vector())
                        .<Verdict>map(Verdict.TooMuch::new)
                        .orElseGet(() -> hold(tx, locked, outcome, renewed.claim(), buyer, wish, now));
            case Verdict.NotAPiece _, Verdict.HeldByOthers _, Verdict.Gone _, Verdict.TooMuch _ -> outcome.verdict();
        };
    }

    private Verdict hold(
            Tx tx, Locked locked, RootCourse.Outcome outcome, Claim claim, Buyer buyer, Wish wish, Instant now) {
        if (roots.change(tx, locked, outcome.root(), buyer.identity().domain(), now)
                instanceof Answer.No<List<Booking>>) {
            roots.measure(tx, locked.resource().id(), now); // what was offered is no longer there
            return new Verdict.Gone(Refusal.noRoom(
                    "its owner has more use for what flavor " + claim.listing() + " offered: take another flavor",
                    Optional.empty()));
        }
        var id = claim.transaction();
        var before = resources.lock(tx, id);
        var sale = new Sale(
                locked.resource().id(),
                new Transaction(
                        before.map(resource ->
                                        resource.as(Sale.class).transaction().id())
                                .orElseGet(() -> FlavorIds.transaction(id, now)),
                        claim.listing(),
                        buyer.identity(),
                        buyer.cluster(),
                        claim.configuration(),
                        claim.heldUntil().orElseThrow()),
                buyer.key(),
                Optional.empty(),
                wish.trace());
        if (before.isPresent()) {
            processes.cancelTimers(tx, id);
            resources.update(tx, before.get().state(), before.get().withData(sale), buyer.key(), "held for longer");
        } else {
            var fresh = resources.fresh(
                    id,
                    Sale.TYPE,
                    name,
                    Optional.of(locked.resource().id()),
                    sale.transaction().id(),
                    Words.of(TransactionCourse.HELD),
                    "-",
                    sale);
            resources.insert(tx, fresh, buyer.key(), "reserved");
        }
        wish.trace().ifPresent(of -> steps(tx, of, wish.role(), locked, id, claim));
        processes
                .schedule(tx, Request.at(claim.lapses().orElseThrow(), "transaction.expire", id, name))
                .orThrow();
        return outcome.verdict();
    }

    private void steps(Tx tx, Trace trace, Role role, Locked locked, UUID id, Claim claim) {
        var held = resources.find(tx, id).orElseThrow();
        journal.step(tx, held, trace, role, StepNumber.CLAIMED, claim.amounts() + " of " + claim.listing());
        var root = resources.find(tx, locked.resource().id()).orElseThrow();
        journal.step(tx, root, trace, role, StepNumber.REST_LISTED, "it is " + root.state());
        var until = "until " + claim.heldUntil().orElseThrow();
        journal.step(tx, held, trace, role, StepNumber.RESERVED, until);
        journal.step(tx, held, trace, role, StepNumber.RESERVE_ANSWERED, until);
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
        var now = platform.now();
        var locked = roots.lock(tx, found.get().as(Sale.class).root(), now).orElseThrow();
        var sale = resources.lock(tx, found.get().id()).orElseThrow();
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
            roots.lock(tx, root, platform.now());
        });
    }
}
