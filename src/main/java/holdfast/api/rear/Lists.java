package holdfast.api.rear;

import static java.util.Comparator.comparing;

import holdfast.broker.market.Market;
import holdfast.federation.resale.QuestionSteps;
import holdfast.federation.resale.Supernode;
import holdfast.federation.trust.Rights.Message;
import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.Reply;
import holdfast.federation.wire.SelectorQuery;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Price;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Workflow;
import holdfast.protocol.rear.Workflow.Role;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// LIST_FLAVORS (fluidos.md 5.3, 5.4): the cheapest first, what has no price last.
final class Lists {
    /// More than anything that has a price.
    private static final BigDecimal UNPRICED = new BigDecimal("1e60");

    private final Market market;

    Lists(Market market) {
        this.market = market;
    }

    /// `GET flavors`. Nodes are used to 204 for nothing at all.
    Reply all(Tx tx, Asked asked) {
        return everything(asked, offered(tx, asked, Optional.empty()));
    }

    /// @throws RearProblem if only some are asked for: each type has its own filters
    static Reply everything(Asked asked, List<Flavor> flavors) {
        asked.call().query().keySet().stream()
                .filter(key -> key.contains("["))
                .findFirst()
                .ifPresent(key -> {
                    throw RearProblem.malformed(
                            key, key + " filters the flavors of one type: list one, such as flavors/k8slice");
                });
        return flavors.isEmpty() && asked.dialect() == Dialect.NODE ? Asked.empty(204) : listed(asked, flavors);
    }

    /// `GET flavors/{type}` by selector, or `GET flavors/{id}`.
    Reply some(Tx tx, Asked asked) {
        return Dialect.listed(asked.name())
                .map(type -> matching(tx, asked, type))
                .orElseGet(() -> one(tx, asked));
    }

    private Reply matching(Tx tx, Asked asked, FlavorType type) {
        var selector = SelectorQuery.read(type, asked.call().query()).orThrow();
        return listed(asked, matching(tx, asked, selector));
    }

    /// Our own of which the caller may know.
    List<Flavor> offered(Tx tx, Asked asked, Optional<Selector> selector) {
        return market.list(tx, selector).stream()
                .filter(Flavor::available)
                .filter(flavor -> asked.may(Message.LIST, flavor))
                .toList();
    }

    /// What of our own matches, of which the caller may know. Who does not say in which workflow it asks, asks for
    /// itself.
    private List<Flavor> matching(Tx tx, Asked asked, Selector selector) {
        var flavors = offered(tx, asked, Optional.of(selector));
        asked.trace().ifPresent(trace -> market.matched(tx, trace.in(Workflow.W1), Role.P, flavors));
        return flavors;
    }

    /// The same at a supernode.
    List<Flavor> matching(Tx tx, Asked asked, Selector selector, Supernode supernode) {
        var flavors = offered(tx, asked, Optional.of(selector));
        var role = supernode.role(tx, asked.passing());
        asked.trace()
                .map(trace -> trace.in(QuestionSteps.workflow(role, false)))
                .ifPresent(trace -> market.matched(tx, trace, role, flavors));
        return flavors;
    }

    /// Under which names our own is listed.
    Set<String> names(Tx tx) {
        return market.names(tx);
    }

    /// Divided once for each, and not at each comparison.
    private record Priced(Flavor flavor, Paging.Place place) {
        static Priced of(Flavor flavor) {
            var hourly = flavor.price().flatMap(Price::hourly).orElse(UNPRICED);
            return new Priced(flavor, new Paging.Place(hourly, flavor.id()));
        }
    }

    static Reply listed(Asked asked, List<Flavor> flavors) {
        var paging = Paging.of(asked);
        var sorted = flavors.stream()
                .map(Priced::of)
                .sorted(comparing(Priced::place))
                .toList();
        var places = sorted.stream().map(Priced::place).toList();
        var part = paging.part(places);
        var told = sorted.subList(part[0], part[1]).stream().map(Priced::flavor).toList();
        return paging.linked(Asked.json(200, asked.dialect().writer().flavors(told)), asked, places, part[1]);
    }

    /// A name that is listed no longer can still be asked for, and reserved by, until it is withdrawn.
    private Reply one(Tx tx, Asked asked) {
        var found = market.find(tx, asked.name())
                .filter(listing -> asked.may(Message.LIST, listing.flavor()))
                .orElseThrow(() -> RearProblem.of(404, "there is no flavor " + asked.name() + ": list them again"));
        return switch (found.state()) {
            case LISTED -> Asked.json(200, asked.dialect().writer().flavor(found.flavor()));
            case RETIRED ->
                Asked.json(200, asked.dialect().writer().flavor(found.flavor().unavailable()));
            case WITHDRAWN, EXPIRED ->
                throw RearProblem.of(410, "flavor " + asked.name() + " is offered no more: take another");
        };
    }
}
