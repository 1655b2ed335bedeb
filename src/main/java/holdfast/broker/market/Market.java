package holdfast.broker.market;

import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Selector;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/// Sells what the domain offers (fluidos.md 4.1 steps 14 to 26): roots with the names under which what is left of them
/// is listed, holds with a time limit, contracts.
public final class Market {
    private static final int MOST_LISTED = 100_000;

    private final Roots roots;
    private final Sales sales;
    private final Contracts contracts;

    /// @param name of the broker
    /// @param policy as it is now
    public Market(String name, Platform platform, Engine engine, Calendar calendar, Supplier<HoldPolicy> policy) {
        this.roots = new Roots(name, platform, engine, calendar);
        this.sales = new Sales(name, platform, engine, roots, policy);
        this.contracts = new Contracts(name, platform, engine, roots, sales);
    }

    public Sales sales() {
        return sales;
    }

    public Contracts contracts() {
        return contracts;
    }

    /// Offers something new.
    ///
    /// @param offer its flavor's id is the name of the root; it gets another name in the list
    /// @return of type `flavor`
    public Resource offer(Tx tx, Offer offer, String project, String who) {
        return roots.offer(tx, offer, project, who);
    }

    /// Takes a root off the list for good. What is held of it may still be bought, and contracts live on.
    ///
    /// @return [holdfast.core.Refusal.Kind#NOT_THERE] if there is none
    public Answer<Resource> withdraw(Tx tx, UUID root, String who) {
        return roots.withdraw(tx, root, who);
    }

    /// What is listed, by name.
    ///
    /// @param selector none: everything
    public List<Flavor> list(Tx tx, Optional<Selector> selector) {
        return roots.rows().listed(tx, MOST_LISTED).stream()
                .filter(flavor -> selector.isEmpty() || selector.get().matches(flavor))
                .toList();
    }

    /// What is listed of these roots.
    public Map<UUID, Flavor> listed(Tx tx, List<UUID> some) {
        return roots.rows().listed(tx, some);
    }

    /// What is or was offered under a name.
    public Optional<Listing> find(Tx tx, String flavor) {
        return roots.rows().listing(tx, flavor);
    }
}
