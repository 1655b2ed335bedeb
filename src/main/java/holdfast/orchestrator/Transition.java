package holdfast.orchestrator;

import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.orchestrator.News.CloseAsked;
import holdfast.orchestrator.News.LeaseArrived;
import holdfast.orchestrator.News.LeaseClosed;
import holdfast.orchestrator.News.LeaseFailed;
import holdfast.orchestrator.News.RedeemDue;
import holdfast.orchestrator.News.TicketArrived;
import holdfast.orchestrator.News.TicketRefused;
import holdfast.orchestrator.Sliver.Active;
import holdfast.orchestrator.Sliver.Closed;
import holdfast.orchestrator.Sliver.Closing;
import holdfast.orchestrator.Sliver.Failed;
import holdfast.orchestrator.Sliver.Redeeming;
import holdfast.orchestrator.Sliver.Ticketed;
import holdfast.orchestrator.Sliver.Ticketing;
import holdfast.protocol.Message;
import holdfast.protocol.SliceInfo;
import holdfast.protocol.Ticket;
import java.util.List;
import java.util.Optional;

/// What a sliver becomes, and whom it tells.
record Transition(Sliver sliver, List<Tell> told) {

    /// A message and its receiver.
    sealed interface Tell {
        Message message();

        record Broker(Message message) implements Tell {}

        record Authority(String name, Message message) implements Tell {}
    }

    private static Transition to(Sliver sliver, Tell... told) {
        return new Transition(sliver, List.of(told));
    }

    /// The whole machine (fabric.md 3.2). What is told twice, or too late to matter, changes nothing.
    ///
    /// The broker is told that a ticket is free only when the authority has said that nothing of the lease is left,
    /// so that nobody is promised a device that is still in use.
    static Transition after(SliverId id, SliceInfo slice, Sliver sliver, News news) {
        var relinquish = new Tell.Broker(new Message.Relinquish(id));
        return switch (sliver) {
            case Ticketing(var wanted) ->
                switch (news) {
                    case TicketArrived(var ticket) -> to(new Ticketed(wanted, ticket));
                    case TicketRefused(var why) -> to(new Failed(wanted, why));
                    case CloseAsked(var why) -> to(new Closed(wanted, why), relinquish);
                    case RedeemDue _, LeaseArrived _, LeaseFailed _, LeaseClosed _ -> to(sliver);
                };
            case Ticketed(var wanted, var ticket) ->
                switch (news) {
                    case RedeemDue _ ->
                        to(new Redeeming(wanted, ticket), tell(ticket, new Message.Redeem(id, slice, ticket)));
                    case CloseAsked(var why) -> to(new Closed(wanted, why), relinquish);
                    case TicketArrived _, TicketRefused _, LeaseArrived _, LeaseFailed _, LeaseClosed _ -> to(sliver);
                };
            case Redeeming(var wanted, var ticket) ->
                switch (news) {
                    case LeaseArrived(var lease, var sequence) -> to(new Active(wanted, ticket, lease, sequence));
                    case LeaseFailed(var why) -> to(new Failed(wanted, why), relinquish);
                    case LeaseClosed(var why) -> to(new Closed(wanted, why), unlessStuck(why, relinquish));
                    case CloseAsked(var why) ->
                        to(new Closing(wanted, ticket, why), tell(ticket, new Message.Close(id)));
                    case TicketArrived _, TicketRefused _, RedeemDue _ -> to(sliver);
                };
            case Active(var wanted, var ticket, var _, var seen) ->
                switch (news) {
                    case LeaseArrived(var lease, var sequence)
                    when sequence > seen -> to(new Active(wanted, ticket, lease, sequence));
                    case LeaseFailed(var why) -> to(new Failed(wanted, why), relinquish);
                    case LeaseClosed(var why) -> to(new Closed(wanted, why), unlessStuck(why, relinquish));
                    case CloseAsked(var why) ->
                        to(new Closing(wanted, ticket, why), tell(ticket, new Message.Close(id)));
                    case LeaseArrived _, TicketArrived _, TicketRefused _, RedeemDue _ -> to(sliver);
                };
            case Closing(var wanted, var _, var asked) ->
                switch (news) {
                    case LeaseClosed(var why) ->
                        to(new Closed(wanted, asked.or(() -> why)), unlessStuck(why, relinquish));
                    case LeaseFailed(var why) -> to(new Closed(wanted, asked.or(() -> Optional.of(why))), relinquish);
                    case LeaseArrived _, CloseAsked _, TicketArrived _, TicketRefused _, RedeemDue _ -> to(sliver);
                };
            case Closed _, Failed _ ->
                switch (news) {
                    // A promise that comes after we gave up must not be kept for nobody.
                    case TicketArrived _ -> to(sliver, relinquish);
                    case TicketRefused _, RedeemDue _, LeaseArrived _, LeaseFailed _, LeaseClosed _, CloseAsked _ ->
                        to(sliver);
                };
        };
    }

    /// What could not be taken down stays blocked at the broker, which hears of it from the authority.
    private static Tell[] unlessStuck(Optional<Refusal> why, Tell relinquish) {
        return why.isPresent() ? new Tell[0] : new Tell[] {relinquish};
    }

    private static Tell tell(Ticket ticket, Message message) {
        return new Tell.Authority(ticket.authority(), message);
    }
}
