package holdfast.authority;

import holdfast.core.Interval;
import holdfast.core.SliverId;
import holdfast.core.Wanted;
import holdfast.protocol.LeaseInfo;
import holdfast.protocol.Message;
import holdfast.protocol.SliceInfo;
import holdfast.protocol.Ticket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// The authority's record of what it was asked to make real: a ticket that was redeemed (fabric.md 3.4), or an order
/// for a cloud (promise.md 4.8).
///
/// States: `requested`, `preparing`, `prepared`, `creating`, `active`, `amending`, `revising`, `failed`, `closing`,
/// `closed`, `close_failed`.
///
/// @param asker the actor that wants it
/// @param ticket what was redeemed; like `order` empty for one that was closed before it was asked for
/// @param order what is wanted of a cloud
/// @param host where it is, if the ticket does not know: it was promised by somebody to whom a part of a host is lent
/// @param units the exact units, in the order of the ticket's devices
/// @param facts what the driver said, by part and name: `gpu1.guest.bdf`
public record Lease(
        SliverId sliver,
        SliceInfo slice,
        String asker,
        Optional<Ticket> ticket,
        Optional<Order> order,
        Optional<String> host,
        List<LeaseInfo.Unit> units,
        Map<String, String> facts) {

    /// What a cloud was asked for.
    ///
    /// @param revision of the last amendment; 0 = none yet
    /// @param before what holds if the amendment that is under way cannot be had
    /// @param later the amendment that comes when the lease is no longer on its way
    public record Order(
            UUID provider,
            Interval term,
            Wanted wanted,
            long revision,
            Optional<Order> before,
            Optional<Message.Amend> later) {
        static Order of(UUID provider, Interval term, Wanted wanted) {
            return new Order(provider, term, wanted, 0, Optional.empty(), Optional.empty());
        }

        Order amended(Message.Amend amend) {
            return new Order(
                    provider,
                    amend.term(),
                    amend.wanted(),
                    amend.revision(),
                    Optional.of(awaiting(Optional.empty())),
                    Optional.empty());
        }

        Order settled() {
            return new Order(provider, term, wanted, revision, Optional.empty(), later);
        }

        Order takenBack() {
            return before.map(order -> new Order(provider, order.term, order.wanted, revision, Optional.empty(), later))
                    .orElse(this);
        }

        Order awaiting(Optional<Message.Amend> amend) {
            return new Order(provider, term, wanted, revision, before, amend);
        }
    }

    static Lease of(
            SliverId sliver,
            SliceInfo slice,
            String asker,
            Ticket ticket,
            Optional<String> host,
            List<LeaseInfo.Unit> units) {
        return new Lease(sliver, slice, asker, Optional.of(ticket), Optional.empty(), host, units, Map.of());
    }

    static Lease of(SliverId sliver, SliceInfo slice, String asker, Order order) {
        return new Lease(
                sliver, slice, asker, Optional.empty(), Optional.of(order), Optional.empty(), List.of(), Map.of());
    }

    /// One that was never asked for.
    static Lease never(SliverId sliver, SliceInfo slice, String asker) {
        return new Lease(
                sliver, slice, asker, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Map.of());
    }

    Lease with(Order next) {
        return new Lease(sliver, slice, asker, ticket, Optional.of(next), host, units, facts);
    }

    /// Whether all of that is known already.
    boolean knows(Map<String, String> now) {
        return facts != null && facts.entrySet().containsAll(now.entrySet());
    }

    /// The same with what was found out now.
    Lease knowing(Map<String, String> now) {
        var all = facts == null ? new TreeMap<String, String>() : new TreeMap<>(facts);
        all.putAll(now);
        return new Lease(sliver, slice, asker, ticket, order, host, units, all);
    }

    /// The name to show.
    String label() {
        return ticket.map(promised -> promised.demand().name())
                .or(() -> order.map(Order::wanted).flatMap(Lease::name))
                .orElse(sliver.toString());
    }

    private static Optional<String> name(Wanted wanted) {
        return switch (wanted) {
            case Wanted.Server server -> Optional.of(server.name());
            case Wanted.Instance instance -> Optional.of(instance.name());
            case Wanted.Volume volume -> Optional.of(volume.name());
            case Wanted.Hold _ -> Optional.empty();
        };
    }

    /// The host that the driver is to use.
    String machineHost() {
        return host.orElseGet(() -> ticket.orElseThrow().placement().host());
    }

    /// What the other actors are told of it: of a host that is lent no more than its borrower knows.
    LeaseInfo info() {
        var known = facts == null ? Map.<String, String>of() : facts;
        var host = ticket.map(promised -> promised.placement().host())
                .orElseGet(() -> known.getOrDefault(CloudProvisioning.SERVER + ".host", ""));
        return new LeaseInfo(host, units, known);
    }
}
