package holdfast.api.rear;

import holdfast.broker.market.Agreement;
import holdfast.broker.market.Bought;
import holdfast.broker.market.Buyer;
import holdfast.broker.market.Market;
import holdfast.broker.market.Sale;
import holdfast.federation.trust.Rights.Message;
import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.RearReader;
import holdfast.federation.wire.Reply;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.ServiceOffer;

/// PURCHASE_FLAVOR (fluidos.md 5.6).
final class Purchasing {
    private final Market market;
    private final Documented documented;
    private final WaysIn ways;

    Purchasing(Market market, Documented documented, WaysIn ways) {
        this.market = market;
        this.documented = documented;
        this.ways = ways;
    }

    /// `POST transactions/{id}/purchase`. Told again, it answers the same contract.
    Reply purchase(Tx tx, Asked asked) {
        var ask = RearReader.purchase(asked.call().body()).orThrow();
        var sale = market.sales()
                .find(tx, asked.name())
                .map(resource -> resource.as(Sale.class))
                .filter(one -> asked.passport().mayActFor(one.key()))
                .orElseThrow(() -> RearProblem.of(404, "there is no transaction " + asked.name() + ": reserve first"));
        market.find(tx, sale.transaction().flavor())
                .ifPresent(listing -> asked.need(
                        Message.PURCHASE, listing.flavor(), sale.transaction().buyer()));
        check(tx, sale.transaction().flavor(), ask);
        var dialect = Dialect.of(asked.call()).orElseGet(() -> documented.of(tx, asked.name()));
        return Asked.json(200, dialect.writer().contract(bought(tx, sale, ask)));
    }

    /// A service runs at its buyer, or is reached from there: so the way into its cluster is needed.
    ///
    /// @throws RearProblem if it is missing; what is held stays so
    void check(Tx tx, String flavor, Contract.Ask ask) {
        boolean service = market.find(tx, flavor)
                .filter(listing -> listing.flavor().kind() instanceof ServiceOffer)
                .isPresent();
        if (service && ask.credentials().isEmpty()) {
            throw RearProblem.malformed(
                    "liqoCredentials",
                    "liqoCredentials are missing: who buys a service says how its cluster is reached");
        }
    }

    /// Buys what is held.
    ///
    /// @return with the way in, which is told nowhere else
    /// @throws RearProblem if it cannot be
    Contract bought(Tx tx, Sale sale, Contract.Ask ask) {
        var held = sale.transaction();
        var buyer = new Buyer(held.buyer(), sale.key(), held.cluster());
        var resource = switch (market.contracts().purchase(tx, buyer, held.id(), ask)) {
            case Bought.New(var contract) -> contract;
            case Bought.Same(var contract) -> contract;
            case Bought.Expired(var why) -> throw RearProblem.of(408, why);
            case Bought.Unknown(var why) -> throw RearProblem.of(404, why);
            case Bought.GivenUp(var why) -> throw RearProblem.of(409, why);
        };
        var told = ways.told(tx, resource);
        return market.contracts()
                .delivery()
                .way(tx, resource.id(), resource.as(Agreement.class))
                .map(told::with)
                .orElse(told);
    }
}
