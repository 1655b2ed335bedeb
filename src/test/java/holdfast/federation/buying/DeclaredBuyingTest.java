package holdfast.federation.buying;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.engine.types.Course;
import holdfast.engine.types.TypeFile;
import holdfast.federation.buying.PurchaseCourse.Terms;
import holdfast.federation.buying.SolverCourse.Flags;
import holdfast.federation.buying.SolverCourse.Part;
import holdfast.federation.buying.SolverCourse.Sight;
import holdfast.protocol.rear.PeeringCourse;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What the file of types says of what is bought is what is done, and nothing is left out.
final class DeclaredBuyingTest {
    private static final boolean[] BOTH = {false, true};

    private record Way(String from, String to) {}

    private static Course course(String type) {
        return TypeFile.standard().stream()
                .filter(one -> one.name().equals(type))
                .findFirst()
                .flatMap(one -> one.course())
                .orElseThrow();
    }

    @Test
    void purchases_go_as_declared() {
        var does = new HashSet<Course.Change>();
        for (var state : PurchaseCourse.values())
            for (var news : PurchaseCourse.News.values())
                for (var weak : BOTH)
                    for (var fresh : BOTH)
                        state.after(news, new Terms(weak, fresh))
                                .filter(turn -> turn.state() != state)
                                .ifPresent(turn -> does.add(
                                        new Course.Change(Words.of(state), Words.of(turn.state()), Words.of(news))));
        assertThat(Set.copyOf(course(Purchase.TYPE).changes())).isEqualTo(does);
    }

    @Test
    void peerings_go_as_declared() {
        var does = new HashSet<Course.Change>();
        for (var state : PeeringCourse.values())
            for (var news : PeeringCourse.News.values())
                state.after(news)
                        .ifPresent(
                                next -> does.add(new Course.Change(Words.of(state), Words.of(next), Words.of(news))));
        assertThat(Set.copyOf(course(Peering.TYPE).changes())).isEqualTo(does);
    }

    /// Over all that there is to see, from all that a solver can become.
    @Test
    void solvers_go_as_declared() {
        var does = new HashSet<Way>();
        var seen = new HashSet<Reached>();
        reach(new Reached(SolverCourse.NEW, 0), seen, does);
        assertThat(course(Solver.TYPE).changes().stream()
                        .map(change -> new Way(change.from(), change.to()))
                        .collect(Collectors.toSet()))
                .isEqualTo(does);
    }

    /// @param flags of which some may be raised later
    private record Reached(SolverCourse course, int flags) {}

    private static void reach(Reached from, Set<Reached> seen, Set<Way> does) {
        if (!seen.add(from)) {
            return;
        }
        for (var part : Part.values())
            for (int mix = 0; mix < 128; mix++) {
                int flags = mix >> 4 | from.flags;
                var sight = new Sight((mix & 1) > 0, (mix & 2) > 0, (mix & 4) > 0, part, part, part, (mix & 8) > 0);
                var next = from.course
                        .next(new Flags((flags & 1) > 0, (flags & 2) > 0, (flags & 4) > 0), sight)
                        .course();
                if (next.state() != from.course.state()) {
                    does.add(new Way(Words.of(from.course.state()), Words.of(next.state())));
                }
                reach(new Reached(next, flags), seen, does);
            }
    }
}
