package holdfast.broker;

import holdfast.broker.decisions.Decisions;
import holdfast.broker.market.HoldPolicy;
import holdfast.broker.market.Market;
import holdfast.broker.market.Signing;
import holdfast.broker.services.Blueprints;
import holdfast.calendar.Calendar;
import holdfast.calendar.Hot;
import holdfast.engine.Actor;
import holdfast.engine.Engine;
import holdfast.engine.Post;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.ExternalPolicy;
import holdfast.protocol.Message;
import holdfast.protocol.Offer;

/// Promises what authorities have delegated to it, never more than there is at any instant.
public final class Broker implements Actor {
    /// The name of the authority that serves providers of cloud resources.
    private static final String CLOUDS = "clouds";

    private final String name;
    private final Platform platform;
    private final Resources resources;
    private final Post post;
    private final Calendar calendar;
    private final Supply supply;
    private final ProviderSupply providers;
    private final Strangers strangers;
    private final Allocations allocations;
    private final Reservations reservations;
    private final HostRegister hosts;
    private final AddressRegister addresses;
    private final HostProperties properties;
    private final CapacityMap capacity;
    private final CapacityEntries entries;
    private final Mending mending;
    private final Occupation occupation;
    private final Units units;
    private final Decisions decisions;
    private final Elements elements;
    private final Borrowings borrowings;
    private final Tickets tickets;
    private final Market market;
    private final Blueprints blueprints;
    private final Sellable sellable;

    /// One in whose reservations nobody outside has a say.
    public Broker(String name, Platform platform, Engine engine, Calendar calendar, Supply supply) {
        this(name, platform, engine, calendar, supply, ExternalPolicy.NONE);
    }

    /// One that sells under the usual terms, if at all.
    ///
    /// @param policy has a say in reservations
    public Broker(
            String name, Platform platform, Engine engine, Calendar calendar, Supply supply, ExternalPolicy policy) {
        this(name, platform, engine, calendar, supply, policy, HoldPolicy.USUAL, Signing.NONE);
    }

    /// @param policy has a say in reservations
    /// @param holds of what is sold to other domains
    /// @param signing of its contracts
    public Broker(
            String name,
            Platform platform,
            Engine engine,
            Calendar calendar,
            Supply supply,
            ExternalPolicy policy,
            HoldPolicy holds,
            Signing signing) {
        this.name = name;
        this.platform = platform;
        this.resources = engine.resources();
        this.post = engine.post();
        this.calendar = calendar;
        this.supply = supply;
        var policies = new Policies(engine.settings());
        var units = new Units();
        var items = new Items();
        var floating = new FloatingAddresses();
        var snapshots = new Snapshots(name, engine, calendar, units, floating, items);
        this.providers = new ProviderSupply(name, platform, engine, calendar, units);
        this.properties = new HostProperties(platform);
        this.addresses = new AddressRegister(name, platform, engine, calendar, floating);
        this.hosts = new HostRegister(name, platform, engine, calendar, units);
        var inside = new Inside(name, calendar);
        this.decisions = new Decisions(platform, name, inside.book(), policies::replayed);
        var drawing = new Drawing(inside, calendar, snapshots, decisions);
        this.strangers = new Strangers(name, platform, engine, calendar, items, drawing);
        var life = new AllocationLife(name, CLOUDS, platform, engine, calendar, drawing);
        var owners = new Owners(resources, items);
        var standBy = new StandBy(name, calendar, owners);
        var preemption = new Preemption(name, platform, engine, calendar, units, policies, life, standBy);
        var losses = new Losses(name, platform, engine, calendar, owners);
        this.elements = new Elements(name, platform, engine, calendar, owners, losses);
        var admission = new Admission(name, calendar, snapshots, preemption, elements, decisions);
        this.allocations = new Allocations(
                name,
                platform,
                engine,
                calendar,
                new Reserved(platform, engine.resources(), providers, drawing, life),
                new Unreserved(platform, providers, units, admission, life),
                life,
                elements);
        var view = new PolicyView(resources, units, floating);
        this.reservations = new Reservations(
                name,
                platform,
                engine,
                calendar,
                admission,
                allocations,
                items,
                units,
                new Holds(name, CLOUDS, engine, providers),
                policies,
                new Clearing(name, platform, calendar, providers, losses),
                elements,
                new Consulting(policy, calendar, view),
                new Endings(name, engine, policy, view));
        this.borrowings = new Borrowings(name, platform, engine, calendar);
        this.sellable = new Sellable(supply);
        this.market = new Market(name, platform, engine, calendar, () -> holds, signing);
        this.blueprints = new Blueprints(name, platform, engine, market);
        this.tickets = new Tickets(name, platform, engine, calendar, supply, borrowings);
        this.units = units;
        this.capacity = new CapacityMap(name, platform, resources, calendar, snapshots);
        this.mending = new Mending(name, platform, engine, calendar, admission, losses, reservations);
        this.entries = new CapacityEntries(name, platform, engine, calendar, units, losses, mending);
        this.occupation = new Occupation(name, resources, calendar, units, owners, entries);
        engine.forgetting(calendar::prune);
        engine.forgetting(decisions::prune);
    }

    @Override
    public String name() {
        return name;
    }

    /// What it has to give.
    public Supply supply() {
        return supply;
    }

    /// The hosts of providers that may be reserved.
    public HostRegister hosts() {
        return hosts;
    }

    /// The floating addresses that may be reserved.
    public AddressRegister addresses() {
        return addresses;
    }

    /// What is shown of the properties of those hosts.
    public HostProperties properties() {
        return properties;
    }

    /// What it promised for slivers.
    public Tickets tickets() {
        return tickets;
    }

    /// What it sells to other domains.
    public Market market() {
        return market;
    }

    /// How services are made that it sells.
    public Blueprints blueprints() {
        return blueprints;
    }

    /// The hosts of which parts may be sold.
    public Sellable sellable() {
        return sellable;
    }

    /// What users run.
    public Allocations allocations() {
        return allocations;
    }

    /// What users have reserved.
    public Reservations reservations() {
        return reservations;
    }

    /// Where reservations are asked for.
    public Desk desk(Database database, Hot hot) {
        return new Desk(platform, database, calendar, hot, reservations);
    }

    /// What there is at providers of cloud resources, and how much of it is free.
    public CapacityMap capacity() {
        return capacity;
    }

    /// Why there is more or less of it for a time.
    public CapacityEntries entries() {
        return entries;
    }

    /// Who has what of it and when.
    public Occupation occupation() {
        return occupation;
    }

    /// What was decided, and why.
    public Decisions decisions() {
        return decisions;
    }

    /// Its hosts.
    public Units units() {
        return units;
    }

    @Override
    public void on(Tx tx, String sender, Message message) {
        if (!(message instanceof Message.ToBroker own)) {
            throw new IllegalArgumentException(
                    "a broker does not take " + message.getClass().getSimpleName() + " from " + sender);
        }
        switch (own) {
            case Message.TicketRequest request -> tickets.asked(tx, sender, request);
            case Message.Relinquish(var sliver) -> tickets.relinquished(tx, sender, sliver);
            case Message.UpdateLease update -> {
                if (!sender.equals(CLOUDS) || (!reservations.heard(tx, update) && !allocated(tx, update))) {
                    tickets.leaseUpdated(tx, sender, update);
                }
            }
            case Message.UpdateDelegation update -> {
                if (!borrowings.heard(tx, sender, update)) {
                    supply.delegated(tx, sender, update);
                }
            }
            case Message.Borrow borrow -> borrowings.borrow(tx, sender, borrow);
            case Message.Lending lending -> market.contracts().heard(tx, sender, lending);
            case Message.GiveBack(var contract) -> borrowings.giveBack(tx, sender, contract);
            case Message.Query query -> post.send(tx, name, sender, supply.answer(tx, query));
            case Message.UpdateSupply update -> {
                if (update.offer().isEmpty()) {
                    strangers.gone(tx, update);
                }
                providers.updated(tx, update);
                elements.seen(tx, update.provider(), update.offer().map(Offer::supply));
                providers.pool(tx, update.provider()).ifPresent(pool -> mending.soon(tx, pool.id()));
            }
            case Message.Amended amended -> reservations.heard(tx, amended);
            case Message.Drift drift -> strangers.seen(tx, drift);
            case Message.Preserved preserved -> reservations.heard(tx, preserved);
        }
    }

    private boolean allocated(Tx tx, Message.UpdateLease update) {
        var allocation = allocations.heard(tx, update);
        allocation.flatMap(Resource::parent).ifPresent(reservation -> reservations.left(tx, reservation));
        return allocation.isPresent();
    }
}
