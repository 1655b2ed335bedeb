package holdfast.sim;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.engine.Resource;
import holdfast.orchestrator.intents.Intents;
import holdfast.platform.Faults;
import holdfast.sim.World.Killed;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// Kills a server at each of its commits while it lives a life, and lets another one go on.
final class Trials {
    private Trials() {}

    /// What happens to a world.
    interface Life {
        /// Goes on where it was when it was cut off, so that a killed one can be continued.
        void live();
    }

    static final class Counter implements Faults {
        int commits;

        @Override
        public void afterCommit(int n) {
            commits = n;
        }
    }

    /// How many commits a life takes that nobody cuts off.
    static <L extends Life> int commits(Supplier<World> worlds, Function<World, L> begin) {
        var world = worlds.get();
        var counter = new Counter();
        world.faults(counter);
        begin.apply(world).live();
        world.faults(Faults.NONE);
        world.nothingIsLeft();
        return counter.commits;
    }

    /// Before the write: what the step did outside is done again by the next process, so this is also the trial
    /// that each step runs twice.
    ///
    /// @param worlds makes empty ones, all alike
    /// @param stride 1 = at each commit, n = at each nth
    /// @param check looks at each life when it is over; the text says where it was cut off
    static <L extends Life> void killAtEach(
            Supplier<World> worlds, int stride, boolean after, Function<World, L> begin, BiConsumer<L, String> check) {
        int commits = commits(worlds, begin);
        assertThat(commits).isGreaterThan(20);
        for (int at = 1; at <= commits; at += stride) {
            var world = worlds.get();
            world.faults(killer(at, after));
            var life = begin.apply(world);
            int deaths = 0;
            while (true) {
                try {
                    life.live();
                    break;
                } catch (Killed _) {
                    deaths++;
                    world.faults(Faults.NONE);
                    world.neverEver();
                    world.boot();
                    world.engine.takeOver();
                }
            }
            world.faults(Faults.NONE);
            world.neverEver();
            world.nothingIsLeft();
            assertThat(deaths).as("deaths at commit %s", at).isLessThanOrEqualTo(1);
            check.accept(life, "killed at commit " + at);
        }
    }

    /// Applies an intent, unless that was done before a kill.
    ///
    /// @param text that says its name, too
    static UUID applied(World world, String name, String text) {
        var answer =
                world.intents.understand(text).flatMap(understood -> world.intents.create(World.ALICE, understood));
        return switch (answer) {
            case Answer.Yes<Resource>(var made) -> made.id();
            case Answer.No<Resource> _ ->
                world.look(tx -> world.engine.resources().ofType(tx, Intents.TYPE, 10)).stream()
                        .filter(intent -> intent.name().equals(name))
                        .findFirst()
                        .map(Resource::id)
                        .orElseThrow();
        };
    }

    /// @return dies once, at the commit of that number
    static Faults killer(int at, boolean after) {
        return new Faults() {
            private boolean done;

            private void die(int n, boolean here) {
                if (here && n == at && !done) {
                    done = true;
                    throw new Killed();
                }
            }

            @Override
            public void beforeCommit(int n) {
                die(n, !after);
            }

            @Override
            public void afterCommit(int n) {
                die(n, after);
            }
        };
    }
}
