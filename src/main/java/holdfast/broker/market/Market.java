package holdfast.broker.market;

import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.engine.Engine;
import holdfast.engine.Journal;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.StepNumber;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow.Role;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Sells what the domain offers (fluidos.md 4.1 steps 14 to 26): roots with the names under which what is left of them
/// is listed, holds with a time limit, contracts.
public final class Market {
    /// In one answer: who asks reads no more of it (fluidos.md 6.11).
    private static final int MOST_LISTED = 10_000;

    private static final int MOST_NAMES = 100_000;

    private final Platform platform;
    private final Supplier<HoldPolicy> policy;
    private final Resources resources;
    private final Journal journal;
    private final Roots roots;
    private final Sales sales;
    private final Contracts contracts;

    /// One whose contracts are not signed.
    ///
    /// @param name of the broker
    /// @param policy as it is now
    public Market(String name, Platform platform, Engine engine, Calendar calendar, Supplier<HoldPolicy> policy) {
        this(name, platform, engine, calendar, policy, Signing.NONE);
    }

    /// @param name of the broker
    /// @param policy as it is now
    public Market(
            String name,
            Platform platform,
            Engine engine,
            Calendar calendar,
            Supplier<HoldPolicy> policy,
            Signing signing) {
        this.policy = policy;
        this.platform = platform;
        this.resources = engine.resources();
        this.journal = engine.journal();
        this.roots = new Roots(name, platform, engine, calendar);
        this.sales = new Sales(name, platform, engine, roots, policy);
        this.contracts = new Contracts(name, platform, engine, roots, sales, signing);
    }

    /// Has somebody hear, in the transaction of the change, when something else is listed. Before the engine
    /// starts.
    public void whenListed(Consumer<Tx> listener) {
        roots.rows().whenListed(listener);
    }

    /// For how long pieces are held, and how much of them.
    public HoldPolicy policy() {
        return policy.get();
    }

    public Sales sales() {
        return sales;
    }

    public Contracts contracts() {
        return contracts;
    }

    /// Offers something new.
    ///
    /// @param id of the root to be
    /// @param offer its flavor's id is the name of the root; it gets another name in the list
    /// @return of type `flavor`
    public Resource offer(Tx tx, UUID id, Offer offer, String project, String who) {
        return roots.offer(tx, id, offer, project, who);
    }

    /// Takes a root off the list for good. What is held of it may still be bought, and contracts live on.
    ///
    /// @return [holdfast.core.Refusal.Kind#NOT_THERE] if there is none
    public Answer<Resource> withdraw(Tx tx, UUID root, String who) {
        return roots.withdraw(tx, root, who);
    }

    /// Roots of which there is more or less than is offered: the domain uses their hosts, too, and hosts change.
    public List<UUID> outdated(Tx tx) {
        return roots.outdated(tx, platform.now());
    }

    /// Offers what there is of a root now.
    ///
    /// @return whether that has changed
    public boolean measure(Tx tx, UUID root) {
        return roots.measure(tx, root);
    }

    /// What is listed, by name; at most 10,000.
    ///
    /// @param selector none: everything
    public List<Flavor> list(Tx tx, Optional<Selector> selector) {
        return roots.rows().listed(tx, selector, MOST_LISTED);
    }

    /// Notes that some of what is listed is what somebody is looking for, who is told so.
    ///
    /// @param role of this node in it
    public void matched(Tx tx, Trace trace, Role role, List<Flavor> flavors) {
        flavors.stream()
                .findFirst()
                .flatMap(first -> roots.rows().rootOf(tx, first.id()))
                .flatMap(root -> resources.find(tx, root))
                .ifPresent(root -> {
                    var found = flavors.size() + " flavors match";
                    journal.step(tx, root, trace, role, StepNumber.OWN_MATCHED, found);
                    journal.step(tx, root, trace, role, StepNumber.LIST_ANSWERED, found);
                });
    }

    /// What is listed of these roots.
    public Map<UUID, Flavor> listed(Tx tx, List<UUID> some) {
        return roots.rows().listed(tx, some);
    }

    /// All names that are listed.
    public Set<String> names(Tx tx) {
        return roots.rows().names(tx, MOST_NAMES);
    }

    /// What is or was offered under a name.
    public Optional<Listing> find(Tx tx, String flavor) {
        return roots.rows().listing(tx, flavor);
    }
}
