package holdfast.federation.buying;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.federation.buying.SolverCourse.Act;
import holdfast.federation.buying.SolverCourse.Flags;
import holdfast.federation.buying.SolverCourse.Part;
import holdfast.federation.buying.SolverCourse.Phase;
import holdfast.federation.buying.SolverCourse.Sight;
import holdfast.federation.buying.SolverCourse.State;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SolverCourseTest {
    private static final Sight NOTHING = new Sight(false, true, true, Part.NONE, Part.NONE, Part.NONE, false);

    private static SolverCourse running(Phase find, Phase buy, Phase peer) {
        return new SolverCourse(State.RUNNING, find, buy, peer);
    }

    private static void leads(SolverCourse from, Flags wanted, Sight sight, State state, String phases, Act act) {
        var turn = from.next(wanted, sight);
        var next = turn.course();
        assertThat(next.state() + " " + next.find() + " " + next.buy() + " " + next.peer() + " " + turn.act())
                .isEqualTo(state + " " + phases + " " + act);
    }

    private static Sight candidate() {
        return new Sight(true, true, true, Part.NONE, Part.NONE, Part.NONE, false);
    }

    private static Sight discovered(Part part, boolean candidate) {
        return new Sight(candidate, true, true, part, Part.NONE, Part.NONE, false);
    }

    private static Sight bought(Part part) {
        return new Sight(true, true, true, Part.SOLVED, part, Part.NONE, false);
    }

    private static Sight peered(Part part) {
        return new Sight(true, true, true, Part.SOLVED, Part.SOLVED, part, false);
    }

    private static Sight late() {
        return new Sight(true, true, true, Part.RUNNING, Part.RUNNING, Part.RUNNING, true);
    }

    @Test
    void the_whole_table() {
        var all = Flags.ALL;
        leads(SolverCourse.NEW, all, NOTHING, State.RUNNING, "IDLE NONE NONE", Act.NOTHING); // S1
        var finding = running(Phase.IDLE, Phase.NONE, Phase.NONE);
        leads(finding, all, candidate(), State.RUNNING, "SOLVED NONE NONE", Act.NOTHING); // S2
        leads(finding, all, NOTHING, State.RUNNING, "RUNNING NONE NONE", Act.DISCOVER); // S3
        var asking = running(Phase.RUNNING, Phase.NONE, Phase.NONE);
        leads(asking, all, late(), State.TIMED_OUT, "RUNNING NONE NONE", Act.NOTHING); // S4
        leads(asking, all, discovered(Part.RUNNING, false), State.RUNNING, "RUNNING NONE NONE", Act.NOTHING); // S5
        leads(asking, all, discovered(Part.SOLVED, true), State.RUNNING, "SOLVED NONE NONE", Act.NOTHING);
        leads(asking, all, discovered(Part.SOLVED, false), State.FAILED, "FAILED NONE NONE", Act.NOTHING); // S6
        leads(asking, all, discovered(Part.FAILED, false), State.RUNNING, "RUNNING NONE NONE", Act.DISCOVER);
        var twice = new Sight(false, false, true, Part.FAILED, Part.NONE, Part.NONE, false);
        leads(asking, all, twice, State.FAILED, "FAILED NONE NONE", Act.NOTHING);
        leads(
                SolverCourse.NEW,
                new Flags(false, true, true),
                candidate(),
                State.RUNNING,
                "NONE IDLE NONE",
                Act.NOTHING); // S7
        var found = running(Phase.SOLVED, Phase.NONE, Phase.NONE);
        leads(found, all, candidate(), State.RUNNING, "SOLVED IDLE NONE", Act.NOTHING); // S8
        var buying = running(Phase.SOLVED, Phase.IDLE, Phase.NONE);
        leads(buying, all, candidate(), State.RUNNING, "SOLVED RUNNING NONE", Act.RESERVE); // S9
        leads(buying, all, NOTHING, State.RUNNING, "RUNNING IDLE NONE", Act.DISCOVER); // S10
        var last = new Sight(false, false, true, Part.SOLVED, Part.FAILED, Part.NONE, false);
        leads(buying, all, last, State.FAILED, "SOLVED FAILED NONE", Act.NOTHING);
        var enough = new Sight(true, true, false, Part.SOLVED, Part.FAILED, Part.NONE, false);
        leads(buying, all, enough, State.FAILED, "SOLVED FAILED NONE", Act.NOTHING);
        var paying = running(Phase.SOLVED, Phase.RUNNING, Phase.NONE);
        leads(paying, all, late(), State.TIMED_OUT, "SOLVED RUNNING NONE", Act.NOTHING); // S11
        leads(paying, all, bought(Part.RUNNING), State.RUNNING, "SOLVED RUNNING NONE", Act.NOTHING);
        leads(paying, all, bought(Part.READY), State.RUNNING, "SOLVED RUNNING NONE", Act.CHOOSE);
        leads(paying, all, bought(Part.SOLVED), State.RUNNING, "SOLVED SOLVED NONE", Act.NOTHING); // S12
        leads(paying, all, bought(Part.FAILED), State.RUNNING, "SOLVED IDLE NONE", Act.NOTHING);
        var owner = running(Phase.SOLVED, Phase.SOLVED, Phase.NONE);
        leads(found, new Flags(true, false, true), NOTHING, State.SOLVED, "SOLVED NONE NONE", Act.NOTHING); // S13
        leads(owner, all, NOTHING, State.RUNNING, "SOLVED SOLVED IDLE", Act.NOTHING); // S14
        var opening = running(Phase.SOLVED, Phase.SOLVED, Phase.IDLE);
        leads(opening, all, NOTHING, State.RUNNING, "SOLVED SOLVED RUNNING", Act.OPEN);
        var peering = running(Phase.SOLVED, Phase.SOLVED, Phase.RUNNING);
        leads(peering, all, late(), State.TIMED_OUT, "SOLVED SOLVED FAILED", Act.NOTHING); // S15
        leads(peering, all, peered(Part.RUNNING), State.RUNNING, "SOLVED SOLVED RUNNING", Act.NOTHING); // S16
        leads(peering, all, peered(Part.SOLVED), State.RUNNING, "SOLVED SOLVED SOLVED", Act.NOTHING);
        leads(peering, all, peered(Part.FAILED), State.RUNNING, "SOLVED IDLE NONE", Act.NOTHING);
        var done = running(Phase.SOLVED, Phase.SOLVED, Phase.SOLVED);
        leads(done, all, NOTHING, State.SOLVED, "SOLVED SOLVED SOLVED", Act.NOTHING); // S17
    }

    @Test
    void flags_are_raised_one_by_one() {
        var sight = new Sight(true, true, true, Part.SOLVED, Part.SOLVED, Part.SOLVED, false);
        var states = new ArrayList<String>();
        var course = SolverCourse.NEW;
        for (var wanted : List.of(new Flags(true, false, false), new Flags(true, true, false), Flags.ALL)) {
            for (int turn = 0; turn < 10; turn++) {
                course = course.next(wanted, sight).course();
            }
            states.add(course.state() + " " + course.find() + " " + course.buy() + " " + course.peer());
        }
        assertThat(states)
                .containsExactly("SOLVED SOLVED NONE NONE", "SOLVED SOLVED SOLVED NONE", "SOLVED SOLVED SOLVED SOLVED");
    }

    @Test
    void what_is_over_stays_over() {
        for (var state : List.of(State.FAILED, State.TIMED_OUT)) {
            var over = new SolverCourse(state, Phase.SOLVED, Phase.RUNNING, Phase.NONE);
            assertThat(over.next(Flags.ALL, bought(Part.SOLVED)).course()).isEqualTo(over);
        }
    }
}
