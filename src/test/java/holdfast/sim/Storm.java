package holdfast.sim;

import holdfast.engine.Post.Envelope;
import holdfast.platform.Faults;
import holdfast.sim.World.Killed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// What goes wrong in a world by chance: messages are lost, doubled, reordered and late, and the server dies before or
/// after a commit.
final class Storm {
    private final World world;
    private final Random dice;
    private final List<Envelope> late = new ArrayList<>();

    Storm(World world, Random dice) {
        this.world = world;
        this.dice = dice;
    }

    /// @param happen one thing that users, time or messages do
    /// @param neverEver looks for what must never be
    void rage(int events, Runnable happen, Runnable neverEver) {
        for (int event = 0; event < events; event++) {
            try {
                mayDie();
                happen.run();
            } catch (Killed _) {
                world.faults(Faults.NONE);
                world.boot();
                if (dice.nextBoolean()) {
                    world.engine.takeOver(); // else the claims of the dead lapse
                }
            }
            world.faults(Faults.NONE);
            if (event % 4 == 0) {
                neverEver.run();
            }
        }
    }

    private void mayDie() {
        if (dice.nextInt(12) == 0) {
            int fatal = 1 + dice.nextInt(4);
            boolean before = dice.nextBoolean();
            world.faults(new Faults() {
                @Override
                public void beforeCommit(int n) {
                    if (before && n == fatal) {
                        throw new Killed();
                    }
                }

                @Override
                public void afterCommit(int n) {
                    if (!before && n == fatal) {
                        throw new Killed();
                    }
                }
            });
        }
    }

    /// Any message, not only the oldest; it may be lost on the way, and an acknowledgement may be lost too. Some
    /// come again much later.
    void carry() {
        var mail = world.mail();
        if (mail.isEmpty()) {
            return;
        }
        var envelope = mail.get(dice.nextInt(mail.size()));
        int luck = dice.nextInt(10);
        if (luck == 0) {
            return;
        }
        if (luck == 1) {
            late.add(envelope);
        }
        world.deliver(envelope);
        if (luck > 2) {
            world.acknowledge(envelope);
        }
    }

    /// One of those that come again.
    void carryLate() {
        if (!late.isEmpty()) {
            world.deliver(late.remove(dice.nextInt(late.size())));
        }
    }

    /// All that are still to come again do so.
    void end() {
        late.forEach(world::deliver);
    }
}
