package holdfast.authority;

import holdfast.core.Copies;
import holdfast.core.Refusal;
import holdfast.core.SliceId;
import holdfast.core.SliverId;
import holdfast.engine.Creation.Newcomer;
import holdfast.engine.Engine;
import holdfast.engine.Post;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.LeaseInfo;
import holdfast.protocol.Message.UpdateLease;
import holdfast.protocol.SliceInfo;
import holdfast.protocol.Ticket;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The records that one authority keeps of its leases: how they begin and end, and who is told.
final class Leases {
    private final String authority;
    private final Platform platform;
    private final Engine engine;
    private final Resources resources;
    private final Processes processes;
    private final Post post;
    private final Booked booked;

    /// What the authority has booked for its leases.
    interface Booked {
        /// For one that books nothing.
        Booked NOTHING = new Booked() {
            @Override
            public void release(Tx tx, UUID lease) {}

            @Override
            public void holdOn(Tx tx, UUID lease) {}
        };

        void release(Tx tx, UUID lease);

        /// Something of it is still there although its term is over.
        void holdOn(Tx tx, UUID lease);
    }

    Leases(String authority, Platform platform, Engine engine, Booked booked) {
        this.authority = authority;
        this.platform = platform;
        this.engine = engine;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.post = engine.post();
        this.booked = booked;
    }

    UUID id(SliverId sliver) {
        return Copies.id(authority, sliver.value());
    }

    Optional<Resource> find(Tx tx, SliverId sliver) {
        return resources.find(tx, id(sliver));
    }

    void begin(Tx tx, Lease lease, String who) {
        insert(tx, lease, "requested", Optional.empty(), who);
    }

    /// Begins one to which a process happens at once.
    ///
    /// @return false if it is known already; then nothing was changed
    boolean begin(Tx tx, Lease lease, String process, String who) {
        var fresh = fresh(lease, "requested");
        var first = Request.now(process, fresh.id(), who);
        return engine.make(tx, List.of(new Newcomer(fresh, first))).getFirst().isPresent();
    }

    /// One that cannot be: its asker is told.
    void refuse(Tx tx, Lease lease, Refusal why, String who) {
        tell(tx, insert(tx, lease, "failed", Optional.of(why), who), UpdateLease.State.FAILED, Optional.of(why));
    }

    private Resource insert(Tx tx, Lease lease, String state, Optional<Refusal> why, String who) {
        var fresh = fresh(lease, state).withState(state, why.map(Refusal::message));
        var resource = state.equals("requested") ? fresh : fresh.removedAt(platform.now());
        resources.insert(tx, resource, who, why.map(Refusal::message).orElse("asked for"));
        return resource;
    }

    private Resource fresh(Lease lease, String state) {
        return resources.fresh(
                id(lease.sliver()),
                Authority.LEASE,
                authority,
                Optional.of(lease.slice().id().value()),
                lease.label(),
                state,
                lease.slice().project(),
                lease);
    }

    /// Also remembers a sliver that it never heard of, so that what comes after its own close is refused. Nobody
    /// closes what somebody else has asked for.
    void close(Tx tx, String sender, SliverId sliver) {
        var known = resources.lock(tx, id(sliver));
        if (known.isEmpty()) {
            var nobody = new SliceInfo(new SliceId(sliver.value()), "-", "-", sender, List.of());
            var why = Refusal.clash("closed before it was asked for");
            var never = insert(tx, Lease.never(sliver, nobody, sender), "closed", Optional.of(why), sender);
            tell(tx, never, UpdateLease.State.CLOSED, Optional.empty());
            return;
        }
        if (known.get().as(Lease.class).asker().equals(sender)) {
            remove(tx, known.get(), sender);
        }
    }

    /// Takes one down, or tells again that it is.
    void remove(Tx tx, Resource lease, String who) {
        switch (lease.state()) {
            case "requested", "preparing", "prepared", "creating", "active", "amending", "revising", "close_failed" ->
                processes
                        .schedule(tx, Request.now("lease.remove", lease.id(), who))
                        .orThrow();
            case "closing" -> {}
            default -> tellAgain(tx, lease);
        }
    }

    /// A lease has reached a state that others must know of.
    void ended(Tx tx, Resource resource, Optional<Refusal> refusal) {
        switch (resource.state()) {
            case "prepared" -> tell(tx, resource, UpdateLease.State.PREPARED, Optional.empty());
            case "active" -> tell(tx, resource, UpdateLease.State.ACTIVE, Optional.empty());
            case "failed" -> tell(tx, over(tx, resource), UpdateLease.State.FAILED, refusal);
            case "closed" -> tell(tx, over(tx, resource), UpdateLease.State.CLOSED, Optional.empty());
            case "close_failed" -> {
                booked.holdOn(tx, resource.id());
                processes.cancelTimers(tx, resource.id());
                tell(tx, resource, UpdateLease.State.CLOSE_FAILED, refusal);
            }
            default -> throw new IllegalStateException("lease " + resource.id() + " ended in " + resource.state());
        }
    }

    private Resource over(Tx tx, Resource resource) {
        booked.release(tx, resource.id());
        processes.cancelTimers(tx, resource.id());
        return resources.update(tx, resource.state(), resource.removedAt(platform.now()), authority, "ended");
    }

    void tellAgain(Tx tx, Resource resource) {
        switch (resource.state()) {
            case "prepared" -> tell(tx, resource, UpdateLease.State.PREPARED, Optional.empty());
            case "active" -> tell(tx, resource, UpdateLease.State.ACTIVE, Optional.empty());
            case "failed" ->
                tell(
                        tx,
                        resource,
                        UpdateLease.State.FAILED,
                        Optional.of(Refusal.broken(resource.message().orElse("failed"))));
            case "closed" -> tell(tx, resource, UpdateLease.State.CLOSED, Optional.empty());
            default -> {} // on its way: an update follows when it is there
        }
    }

    /// Who asked, and who promised.
    void tell(Tx tx, Resource resource, UpdateLease.State state, Optional<Refusal> refusal) {
        var lease = resource.as(Lease.class);
        var info = state == UpdateLease.State.ACTIVE || state == UpdateLease.State.PREPARED
                ? Optional.of(lease.info())
                : Optional.<LeaseInfo>empty();
        var why = state == UpdateLease.State.FAILED
                ? refusal.or(() -> Optional.of(Refusal.broken("the lease failed")))
                : refusal;
        var update = new UpdateLease(lease.sliver(), resource.version(), state, info, why);
        post.send(tx, authority, lease.asker(), update);
        lease.ticket().map(Ticket::broker).ifPresent(broker -> post.send(tx, authority, broker, update));
    }
}
