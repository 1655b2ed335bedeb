package holdfast.federation.buying;

import holdfast.core.Copies;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.federation.buying.PurchaseCourse.News;
import holdfast.federation.contracts.Countersigning;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.discovery.Referrals;
import holdfast.federation.peers.Arrivals;
import holdfast.federation.peers.Known;
import holdfast.federation.peers.Peers;
import holdfast.federation.wire.RearClient;
import holdfast.federation.wire.Told;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.StepNumber;
import holdfast.protocol.rear.Transaction;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// Asks sellers to hold and to sell (fluidos.md 4.1 steps 13 to 19). A question is repeated under one request id until
/// there is an answer, but never blindly at a seller that would take it for another one (5.10 U8).
final class Bargaining {
    private static final String NAME = Peers.ACTOR;
    private static final int UNREACHABLE = 504;
    private static final Step.Retry ONCE_MORE =
            new Step.Retry(2, Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(1));
    private static final Step.Retry BACK_OFF =
            new Step.Retry(Integer.MAX_VALUE, Duration.ZERO, Duration.ofSeconds(1), Duration.ofMinutes(2));

    private final Platform platform;
    private final Database database;
    private final Resources resources;
    private final Peers peers;
    private final Candidates candidates;
    private final RearClient rear;
    private final Optional<Arrivals> arrivals;
    private final Optional<Countersigning> signing;
    private final Purchases purchases;
    private final Serving serving;
    private final OneAtATime turns;

    Bargaining(
            Platform platform,
            Database database,
            Engine engine,
            Peers peers,
            Candidates candidates,
            RearClient rear,
            Optional<Arrivals> arrivals,
            Optional<Countersigning> signing,
            Purchases purchases,
            Serving serving) {
        this.platform = platform;
        this.database = database;
        this.turns = new OneAtATime(platform, database);
        this.resources = engine.resources();
        this.peers = peers;
        this.candidates = candidates;
        this.rear = rear;
        this.arrivals = arrivals;
        this.signing = signing;
        this.purchases = purchases;
        this.serving = serving;
        var definitions = engine.definitions();
        definitions.add(Asking.process(
                Purchases.RESERVE,
                this::reserve,
                Duration.ofMinutes(1),
                ONCE_MORE,
                (tx, resource, refusal) -> refusal.ifPresent(why -> {
                    report(tx, resource.as(Purchase.class), UNREACHABLE);
                    purchases.heard(tx, resource.id(), News.REFUSED, why.message());
                })));
        definitions.add(Asking.process(
                Purchases.BUY,
                this::buy,
                Duration.ofMinutes(5),
                BACK_OFF,
                (tx, resource, refusal) -> refusal.ifPresent(
                        why -> purchases.heard(tx, resource.id(), unanswered(resource), why.message()))));
        definitions.add(Asking.process(
                Purchases.CANCEL,
                this::cancel,
                Duration.ofDays(1),
                BACK_OFF,
                (tx, resource, refusal) -> refusal.ifPresent(why -> forgo(tx, resource.id(), why.message()))));
    }

    private Outcome reserve(Step.Context context) throws IOException {
        var purchase = context.resource().as(Purchase.class);
        var peer = peer(purchase);
        if (peer.isEmpty()) {
            return told(context, News.REFUSED, "the seller is not known any more");
        }
        return alone(purchase, context.process(), () -> {
            var told = rear.reserve(
                    peer.get().endpoint(),
                    peer.get().dialect(),
                    purchase.flavor().id(),
                    serving.asked(context.resource().id(), purchase),
                    Optional.of(purchase.term())
                            .filter(_ -> peer.get().capabilities().takesTerms()),
                    context.process(),
                    purchase.trace());
            return switch (told) {
                case Told.Yes<Transaction>(var held) -> holds(context, held);
                case Told.No<Transaction>(var status, var why, var after)
                when status == 429 || status == 503 -> Asking.later(after, why.message());
                case Told.No<Transaction>(var status, var why, var _) ->
                    Outcome.done(tx -> {
                        if (status == 404) {
                            candidates.gone(
                                    tx, purchase.peer(), purchase.flavor().id());
                        }
                        report(tx, purchase, status);
                        purchases.heard(tx, context.resource().id(), News.REFUSED, "the seller said: " + why.message());
                    });
                case Told.Silent<Transaction>(var _, var why) -> throw new IOException(why);
            };
        });
    }

    /// The catalog in which it was found hears of it.
    private void report(Tx tx, Purchase purchase, int status) {
        Referrals.outcome(status)
                .ifPresent(outcome -> candidates
                        .referrals()
                        .tell(tx, purchase.peer(), purchase.flavor().id(), outcome, purchase.trace()));
    }

    private Outcome holds(Step.Context context, Transaction held) {
        return Outcome.done(tx -> {
            purchases.step(tx, context.resource(), context.resource().as(Purchase.class), StepNumber.RESERVE_ANSWERED);
            purchases.heard(
                    tx,
                    context.resource().id(),
                    News.HELD,
                    "held until " + held.expires(),
                    purchase -> purchase.holding(held),
                    Optional.empty());
        });
    }

    private Outcome told(Step.Context context, News news, String why) {
        return Outcome.done(tx -> purchases.heard(tx, context.resource().id(), news, why));
    }

    private Optional<Known> peer(Purchase purchase) {
        return database.inTransaction(tx -> peers.find(tx, purchase.peer()));
    }

    /// A question.
    private interface Question {
        Outcome ask() throws IOException;
    }

    /// A weak seller is asked to do one thing at a time (fluidos.md 5.10, U10).
    private Outcome alone(Purchase purchase, UUID process, Question question) throws IOException {
        if (!purchase.terms().weak()) {
            return question.ask();
        }
        if (!turns.begin(purchase.peer(), process)) {
            return Asking.later(Optional.empty(), "the seller is asked for something else");
        }
        try {
            return question.ask();
        } finally {
            turns.end(purchase.peer(), process);
        }
    }

    private Outcome buy(Step.Context context) throws IOException {
        var peer = peer(context.resource().as(Purchase.class));
        if (peer.isEmpty()) {
            return told(context, News.LOST, "the seller is not known any more");
        }
        return alone(context.resource().as(Purchase.class), context.process(), () -> {
            var before =
                    database.inTransaction(tx -> intend(tx, context.resource().id()));
            var purchase = before.as(Purchase.class);
            boolean given = Words.purchase(before) != PurchaseCourse.BUYING;
            if (given || purchase.asked() && purchase.terms().weak()) {
                return told(
                        context,
                        purchase.asked() || !purchase.terms().weak() ? News.DOUBT : News.LOST,
                        given ? "no longer wanted" : "asked before, and it is not known what came of it");
            }
            return bought(context, peer.get(), purchase, ask(peer.get(), purchase, context.process()));
        });
    }

    /// Notes that the seller will be asked.
    ///
    /// @return the purchase as it was before
    private Resource intend(Tx tx, UUID id) {
        var resource = resources.lock(tx, id).orElseThrow();
        var purchase = resource.as(Purchase.class);
        if (Words.purchase(resource) == PurchaseCourse.BUYING && !purchase.asked()) {
            purchases.step(tx, resource, purchase, StepNumber.PURCHASE_SENT);
            resources.update(tx, resource.state(), resource.withData(purchase.asking(true)), NAME, "asks to buy it");
        }
        return resource;
    }

    private Told<Contract> ask(Known peer, Purchase purchase, UUID request) {
        return rear.purchase(
                peer.endpoint(),
                peer.dialect(),
                purchase.held().orElseThrow().id(),
                Serving.ask(rear.self(), purchase),
                request,
                purchase.trace());
    }

    private Outcome bought(Step.Context context, Known peer, Purchase purchase, Told<Contract> told)
            throws IOException {
        boolean weak = purchase.terms().weak();
        return switch (told) {
            case Told.Yes<Contract>(var contract) -> signed(context, peer, purchase, contract);
            case Told.No<Contract>(var status, var why, var after)
            when status == 429 || status == 503 -> again(context, weak, Asking.later(after, why.message()));
            case Told.No<Contract>(var status, var why, var _)
            when status >= 500 && !weak -> throw new IOException(why.message());
            case Told.No<Contract>(var status, var why, var _) ->
                told(
                        context,
                        Set.of(404, 408, 409).contains(status) || status >= 500 ? News.LOST : News.REFUSED,
                        "the seller said: " + why.message());
            case Told.Silent<Contract>(var reached, var why)
            when weak && reached -> told(context, News.DOUBT, "asked to sell it, the seller did not answer: " + why);
            case Told.Silent<Contract>(var _, var why)
            when weak -> again(context, true, Asking.later(Optional.empty(), why));
            case Told.Silent<Contract>(var _, var why) -> throw new IOException(why);
        };
    }

    /// A weak seller that surely did nothing may be asked again.
    private Outcome again(Step.Context context, boolean weak, Outcome later) {
        return weak && later instanceof Outcome.Later(var pause, var why, var _)
                ? new Outcome.Later(pause, why, tx -> {
                    var resource = resources.lock(tx, context.resource().id()).orElseThrow();
                    var data = resource.as(Purchase.class).asking(false);
                    resources.update(tx, resource.state(), resource.withData(data), NAME, why);
                })
                : later;
    }

    /// Where the seller takes it, it gets our signature before it counts.
    private Outcome signed(Step.Context context, Known peer, Purchase purchase, Contract contract) throws IOException {
        var told = signing.<Told<Contract>>map(ours -> ours.sign(rear, peer, contract, purchase.trace()))
                .orElseGet(() -> new Told.Yes<>(contract));
        return switch (told) {
            case Told.Yes<Contract>(var both) -> sold(context, peer, purchase, both, Optional.empty());
            case Told.No<Contract>(var status, var why, var _)
            when status == 429 || status >= 500 -> throw new IOException(why.message());
            case Told.No<Contract>(var _, var why, var _) ->
                sold(
                        context,
                        peer,
                        purchase,
                        contract,
                        Optional.of("the seller refused our signature: " + why.message()));
            case Told.Silent<Contract>(var _, var why) -> throw new IOException(why);
        };
    }

    /// @param fault why it is of no use
    private Outcome sold(
            Step.Context context, Known peer, Purchase purchase, Contract contract, Optional<String> fault) {
        return Outcome.done(tx -> {
            var owner = purchase.flavor().owner().id();
            var seller = peer.capabilities().nodeId().orElse(owner);
            var hard = resources
                    .find(tx, purchase.solver())
                    .map(solver -> solver.as(Solver.class).wish().hard())
                    .orElse(List.of());
            var useless = fault.or(() -> new Agreed(purchase, contract, hard).fault(seller, platform.now()))
                    .or(() -> Serving.fault(contract))
                    .or(() -> arrivals.flatMap(known -> known.fault(tx, purchase.peer(), contract)));
            candidates.referrals().bought(tx, purchase.peer(), purchase.flavor().id(), owner, purchase.trace());
            purchases.heard(
                    tx,
                    context.resource().id(),
                    useless.isPresent() ? News.USELESS : News.BOUGHT,
                    useless.orElseGet(() -> "contract " + contract.id()),
                    UnaryOperator.identity(),
                    Optional.of(contract));
        });
    }

    /// What it means that a seller did not answer in all the time that there was.
    private static News unanswered(Resource resource) {
        return resource.as(Purchase.class).asked() ? News.DOUBT : News.REFUSED;
    }

    /// Gives back what is held; if it was sold without our knowledge, that contract.
    private Outcome cancel(Step.Context context) throws IOException {
        var resource = context.resource();
        var purchase = resource.as(Purchase.class);
        var peer = peer(purchase);
        if (peer.isEmpty() || purchase.held().isEmpty() || purchase.terms().weak()) {
            return told(context, News.CANCELLED, "what is held lapses by itself");
        }
        var transaction = purchase.held().get().id();
        var told = rear.cancel(peer.get().endpoint(), transaction, context.process(), purchase.trace());
        return switch (told) {
            case Told.Yes<Boolean> _ -> told(context, News.CANCELLED, "the seller knows that it is not wanted");
            case Told.No<Boolean>(var status, var _, var _)
            when status == 409 -> {
                var known = ask(peer.get(), purchase, Copies.id("known", context.process()));
                yield switch (known) {
                    case Told.Yes<Contract>(var contract) ->
                        Outcome.done(tx -> purchases.heard(
                                tx,
                                resource.id(),
                                News.BOUGHT,
                                "sold, and not wanted any more",
                                UnaryOperator.identity(),
                                Optional.of(contract)));
                    case Told.No<Contract>(var _, var why, var _) -> throw new IOException(why.message());
                    case Told.Silent<Contract>(var _, var why) -> throw new IOException(why);
                };
            }
            case Told.No<Boolean>(var _, var why, var _) -> throw new IOException(why.message());
            case Told.Silent<Boolean>(var _, var why) -> throw new IOException(why);
        };
    }

    /// The seller does not answer: what is held has lapsed long ago; what was to be sold may be.
    private void forgo(Tx tx, UUID id, String why) {
        var resource = resources.lock(tx, id).orElseThrow();
        if (resource.as(Purchase.class).asked()) {
            var doubt = Refusal.silent("it may have been sold: " + why).message();
            resources.update(
                    tx,
                    resource.state(),
                    resource.withState(Words.of(PurchaseCourse.IN_DOUBT), Optional.of(doubt)),
                    NAME,
                    doubt);
        } else {
            purchases.heard(tx, id, News.CANCELLED, why);
        }
    }
}
