package holdfast.sim;

import holdfast.federation.wire.Call;
import holdfast.federation.wire.Endpoint;
import holdfast.federation.wire.NoAnswer;
import holdfast.federation.wire.Reply;
import holdfast.federation.wire.Wire;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// The way between domains that live in one thread. By chance it loses questions, loses answers, brings a question
/// twice, or brings one again that is long over.
final class SimWire implements Wire {
    private static final int OLD = 20;

    private final Map<String, Node> nodes = new HashMap<>();
    private final Deque<Call> old = new ArrayDeque<>();
    private final Random chance;
    /// How many calls in a hundred something happens to.
    int trouble;

    /// Addresses at which nobody answers now.
    final Set<String> away = new HashSet<>();

    /// Of which calls the answers are lost.
    Predicate<Call> lost = _ -> false;

    /// What becomes of answers.
    UnaryOperator<String> altered = UnaryOperator.identity();

    int calls;

    /// Who answers.
    interface Node {
        /// @throws World.Killed if it died over the question
        Reply answer(Call call);

        /// Called after it died.
        void reboot();
    }

    SimWire(long seed) {
        this.chance = new Random(seed);
    }

    void join(String address, Node node) {
        nodes.put(address, node);
    }

    @Override
    public Reply call(Endpoint to, Call call, Duration limit) throws NoAnswer {
        calls++;
        var node = nodes.get(to.address());
        if (node == null || away.contains(to.address())) {
            throw new NoAnswer("nobody is there", false);
        }
        old.addLast(call);
        if (old.size() > OLD) {
            old.removeFirst();
        }
        if (lost.test(call)) {
            asked(node, call);
            throw new NoAnswer("the answer was lost", true);
        }
        if (chance.nextInt(100) >= trouble) {
            return asked(node, call);
        }
        return switch (chance.nextInt(4)) {
            case 0 -> throw new NoAnswer("the question was lost", false);
            case 1 -> {
                asked(node, call);
                throw new NoAnswer("the answer was lost", true);
            }
            case 2 -> {
                asked(node, call);
                yield asked(node, call);
            }
            default -> {
                var again = old.stream()
                        .skip(chance.nextInt(old.size()))
                        .findFirst()
                        .orElseThrow();
                asked(node, again);
                yield asked(node, call);
            }
        };
    }

    private Reply asked(Node node, Call call) throws NoAnswer {
        try {
            var reply = node.answer(call);
            return new Reply(reply.status(), reply.headers(), altered.apply(reply.body()));
        } catch (World.Killed _) {
            node.reboot();
            throw new NoAnswer("it died", true);
        }
    }
}
