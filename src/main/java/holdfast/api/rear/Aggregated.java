package holdfast.api.rear;

import holdfast.federation.resale.Supernode;
import holdfast.federation.resale.Supernode.Question;
import holdfast.federation.trust.Rights.Message;
import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.Reply;
import holdfast.federation.wire.SelectorQuery;
import holdfast.platform.Database;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// LIST_FLAVORS at a supernode (fluidos.md 4.2 steps 9 to 13): our own offers, else those of our domain, else what
/// others outside have. Everything that is offered, without a selector, is our own and our domain's.
///
/// Others may be asked meanwhile, so it is answered in several transactions.
final class Aggregated {
    private final Database database;
    private final Lists lists;
    private final Supernode supernode;

    Aggregated(Database database, Lists lists, Supernode supernode) {
        this.database = database;
        this.lists = lists;
        this.supernode = supernode;
    }

    /// `GET flavors`
    Reply all(Asked asked) {
        var flavors = new ArrayList<>(database.inTransaction(tx -> lists.offered(tx, asked, Optional.empty())));
        flavors.addAll(ofOthers(asked, Optional.empty()));
        return Lists.everything(asked, flavors);
    }

    /// `GET flavors/{type}` by selector, or `GET flavors/{id}`.
    Reply some(Asked asked) {
        var type = Dialect.listed(asked.name());
        if (type.isEmpty()) {
            return database.inTransaction(tx -> supernode
                    .find(tx, asked.name())
                    .filter(flavor -> asked.may(Message.LIST, flavor))
                    .map(flavor -> {
                        if (supernode.isGone(tx, asked.name())) {
                            throw RearProblem.of(410, "flavor " + asked.name() + " is offered no more: take another");
                        }
                        return Asked.json(200, asked.dialect().writer().flavor(flavor));
                    })
                    .orElseGet(() -> lists.some(tx, asked)));
        }
        var selector = SelectorQuery.read(type.get(), asked.call().query()).orThrow();
        var own = database.inTransaction(tx -> lists.matching(tx, asked, selector, supernode));
        return Lists.listed(asked, own.isEmpty() ? ofOthers(asked, Optional.of(selector)) : own);
    }

    /// What is our own comes back to us from others: it is known by its names.
    private List<Flavor> ofOthers(Asked asked, Optional<Selector> selector) {
        var names = database.inTransaction(lists::names);
        return supernode.offers(new Question(selector, asked.passing(), asked.trace(), names)).stream()
                .filter(flavor -> asked.may(Message.LIST, flavor))
                .toList();
    }
}
