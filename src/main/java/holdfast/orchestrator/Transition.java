package holdfast.orchestrator;

import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.orchestrator.News.CloseAsked;
import holdfast.orchestrator.News.LeaseArrived;
import holdfast.orchestrator.News.LeaseClosed;
import holdfast.orchestrator.News.LeaseFailed;
import holdfast.orchestrator.News.NothingAcquired;
import holdfast.orchestrator.News.RedeemDue;
import holdfast.orchestrator.News.SiteAcquired;
import holdfast.orchestrator.News.TicketArrived;
import holdfast.orchestrator.News.TicketRefused;
import holdfast.orchestrator.Sliver.Acquiring;
import holdfast.orchestrator.Sliver.Active;
import holdfast.orchestrator.Sliver.Closed;
import holdfast.orchestrator.Sliver.Closing;
import holdfast.orchestrator.Sliver.Failed;
import holdfast.orchestrator.Sliver.Redeeming;
import holdfast.orchestrator.Sliver.Ticketed;
import holdfast.orchestrator.Sliver.Ticketing;
import holdfast.orchestrator.Sliver.Wanted;
import holdfast.protocol.Message;
import holdfast.protocol.Ticket;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a sliver becomes, and whom it tells.
record Transition(Sliver sliver, List<Tell> told) {
    /// How often a ticket is asked for: what was acquired elsewhere may be gone when the broker looks.
    static final int MOST_ATTEMPTS = 3;

    /// A message and its receiver.
    sealed interface Tell {
        Message message();

        record Broker(Message message) implements Tell {}

        record Authority(String name, Message message) implements Tell {}

        /// Who finds room elsewhere.
        record Federation(Message message) implements Tell {}
    }

    private static Transition to(Sliver sliver, Tell... told) {
        return new Transition(sliver, List.of(told));
    }

    /// The whole machine (fabric.md 3.2, fluidos.md 4.1 steps 4, 30 and 31). What is told twice, or too late to
    /// matter, changes nothing.
    ///
    /// The broker is told that a ticket is free only when the authority has said that nothing of the lease is left,
    /// so that nobody is promised a device that is still in use. What was acquired for a sliver is given up when
    /// that sliver is over, and whoever lent it is said to have broken it if what ran there failed.
    static Transition after(SliverId id, Slice slice, Sliver sliver, News news) {
        var next = next(id, slice, sliver, news);
        boolean ends = next.sliver().over() && !sliver.over();
        var broken = sliver instanceof Active && next.sliver() instanceof Failed
                ? next.sliver().refusal()
                : Optional.<Refusal>empty();
        return ends && sliver.foreign() ? next.and(new Tell.Federation(new Message.GiveUp(id, broken))) : next;
    }

    private static Transition next(SliverId id, Slice slice, Sliver sliver, News news) {
        var relinquish = new Tell.Broker(new Message.Relinquish(id));
        return switch (sliver) {
            case Ticketing(var wanted) ->
                switch (news) {
                    case TicketArrived(var ticket) -> to(new Ticketed(wanted, ticket));
                    case TicketRefused(var attempt, var _) when attempt < wanted.attempt() -> to(sliver);
                    case TicketRefused(var _, var why)
                    when mayGoElsewhere(slice, wanted, why) ->
                        to(new Acquiring(wanted, why), acquire(id, slice, wanted));
                    case TicketRefused(var _, var why) -> to(new Failed(wanted, why));
                    case CloseAsked(var why) -> to(new Closed(wanted, why), relinquish);
                    case RedeemDue _, LeaseArrived _, LeaseFailed _, LeaseClosed _, SiteAcquired _, NothingAcquired _ ->
                        to(sliver);
                };
            case Acquiring(var wanted, var _) ->
                switch (news) {
                    case SiteAcquired(var attempt, var _) when attempt < wanted.attempt() -> to(sliver);
                    case SiteAcquired(var _, var site) -> {
                        var there = wanted.at(site);
                        yield to(new Ticketing(there), new Tell.Broker(request(id, slice, there)));
                    }
                    case NothingAcquired(var attempt, var _) when attempt < wanted.attempt() -> to(sliver);
                    case NothingAcquired(var _, var why) -> to(new Failed(wanted, why));
                    case CloseAsked(var why) -> to(new Closed(wanted, why), relinquish);
                    case TicketArrived _, TicketRefused _, RedeemDue _, LeaseArrived _, LeaseFailed _, LeaseClosed _ ->
                        to(sliver);
                };
            case Ticketed(var wanted, var ticket) ->
                switch (news) {
                    case RedeemDue _ ->
                        to(new Redeeming(wanted, ticket), tell(ticket, new Message.Redeem(id, slice.info(), ticket)));
                    case CloseAsked(var why) -> to(new Closed(wanted, why), relinquish);
                    case TicketArrived _,
                            TicketRefused _,
                            LeaseArrived _,
                            LeaseFailed _,
                            LeaseClosed _,
                            SiteAcquired _,
                            NothingAcquired _ -> to(sliver);
                };
            case Redeeming(var wanted, var ticket) ->
                switch (news) {
                    case LeaseArrived(var lease, var sequence, var trouble) ->
                        to(new Active(wanted, ticket, lease, sequence, trouble));
                    case LeaseFailed(var why) -> to(new Failed(wanted, why), relinquish);
                    case LeaseClosed(var why) -> to(new Closed(wanted, why), unlessStuck(why, relinquish));
                    case CloseAsked(var why) ->
                        to(new Closing(wanted, ticket, why), tell(ticket, new Message.Close(id)));
                    case TicketArrived _, TicketRefused _, RedeemDue _, SiteAcquired _, NothingAcquired _ -> to(sliver);
                };
            case Active(var wanted, var ticket, var _, var seen, var _) ->
                switch (news) {
                    case LeaseArrived(var lease, var sequence, var trouble)
                    when sequence > seen -> to(new Active(wanted, ticket, lease, sequence, trouble));
                    case LeaseFailed(var why) -> to(new Failed(wanted, why), relinquish);
                    case LeaseClosed(var why) -> to(new Closed(wanted, why), unlessStuck(why, relinquish));
                    case CloseAsked(var why) ->
                        to(new Closing(wanted, ticket, why), tell(ticket, new Message.Close(id)));
                    case LeaseArrived _,
                            TicketArrived _,
                            TicketRefused _,
                            RedeemDue _,
                            SiteAcquired _,
                            NothingAcquired _ -> to(sliver);
                };
            case Closing(var wanted, var _, var asked) ->
                switch (news) {
                    case LeaseClosed(var why) ->
                        to(new Closed(wanted, asked.or(() -> why)), unlessStuck(why, relinquish));
                    case LeaseFailed(var why) -> to(new Closed(wanted, asked.or(() -> Optional.of(why))), relinquish);
                    case LeaseArrived _,
                            CloseAsked _,
                            TicketArrived _,
                            TicketRefused _,
                            RedeemDue _,
                            SiteAcquired _,
                            NothingAcquired _ -> to(sliver);
                };
            case Closed _, Failed _ ->
                switch (news) {
                    // A promise that comes after we gave up must not be kept for nobody.
                    case TicketArrived _ -> to(sliver, relinquish);
                    case SiteAcquired _ -> to(sliver, new Tell.Federation(new Message.GiveUp(id)));
                    case TicketRefused _,
                            RedeemDue _,
                            LeaseArrived _,
                            LeaseFailed _,
                            LeaseClosed _,
                            CloseAsked _,
                            NothingAcquired _ -> to(sliver);
                };
        };
    }

    /// How it begins: the broker is asked, or whoever finds room elsewhere if it must not be here.
    static Transition first(SliverId id, Slice slice, Wanted wanted) {
        return slice.purpose().filter(Slice.Purpose::away).isPresent()
                ? to(
                        new Acquiring(wanted, Refusal.noRoom("it is to be elsewhere", Optional.empty())),
                        acquire(id, slice, wanted))
                : to(new Ticketing(wanted), new Tell.Broker(request(id, slice, wanted)));
    }

    private static Message.TicketRequest request(SliverId id, Slice slice, Wanted wanted) {
        return new Message.TicketRequest(id, slice.info(), wanted.demand(), wanted.term(), wanted.attempt());
    }

    private static Tell acquire(SliverId id, Slice slice, Wanted wanted) {
        var wish = slice.elsewhere().orElseThrow().wish();
        return new Tell.Federation(
                new Message.Acquire(id, slice.info(), wanted.demand(), wanted.term(), wanted.attempt(), wish));
    }

    private static boolean mayGoElsewhere(Slice slice, Wanted wanted, Refusal why) {
        return slice.elsewhere().isPresent() && why.kind() == Refusal.Kind.NO_ROOM && wanted.attempt() < MOST_ATTEMPTS;
    }

    /// What could not be taken down stays blocked at the broker, which hears of it from the authority.
    private static Tell[] unlessStuck(Optional<Refusal> why, Tell relinquish) {
        return why.isPresent() ? new Tell[0] : new Tell[] {relinquish};
    }

    private static Tell tell(Ticket ticket, Message message) {
        return new Tell.Authority(ticket.authority(), message);
    }

    private Transition and(Tell more) {
        return new Transition(
                sliver, Stream.concat(told.stream(), Stream.of(more)).toList());
    }
}
