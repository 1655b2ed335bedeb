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
            new News.TicketRefused(Slivers.WHY),
            new News.RedeemDue(),
            new News.LeaseArrived(Slivers.LEASE, 4),
            new News.LeaseFailed(Slivers.WHY),
            new News.LeaseClosed(Optional.empty()),
            new News.LeaseClosed(Optional.of(Slivers.WHY)),
            new News.CloseAsked(Optional.empty()));

    private static Transition after(Sliver sliver, News news) {
        return Transition.after(Slivers.ID, Slivers.SLICE, sliver, news);
    }

    private static String told(Transition transition) {
        return transition.told().stream()
                .map(tell -> switch (tell) {
                    case Tell.Broker(var message) ->
                        "broker " + message.getClass().getSimpleName();
                    case Tell.Authority(var name, var message) ->
                        name + " " + message.getClass().getSimpleName();
                })
                .collect(Collectors.joining(", "));
    }

    @Test
    void the_whole_table() {
        var table = new StringBuilder();
        for (var sliver : Slivers.ALL) {
            for (var news : NEWS) {
                var transition = after(sliver, news);
                if (transition.sliver() != sliver || !transition.told().isEmpty()) {
                    table.append("%s + %s%s -> %s  %s%n"
                            .formatted(
                                    sliver.state(),
                                    news.getClass().getSimpleName(),
                                    news.equals(NEWS.get(6)) ? "(stuck)" : "",
                                    transition.sliver().state(),
                                    told(transition))
                            .replace("  \n", "\n"));
                }
            }
        }
        assertThat(table.toString()).isEqualTo("""
                ticketing + TicketArrived -> ticketed
                ticketing + TicketRefused -> failed
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
                failed + TicketArrived -> failed  broker Relinquish
                """);
    }

    @Test
    void an_update_older_than_the_last_one_changes_nothing() {
        var newer = new LeaseInfo("lab-w1", List.of(), Map.of("a", "b"));
        assertThat(after(Slivers.ACTIVE, new News.LeaseArrived(newer, 3)).sliver())
                .isSameAs(Slivers.ACTIVE);
        assertThat(after(Slivers.ACTIVE, new News.LeaseArrived(newer, 4)).sliver())
                .isInstanceOfSatisfying(
                        Sliver.Active.class,
                        active -> assertThat(active.lease()).isEqualTo(newer));
    }

    @Test
    void the_authority_is_told_the_ticket_as_the_broker_gave_it() {
        assertThat(after(Slivers.TICKETED, new News.RedeemDue()).told())
                .containsExactly(
                        new Tell.Authority("lab-am", new Message.Redeem(Slivers.ID, Slivers.SLICE, Slivers.TICKET)));
    }
}
