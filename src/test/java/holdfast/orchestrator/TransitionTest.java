package holdfast.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.orchestrator.Transition.Tell;
import holdfast.protocol.LeaseInfo;
import holdfast.protocol.Message;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The machine of a sliver: every state hears all news there is.
final class TransitionTest {
    static final List<News> NEWS = List.of(
            new News.TicketArrived(Slivers.TICKET),
            new News.TicketRefused(1, Slivers.WHY),
            new News.TicketRefused(1, Slivers.FULL),
            new News.SiteAcquired(1, "b-1"),
            new News.NothingAcquired(1, Slivers.WHY),
            new News.RedeemDue(),
            new News.LeaseArrived(Slivers.LEASE, 4, Optional.empty()),
            new News.LeaseFailed(Slivers.WHY),
            new News.LeaseClosed(Optional.empty()),
            new News.LeaseClosed(Optional.of(Slivers.WHY)),
            new News.CloseAsked(Optional.empty()));

    private static Transition after(Sliver sliver, News news) {
        return Transition.after(Slivers.ID, Slivers.SLICE, sliver, news);
    }

    private static String told(Transition transition) {
        return transition.told().stream()
                .map(tell -> {
                    var message = tell.message().getClass().getSimpleName();
                    return switch (tell) {
                        case Tell.Broker _ -> "broker " + message;
                        case Tell.Authority(var name, var _) -> name + " " + message;
                        case Tell.Federation _ -> "federation " + message;
                    };
                })
                .collect(Collectors.joining(", "));
    }

    private static String word(News news) {
        var name = news.getClass().getSimpleName();
        return switch (news) {
            case News.LeaseClosed(var why) when why.isPresent() -> name + "(stuck)";
            case News.TicketRefused(var _, var why) when why == Slivers.FULL -> name + "(full)";
            default -> name;
        };
    }

    private static String table(Slice slice, List<Sliver> slivers) {
        var table = new StringBuilder();
        for (var sliver : slivers) {
            for (var news : NEWS) {
                var transition = Transition.after(Slivers.ID, slice, sliver, news);
                if (transition.sliver() != sliver || !transition.told().isEmpty()) {
                    table.append("%s + %s -> %s  %s%n"
                            .formatted(
                                    sliver.state(),
                                    word(news),
                                    transition.sliver().state(),
                                    told(transition))
                            .replace("  \n", "\n"));
                }
            }
        }
        return table.toString();
    }

    @Test
    void the_whole_table() {
        var home = Slivers.ALL.stream()
                .filter(sliver -> !(sliver instanceof Sliver.Acquiring))
                .toList();
        assertThat(table(Slivers.SLICE, home)).isEqualTo("""
                ticketing + TicketArrived -> ticketed
                ticketing + TicketRefused -> failed
                ticketing + TicketRefused(full) -> failed
                ticketing + CloseAsked -> closed  broker Relinquish
                ticketed + RedeemDue -> redeeming  lab-am Redeem
                ticketed + CloseAsked -> closed  broker Relinquish
                redeeming + LeaseArrived -> active
                redeeming + LeaseFailed -> failed  broker Relinquish
                redeeming + LeaseClosed -> closed  broker Relinquish
                redeeming + LeaseClosed(stuck) -> closed
                redeeming + CloseAsked -> closing  lab-am Close
                active + LeaseArrived -> active
                active + LeaseFailed -> failed  broker Relinquish
                active + LeaseClosed -> closed  broker Relinquish
                active + LeaseClosed(stuck) -> closed
                active + CloseAsked -> closing  lab-am Close
                closing + LeaseFailed -> closed  broker Relinquish
                closing + LeaseClosed -> closed  broker Relinquish
                closing + LeaseClosed(stuck) -> closed
                closed + TicketArrived -> closed  broker Relinquish
                closed + SiteAcquired -> closed  federation GiveUp
                failed + TicketArrived -> failed  broker Relinquish
                failed + SiteAcquired -> failed  federation GiveUp
                """);
    }

    @Test
    void what_has_no_room_here_is_asked_for_elsewhere_and_given_up_at_the_end() {
        var there = Slivers.WANTED.at("b-1");
        assertThat(table(
                        Slivers.FEDERATED,
                        List.of(
                                Slivers.TICKETING,
                                Slivers.ACQUIRING,
                                new Sliver.Ticketing(there),
                                new Sliver.Ticketed(there, Slivers.TICKET),
                                new Sliver.Active(there, Slivers.TICKET, Slivers.LEASE, 3, Optional.empty()),
                                new Sliver.Closing(there, Slivers.TICKET, Optional.empty()))))
                .isEqualTo("""
                        ticketing + TicketArrived -> ticketed
                        ticketing + TicketRefused -> failed
                        ticketing + TicketRefused(full) -> acquiring  federation Acquire
                        ticketing + CloseAsked -> closed  broker Relinquish
                        acquiring + SiteAcquired -> ticketing  broker TicketRequest
                        acquiring + NothingAcquired -> failed  federation GiveUp
                        acquiring + CloseAsked -> closed  broker Relinquish, federation GiveUp
                        ticketing + TicketArrived -> ticketed
                        ticketing + CloseAsked -> closed  broker Relinquish, federation GiveUp
                        ticketed + RedeemDue -> redeeming  lab-am Redeem
                        ticketed + CloseAsked -> closed  broker Relinquish, federation GiveUp
                        active + LeaseArrived -> active
                        active + LeaseFailed -> failed  broker Relinquish, federation GiveUp
                        active + LeaseClosed -> closed  broker Relinquish, federation GiveUp
                        active + LeaseClosed(stuck) -> closed  federation GiveUp
                        active + CloseAsked -> closing  lab-am Close
                        closing + LeaseFailed -> closed  broker Relinquish, federation GiveUp
                        closing + LeaseClosed -> closed  broker Relinquish, federation GiveUp
                        closing + LeaseClosed(stuck) -> closed  federation GiveUp
                        """);
    }

    @Test
    void after_the_last_attempt_no_room_is_no_room() {
        var last = new Sliver.Ticketing(Slivers.WANTED.at("b-1").at("b-2"));
        var refused = Transition.after(
                Slivers.ID, Slivers.FEDERATED, last, new News.TicketRefused(Transition.MOST_ATTEMPTS, Slivers.FULL));
        assertThat(refused.sliver()).isInstanceOf(Sliver.Failed.class);
        assertThat(told(refused)).isEqualTo("federation GiveUp");
    }

    @Test
    void the_second_request_is_for_the_site_that_was_acquired() {
        var next = Transition.after(Slivers.ID, Slivers.FEDERATED, Slivers.ACQUIRING, new News.SiteAcquired(1, "b-1"));
        assertThat(next.told())
                .containsExactly(new Tell.Broker(new Message.TicketRequest(
                        Slivers.ID, Slivers.INFO, Slivers.DEMAND.at("b-1"), Slivers.WANTED.term(), 2)));
    }

    @Test
    void an_update_older_than_the_last_one_changes_nothing() {
        var newer = new LeaseInfo("lab-w1", List.of(), Map.of("a", "b"));
        assertThat(after(Slivers.ACTIVE, new News.LeaseArrived(newer, 3, Optional.empty()))
                        .sliver())
                .isSameAs(Slivers.ACTIVE);
        assertThat(after(Slivers.ACTIVE, new News.LeaseArrived(newer, 4, Optional.empty()))
                        .sliver())
                .isInstanceOfSatisfying(
                        Sliver.Active.class,
                        active -> assertThat(active.lease()).isEqualTo(newer));
    }

    @Test
    void the_authority_is_told_the_ticket_as_the_broker_gave_it() {
        assertThat(after(Slivers.TICKETED, new News.RedeemDue()).told())
                .containsExactly(
                        new Tell.Authority("lab-am", new Message.Redeem(Slivers.ID, Slivers.INFO, Slivers.TICKET)));
    }
}
