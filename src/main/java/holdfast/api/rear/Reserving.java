package holdfast.api.rear;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import holdfast.broker.market.Buyer;
import holdfast.broker.market.Claim;
import holdfast.broker.market.Market;
import holdfast.broker.market.Sale;
import holdfast.broker.market.Sales;
import holdfast.broker.market.Verdict;
import holdfast.broker.services.ServiceSettings;
import holdfast.core.Interval;
import holdfast.core.RefusedException;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.trust.Rights.Message;
import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.RearReader;
import holdfast.federation.wire.Reply;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.ServiceOffer;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Transaction;
import holdfast.protocol.rear.Vault;
import holdfast.protocol.rear.Workflow;
import holdfast.protocol.rear.Workflow.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// RESERVE_FLAVOR (fluidos.md 5.5), and with `agreement=direct` the purchase in the same transaction (5.9).
final class Reserving {
    private static final String DIRECT = "direct";
    /// How far ahead a contract may end.
    private static final Duration LONGEST = Duration.ofDays(365);

    private final Platform platform;
    private final Resources resources;
    private final Market market;
    private final Documented documented;
    private final Purchasing purchasing;
    private final Vault vault;
    private final boolean supernode;

    /// @param supernode whether this node is one, which has another role in what it sells itself
    Reserving(
            Platform platform,
            Resources resources,
            Market market,
            Documented documented,
            Purchasing purchasing,
            Vault vault,
            boolean supernode) {
        this.platform = platform;
        this.resources = resources;
        this.market = market;
        this.documented = documented;
        this.purchasing = purchasing;
        this.vault = vault;
        this.supernode = supernode;
    }

    /// What somebody wants, once it is known that he may have it.
    private record Wanted(Asked asked, Sales.Order order) {}

    /// `POST reservations`, of all who come together: what is only to be held is held for all of them at once.
    List<Reply> reserve(Tx tx, List<Asked> all) {
        var replies = new HashMap<Asked, Reply>();
        var wanted = new ArrayList<Wanted>();
        for (var asked : all) {
            try {
                boolean direct = isDirect(asked);
                var ask = RearReader.reserve(asked.call().body()).orThrow();
                allow(tx, asked, ask, direct);
                if (direct) {
                    replies.put(asked, bought(tx, asked, ask));
                } else {
                    wanted.add(new Wanted(asked, order(asked, ask)));
                }
            } catch (RearProblem | RefusedException e) {
                replies.put(asked, Answering.refused(asked, e));
            }
        }
        if (!wanted.isEmpty()) {
            hold(tx, wanted, replies);
        }
        return all.stream().map(asked -> requireNonNull(replies.get(asked))).toList();
    }

    private void allow(Tx tx, Asked asked, Transaction.Ask ask, boolean direct) {
        market.find(tx, ask.flavor()).ifPresent(listing -> {
            asked.need(Message.RESERVE, listing.flavor(), ask.buyer());
            if (direct) {
                asked.need(Message.PURCHASE, listing.flavor(), ask.buyer());
            }
            check(listing.flavor(), ask);
        });
    }

    private Reply bought(Tx tx, Asked asked, Transaction.Ask ask) {
        var purchase = RearReader.direct(asked.call().body()).orThrow();
        purchasing.check(tx, ask.flavor(), purchase);
        var order = order(asked, ask);
        var claim = claim(order, market.sales().reserve(tx, order.buyer(), order.wish()));
        var sale = sales(tx, Map.of(asked, claim)).get(claim.transaction());
        var contract = purchasing.bought(tx, requireNonNull(sale), purchase);
        return Asked.json(201, asked.dialect().writer().contract(contract));
    }

    private void hold(Tx tx, List<Wanted> wanted, Map<Asked, Reply> replies) {
        var verdicts =
                market.sales().reserve(tx, wanted.stream().map(Wanted::order).toList());
        var claims = new HashMap<Asked, Claim>();
        for (int i = 0; i < wanted.size(); i++) {
            var one = wanted.get(i);
            try {
                claims.put(one.asked, claim(one.order, verdicts.get(i)));
            } catch (RearProblem e) {
                replies.put(one.asked, Answering.refused(one.asked, e));
            }
        }
        var sales = sales(tx, claims);
        claims.forEach((asked, claim) -> {
            var held = requireNonNull(sales.get(claim.transaction()));
            var told = vault.opened(held.key(), held.transaction());
            replies.put(asked, Asked.json(200, asked.dialect().writer().transaction(told)));
        });
    }

    /// What is held, by transaction, with the dialect in which it is remembered.
    private Map<UUID, Sale> sales(Tx tx, Map<Asked, Claim> claims) {
        if (claims.isEmpty()) {
            return Map.of();
        }
        var ids = claims.values().stream().map(Claim::transaction).distinct().toList();
        var sales = resources.list(tx, Resources.withIds(ids), ids.size()).stream()
                .collect(toMap(Resource::id, resource -> resource.as(Sale.class)));
        var dialects = new HashMap<String, Dialect>();
        claims.forEach((asked, claim) -> dialects.put(
                requireNonNull(sales.get(claim.transaction())).transaction().id(), asked.dialect()));
        documented.remember(tx, dialects);
        return sales;
    }

    /// Whether it is to be bought at once.
    static boolean isDirect(Asked asked) {
        var agreement = asked.parameter("agreement");
        if (agreement.filter(word -> !word.equals(DIRECT)).isPresent()) {
            throw RearProblem.malformed("agreement", "agreement can only be direct: leave it out to reserve first");
        }
        return agreement.isPresent();
    }

    private Sales.Order order(Asked asked, Transaction.Ask ask) {
        ask.term().ifPresent(this::check);
        var buyer = buyer(asked, ask);
        var kept = vault.sealed(buyer.key(), ask.flavor(), ask.configuration());
        var wish = new Sales.Wish(ask.flavor(), kept, ask.term(), asked.trace(), role(asked));
        return new Sales.Order(buyer, wish);
    }

    /// @throws RearProblem if nothing is held
    private Claim claim(Sales.Order order, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Held(var claim) -> claim;
            case Verdict.Renewed(var _, var claim) -> claim;
            case Verdict.NotAPiece(var why) -> throw RearProblem.of(400, why);
            case Verdict.HeldByOthers later ->
                throw RearProblem.of(
                                409,
                                "what is missing of flavor " + order.wish().flavor()
                                        + " is held by others: ask again after that time, or take another flavor")
                        .with(
                                "retry-after",
                                "" + later.retryAfter(platform.now()).toSeconds());
            case Verdict.Gone(var why) -> throw RearProblem.of(404, why);
            case Verdict.TooMuch(var why) -> throw RearProblem.of(409, why);
        };
    }

    private Role role(Asked asked) {
        boolean inDomain = asked.trace().flatMap(Trace::workflow).equals(Optional.of(Workflow.W2));
        return !supernode ? Role.P : inDomain ? Role.SC : Role.SP;
    }

    /// What is set of a service must be what it lets be set.
    private static void check(Flavor flavor, Transaction.Ask ask) {
        boolean other = ask.configuration()
                .filter(piece -> piece.type() != flavor.kind().type())
                .isPresent(); // which is told with the piece
        if (flavor.kind() instanceof ServiceOffer offer && !other) {
            ServiceSettings.fault(offer, ask.configuration()).ifPresent(why -> {
                throw RearProblem.of(400, why);
            });
        }
    }

    private void check(Interval term) {
        var now = platform.now();
        if (!term.until().isAfter(now)) {
            throw RearProblem.malformed(
                    "term.until", "term.until is " + term.until() + ", which is over: name a time after " + now);
        }
        if (term.until().isAfter(now.plus(LONGEST))) {
            throw RearProblem.malformed(
                    "term.until",
                    "term.until is " + term.until() + "; a contract ends within " + LONGEST.toDays()
                            + " days: name a time before " + now.plus(LONGEST));
        }
    }

    /// Nodes name their fabric; who speaks as documented need not.
    static Buyer buyer(Asked asked, Transaction.Ask ask) {
        var said = ask.buyer();
        var cluster = switch (asked.dialect()) {
            case NODE ->
                said.fabric()
                        .orElseThrow(() -> RearProblem.malformed(
                                "buyerID.additionalInformation.liqoID",
                                "Error: LiqoID not provided: name your fabric as"
                                        + " buyerID.additionalInformation.liqoID"));
            case DOC -> said.fabric().orElse("");
        };
        return asked.passport().buyer(said, cluster);
    }
}
