package holdfast.broker.market;

import holdfast.broker.market.RootRows.Locked;
import holdfast.core.Interval;
import holdfast.engine.Post;
import holdfast.platform.Tx;
import holdfast.protocol.Loan;
import holdfast.protocol.Message;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Prices.Quote;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Lets the buyer have what was bought, and takes it back: a part of a host of ours is lent by the authority of that
/// host, anything else is delivered (fluidos.md 4.6).
final class Handover {
    private final String name;
    private final Post post;
    private volatile Delivery delivery = Delivery.NONE;

    /// @param name of the broker
    Handover(String name, Post post) {
        this.name = name;
        this.post = post;
    }

    void deliver(Delivery how) {
        delivery = how;
    }

    Delivery delivery() {
        return delivery;
    }

    /// Who tells how it stands with what was handed over, if there is anybody.
    Optional<String> by(Offer offer) {
        return offer.backing().map(Offer.Host::authority).or(delivery::by);
    }

    void hand(Tx tx, Locked locked, UUID contract, Agreement agreement) {
        if (agreement.lent()) {
            lend(tx, locked, contract, agreement, agreement.term());
        } else {
            delivery.begin(tx, contract, agreement);
        }
    }

    /// Lets the buyer promise what was bought, if it is a part of a host of ours; for longer, if that was done
    /// before.
    void lend(Tx tx, Locked locked, UUID id, Agreement agreement, Interval term) {
        var claim = locked.root().claim(agreement.transaction()).orElseThrow();
        locked.offer().backing().ifPresent(host -> {
            var contract = agreement.contract();
            var part = host.units().floor(locked.offer().whole().kind().taking(claim.amounts()));
            var tenant = Optional.of(new Loan.Tenant(contract.id(), contract.cluster()))
                    .filter(_ -> host.isOfCluster());
            var loan = new Loan(host.delegation(), host.id(), part, term, borrower(id), tenant);
            post.send(tx, name, host.authority(), new Message.Lend(id, loan));
        });
    }

    /// Whose messages come under a contract: the broker of its buyer.
    private static String borrower(UUID contract) {
        return "broker@" + contract;
    }

    void unlend(Tx tx, Locked locked, UUID contract) {
        locked.offer().backing().ifPresent(host -> post.send(tx, name, host.authority(), new Message.Unlend(contract)));
    }

    /// Has what lets the buyer into a cluster of ours made anew.
    void readmit(Tx tx, String cluster, UUID contract) {
        post.send(tx, name, cluster, new Message.Readmit(contract));
    }

    /// What is paid, and what the buyer claims, if it is a part of a host of ours.
    static Map<String, String> extra(Flavor flavor, Optional<Quote> quote, Offer offer, UUID contract) {
        var extra = new HashMap<>(flavor.price()
                .flatMap(price -> quote.map(paid -> paid.extra(price)))
                .orElse(Map.of()));
        offer.backing().ifPresent(host -> {
            if (host.isOfCluster()) {
                extra.put(Contract.CLUSTER, host.authority());
            } else {
                extra.put(Contract.DELEGATION, contract.toString());
                extra.put(Contract.AUTHORITY, host.authority());
            }
        });
        return extra;
    }
}
