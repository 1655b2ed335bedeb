package holdfast.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.types.Course;
import holdfast.engine.types.TypeFile;
import holdfast.orchestrator.SliceState.Operation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What the file of types says of slices and slivers is what the orchestrator does, and nothing is left out.
final class DeclaredCourseTest {
    private static final Set<String> OPERATIONS = Set.of("create", "modify", "renew", "delete");

    private record Way(String from, String to) {}

    private static Course course(String type) {
        return TypeFile.standard().stream()
                .filter(one -> one.name().equals(type))
                .findFirst()
                .flatMap(one -> one.course())
                .orElseThrow();
    }

    /// Nascent is what a slice is before it is stored.
    private static List<SliceState> stored() {
        return List.of(SliceState.values()).stream()
                .filter(state -> state != SliceState.NASCENT)
                .toList();
    }

    @Test
    void operations_lead_slices_as_declared() {
        for (var operation : Operation.values()) {
            var does = new HashSet<Way>();
            for (var state : stored()) {
                if (state.after(operation) instanceof Answer.Yes<SliceState>(var next) && next != state) {
                    does.add(new Way(state.word(), next.word()));
                }
            }
            var word = operation.name().toLowerCase(Locale.ROOT);
            assertThat(course("slice").changes().stream()
                            .filter(change -> change.on().equals(word))
                            .map(change -> new Way(change.from(), change.to()))
                            .collect(Collectors.toSet()))
                    .as(word)
                    .isEqualTo(does);
        }
        assertThat(SliceState.NASCENT.after(Operation.CREATE)).isEqualTo(Answer.yes(SliceState.CONFIGURING));
        assertThat(course("slice").initial()).containsExactly(SliceState.CONFIGURING.word());
    }

    @Test
    void slivers_lead_their_slice_as_declared() {
        var kinds = new ArrayList<>(Slivers.ALL);
        kinds.add(new Sliver.Closed(Slivers.WANTED, Optional.of(Slivers.WHY)));
        kinds.add(new Sliver.Closing(Slivers.WANTED, Slivers.TICKET, Optional.of(Slivers.WHY)));
        var does = new HashSet<Way>();
        for (var state : stored()) {
            for (int mixture = 1; mixture < 1 << kinds.size(); mixture++) {
                var slivers = new ArrayList<Sliver>();
                for (int kind = 0; kind < kinds.size(); kind++) {
                    if ((mixture >> kind & 1) == 1) {
                        slivers.add(kinds.get(kind));
                    }
                }
                var next = state.reevaluate(slivers);
                if (next != state) {
                    does.add(new Way(state.word(), next.word()));
                }
            }
        }
        assertThat(course("slice").changes().stream()
                        .filter(change -> !OPERATIONS.contains(change.on()))
                        .map(change -> new Way(change.from(), change.to()))
                        .collect(Collectors.toSet()))
                .isEqualTo(does);
    }

    @Test
    void news_lead_slivers_as_declared() {
        var does = new HashSet<Course.Change>();
        for (var sliver : Slivers.ALL) {
            for (var news : TransitionTest.NEWS) {
                var next = Transition.after(Slivers.ID, Slivers.FEDERATED, sliver, news)
                        .sliver();
                if (!next.state().equals(sliver.state())) {
                    does.add(new Course.Change(sliver.state(), next.state(), word(news)));
                }
            }
        }
        assertThat(Set.copyOf(course("sliver").changes())).isEqualTo(does);
    }

    private static String word(News news) {
        return switch (news) {
            case News.TicketArrived _ -> "ticket";
            case News.TicketRefused(var _, var why) ->
                why.kind() == Refusal.Kind.NO_ROOM ? "no room here" : "ticket refused";
            case News.SiteAcquired _ -> "acquired";
            case News.NothingAcquired _ -> "nothing acquired";
            case News.RedeemDue _ -> "term begins";
            case News.LeaseArrived _ -> "lease made";
            case News.LeaseFailed _ -> "lease failed";
            case News.LeaseClosed _ -> "lease closed";
            case News.CloseAsked _ -> "close";
        };
    }
}
