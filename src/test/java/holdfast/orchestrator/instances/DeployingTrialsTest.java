package holdfast.orchestrator.instances;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.engine.Resources;
import holdfast.platform.Faults;
import holdfast.pools.clouds.Limits;
import holdfast.pools.clouds.Quotas.Kind;
import holdfast.pools.clouds.Quotas.Owner;
import holdfast.pools.clouds.Quotas.Use;
import holdfast.protocol.LeaseInfo;
import holdfast.protocol.Match;
import holdfast.protocol.Message;
import holdfast.protocol.Message.UpdateLease;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A deployment whose second instance cannot be made at the first account, with a server that is killed on the way,
/// around each seventh of its writes; whoever answers it answers twice if the answer may be lost.
final class DeployingTrialsTest {
    private static final int STRIDE = 7;
    private static final int MOST_TURNS = 200;

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /// One life, which goes on where it was cut off.
    private static final class Life {
        private final InstanceLab lab;
        private int answered;

        Life(TestDatabase test) {
            lab = new InstanceLab(test);
        }

        void live() {
            if (all().isEmpty()) {
                deploy();
            }
            lab.settle();
            for (int turn = 0; answered < lab.heard.size(); turn++) {
                assertThat(turn).isLessThan(MOST_TURNS);
                answer(lab.heard.get(answered));
                answered++;
                lab.settle();
            }
        }

        private List<UUID> all() {
            return lab.look(tx -> List.copyOf(lab.engine.resources().ids(tx, Resources.typed(Deploying.TYPE))));
        }

        private void deploy() {
            var order = new Deployment.Order(Optional.empty(), Optional.empty(), false, Map.of(), "");
            var drafts = Stream.of("front", "back")
                    .map(name -> new Parts.Draft(UUID.randomUUID(), "web/" + name, InstanceLab.order(false)))
                    .toList();
            lab.transaction(tx -> lab.deploying.create(
                            tx, InstanceLab.ANN, InstanceLab.POOL, "web", order, drafts, lab.owners()))
                    .orThrow();
        }

        private void answer(Message message) {
            switch (message) {
                case Message.Place place -> place(place);
                case Message.Provide provide -> {
                    boolean fails = provide.provider().equals(InstanceLab.FIRST)
                            && provide.slice().name().endsWith("back");
                    told(provide.sliver(), fails ? UpdateLease.State.FAILED : UpdateLease.State.ACTIVE);
                }
                case Message.Close(var sliver) -> told(sliver, UpdateLease.State.CLOSED);
                default -> throw new IllegalStateException("nobody takes " + message);
            }
        }

        /// What is counted is counted once, as the inbox of a broker sees to.
        private void place(Message.Place place) {
            var account = place.round() == 1 ? InstanceLab.FIRST : InstanceLab.SECOND;
            var ids =
                    place.sought().stream().map(Message.Place.Sought::instance).toList();
            var match = new Match(account, "m1", Map.of(), "x", Optional.empty());
            var matches = ids.stream().map(_ -> match).toList();
            lab.look(tx -> {
                if (lab.quotas.uses(tx, List.of(account)).get(account).total() == 0) {
                    lab.quotas.reserve(tx, ids, List.of(new Owner(Kind.ACCOUNT, account, Limits.NONE)));
                }
                var placed = new Message.Placed(place.launch(), place.round(), matches, Optional.empty());
                lab.engine.post().send(tx, "broker", Deploying.NAME, placed);
                return true;
            });
        }

        private void told(SliverId sliver, UpdateLease.State state) {
            var facts = Map.of("server.id", "i-1", "server.status", "RUNNING");
            var info = state == UpdateLease.State.ACTIVE
                    ? Optional.of(new LeaseInfo("", List.of(), facts))
                    : Optional.<LeaseInfo>empty();
            var why = Optional.of(Refusal.broken("no room")).filter(_ -> state == UpdateLease.State.FAILED);
            lab.tell("clouds", new UpdateLease(sliver, 1, state, info, why));
        }
    }

    @Test
    void a_launch_that_is_taken_back_and_made_elsewhere_survives_a_kill_around_any_write() {
        int commits = commits();
        assertThat(commits).isGreaterThan(20);
        for (int at = 1, n = 0; at <= commits; at += STRIDE, n++) {
            live(at, n % 2 == 0);
        }
    }

    private static int commits() {
        var counted = new int[1];
        try (var test = TestDatabase.fresh()) {
            var life = new Life(test);
            test.database().inject(new Faults() {
                @Override
                public void afterCommit(int n) {
                    counted[0] = n;
                }
            });
            life.live();
            test.database().inject(Faults.NONE);
            check(life, "nobody was killed");
        }
        return counted[0];
    }

    private static void live(int at, boolean after) {
        try (var test = TestDatabase.fresh()) {
            var life = new Life(test);
            test.database().inject(new Faults() {
                @Override
                public void beforeCommit(int n) {
                    if (!after && n == at) throw new Killed();
                }

                @Override
                public void afterCommit(int n) {
                    if (after && n == at) throw new Killed();
                }
            });
            try {
                life.live();
            } catch (Killed _) {
                test.database().inject(Faults.NONE);
                life.lab.engine.takeOver();
                life.live();
            }
            test.database().inject(Faults.NONE);
            check(life, (after ? "killed after commit " : "killed before commit ") + at);
        }
    }

    private static void check(Life life, String as) {
        var lab = life.lab;
        assertThat(life.all()).as(as).hasSize(1);
        var one = lab.resource(life.all().getFirst());
        assertThat(one.state()).as(as).isEqualTo("running");
        for (var part : one.as(Deployment.class).parts()) {
            assertThat(lab.resource(part).state()).as(as).isEqualTo("running");
            assertThat(lab.content(part).attempt().match().orElseThrow().account())
                    .as(as)
                    .isEqualTo(InstanceLab.SECOND);
        }
        assertThat(lab.used(InstanceLab.FIRST)).as(as).isEqualTo(new Use(0, 0, 0));
        assertThat(lab.used(InstanceLab.SECOND)).as(as).isEqualTo(new Use(0, 2, 0));
        assertThat(lab.used(InstanceLab.POOL)).as(as).isEqualTo(new Use(0, 2, 0));
    }
}
