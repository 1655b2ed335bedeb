package holdfast.authority;

import holdfast.core.Copies;
import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.core.Wanted;
import holdfast.engine.Actor;
import holdfast.engine.Engine;
import holdfast.engine.Post;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Makes at clouds what the broker has promised there: servers, volumes, and what is held for later.
///
/// It books nothing of its own: a cloud knows what it has, and its driver waits where something is still in the way.
public final class CloudAuthority implements Actor {
    public static final String NAME = "clouds";

    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final Post post;
    private final Leases leases;
    private final Providers providers;
    private final Recipes recipes;
    private final Keepsakes keepsakes;

    public CloudAuthority(Platform platform, Engine engine, Providers providers) {
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.post = engine.post();
        this.leases = new Leases(NAME, platform, engine, Leases.Booked.NOTHING);
        this.providers = providers;
        this.recipes = new CloudProvisioning(
                lease -> providers.cloud(CloudProvisioning.order(lease).provider()), providers::sealPem);
        this.keepsakes = new Keepsakes(platform, engine, leases, providers);
    }

    @Override
    public String name() {
        return NAME;
    }

    /// The id of the lease for a sliver.
    public static UUID lease(SliverId sliver) {
        return Copies.id(NAME, sliver.value());
    }

    public Providers providers() {
        return providers;
    }

    Authorities.Keeper keeper() {
        return new Authorities.Keeper(recipes, this::ended);
    }

    /// A new lease is locked by nobody yet.
    @Override
    public boolean takesAtOnce(Message message) {
        return message instanceof Message.Provide(var _, var _, var _, var _, Wanted.Instance _);
    }

    @Override
    public void on(Tx tx, String sender, Message message) {
        if (!(message instanceof Message.ToClouds own)) {
            throw new IllegalArgumentException("the authority of clouds does not take "
                    + message.getClass().getSimpleName() + " from " + sender);
        }
        switch (own) {
            case Message.Provide provide -> provide(tx, sender, provide);
            case Message.Amend amend -> amend(tx, sender, amend);
            case Message.Preserve preserve -> keepsakes.wanted(tx, sender, preserve);
            case Message.Close(var sliver) -> leases.close(tx, sender, sliver);
        }
    }

    private void provide(Tx tx, String sender, Message.Provide provide) {
        var order = Lease.Order.of(provide.provider(), provide.term(), provide.wanted());
        var lease = Lease.of(provide.sliver(), provide.slice(), sender, order);
        var id = leases.id(provide.sliver());
        var fault = fault(tx, order);
        if (fault.isEmpty() && isDue(order) && leases.begin(tx, lease, LeaseProcesses.CREATE, NAME)) {
            atEnd(tx, id, order);
            return;
        }
        var known = leases.find(tx, provide.sliver());
        if (known.isPresent()) {
            leases.tellAgain(tx, known.get());
            return;
        }
        if (fault.isPresent()) {
            leases.refuse(tx, lease, fault.get(), sender);
            return;
        }
        leases.begin(tx, lease, sender);
        if (provide.wanted() instanceof Wanted.Hold) {
            processes
                    .schedule(tx, Request.now(LeaseProcesses.PREPARE, id, NAME))
                    .orThrow();
        } else {
            atStart(tx, id, order);
        }
        atEnd(tx, id, order);
    }

    /// Whether it is to be made now.
    private boolean isDue(Lease.Order order) {
        return !(order.wanted() instanceof Wanted.Hold) && !order.term().from().isAfter(platform.now());
    }

    private Optional<Refusal> fault(Tx tx, Lease.Order order) {
        if (!order.term().until().isAfter(platform.now())) {
            return Optional.of(Refusal.malformed(
                    "term", "the term ended at " + order.term().until()));
        }
        return providers.isThere(tx, order.provider())
                ? Optional.empty()
                : Optional.of(Refusal.notThere("there is no provider " + order.provider()));
    }

    private void atStart(Tx tx, UUID lease, Lease.Order order) {
        processes
                .schedule(tx, Request.at(order.term().from(), LeaseProcesses.CREATE, lease, NAME))
                .orThrow();
    }

    private void atEnd(Tx tx, UUID lease, Lease.Order order) {
        if (order.term().isBounded()) {
            processes
                    .schedule(tx, Request.at(order.term().until(), LeaseProcesses.REMOVE, lease, NAME))
                    .orThrow();
        }
    }

    /// Another time is only noted; another thing is asked of the provider, and told when it has answered. What
    /// comes while the lease is on its way waits until it is there; of several the last.
    private void amend(Tx tx, String sender, Message.Amend amend) {
        var found = resources.lock(tx, leases.id(amend.sliver()));
        if (found.isEmpty()) {
            var why = Refusal.notThere("nothing was asked for with " + amend.sliver());
            post.send(tx, NAME, sender, new Message.Amended(amend.sliver(), amend.revision(), Optional.of(why)));
            return;
        }
        var resource = found.get();
        var order = CloudProvisioning.order(resource);
        if (amend.revision() <= order.revision()) {
            if (amend.revision() == order.revision() && order.before().isEmpty()) {
                boolean done =
                        order.wanted().equals(amend.wanted()) && order.term().equals(amend.term());
                amended(tx, resource, done ? Optional.empty() : Optional.of(Refusal.clash("it was refused before")));
            }
            return;
        }
        var next = order.amended(amend);
        boolean sameThing = order.wanted().equals(amend.wanted());
        switch (resource.state()) {
            case "requested", "prepared", "active" -> {
                boolean quiet = sameThing || resource.state().equals("requested");
                var changed = write(tx, resource, quiet ? next.settled() : next);
                if (!mayLapse(order)) {
                    timers(tx, changed, quiet);
                }
                if (quiet) {
                    amended(tx, changed, Optional.empty());
                } else {
                    var process = resource.state().equals("active") ? LeaseProcesses.AMEND : LeaseProcesses.REVISE;
                    processes
                            .schedule(tx, Request.now(process, resource.id(), NAME))
                            .orThrow();
                }
            }
            case "preparing", "creating", "amending", "revising" -> {
                if (order.later()
                        .filter(later -> later.revision() >= amend.revision())
                        .isEmpty()) {
                    write(tx, resource, order.awaiting(Optional.of(amend)));
                }
            }
            default -> {
                var why = Refusal.clash("the lease is " + resource.state());
                post.send(tx, NAME, sender, new Message.Amended(amend.sliver(), amend.revision(), Optional.of(why)));
            }
        }
    }

    private Resource write(Tx tx, Resource resource, Lease.Order order) {
        var lease = resource.as(Lease.class).with(order);
        return resources.update(tx, resource.state(), resource.withData(lease), NAME, "amended");
    }

    /// @param settled whether it may begin; what the provider has still to agree to begins when it has answered,
    ///     since
    ///     a start that is due is entered at once and leaves no way for the change
    private void timers(Tx tx, Resource resource, boolean settled) {
        var order = CloudProvisioning.order(resource);
        processes.cancelTimers(tx, resource.id(), Set.of(LeaseProcesses.CREATE, LeaseProcesses.REMOVE));
        if (settled && !resource.state().equals("active") && !mayLapse(order)) {
            atStart(tx, resource.id(), order);
        }
        atEnd(tx, resource.id(), order);
    }

    private void amended(Tx tx, Resource resource, Optional<Refusal> refusal) {
        var lease = resource.as(Lease.class);
        var order = lease.order().orElseThrow();
        post.send(tx, NAME, lease.asker(), new Message.Amended(lease.sliver(), order.revision(), refusal));
    }

    private void ended(Tx tx, Resource resource, Optional<Refusal> refusal) {
        var order = resource.as(Lease.class).order();
        boolean stands = resource.state().equals("prepared") || resource.state().equals("active");
        if (stands && order.flatMap(Lease.Order::before).isPresent()) {
            var known = order.get();
            var settled = write(tx, resource, refusal.isEmpty() ? known.settled() : known.takenBack());
            timers(tx, settled, true);
            amended(tx, settled, refusal);
        } else {
            if (resource.state().equals("prepared") && !mayLapse(order.orElseThrow())) {
                atStart(tx, resource.id(), order.orElseThrow());
            }
            leases.ended(tx, resource, refusal);
        }
        order.flatMap(Lease.Order::later).ifPresent(later -> follow(tx, resource, later));
    }

    /// Held at a peer, and not taken yet: it begins when it is.
    private static boolean mayLapse(Lease.Order order) {
        return order.wanted() instanceof Wanted.Amounts amounts && !amounts.taken();
    }

    private void follow(Tx tx, Resource resource, Message.Amend later) {
        var now = resources.lock(tx, resource.id()).orElseThrow();
        var order = CloudProvisioning.order(now).awaiting(Optional.empty());
        write(tx, now, order);
        amend(tx, now.as(Lease.class).asker(), later);
    }
}
