package holdfast.federation.resale;

import holdfast.federation.wire.Passing;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Whether a LIST that nothing here matches is passed on to others, and to whom (fluidos.md 6.7), as a pure function.
///
/// A question is passed on once by each node, never to one that has it already, and so often at most as its asker
/// says: so it ends, whoever knows whom.
public final class Forwarding {
    private static final List<Duration> WAITS =
            List.of(Duration.ofMillis(1_500), Duration.ofSeconds(3), Duration.ofSeconds(6), Duration.ofSeconds(10));

    private Forwarding() {}

    /// Somebody who could be asked.
    ///
    /// @param peer its resource
    /// @param node its id in its domain, if it has said it
    public record Outside(UUID peer, Optional<String> node) {}

    /// What is done.
    public sealed interface Decision {
        /// It is answered by what is known here.
        record Here(String why) implements Decision {}

        /// These are asked.
        ///
        /// @param limit for all of them together
        record On(List<Ask> asks, Duration limit) implements Decision {
            public On {
                asks = List.copyOf(asks);
            }
        }
    }

    /// One who is asked.
    public record Ask(UUID peer, Passing passing) {}

    /// @param self the id of this node
    /// @param fresh a name for the question if it has none
    /// @param first whether it was not passed on within the last minute, by its id, and if it has none: whether
    ///     nothing
    ///     like it is being passed on at the moment
    public static Decision decide(String self, Passing question, UUID fresh, boolean first, List<Outside> outside) {
        if (question.hops() < 1) {
            return new Decision.Here("it has come far enough");
        }
        if (!first) {
            return new Decision.Here("it was passed on before");
        }
        var asked = outside.stream()
                .filter(one -> one.node()
                        .filter(node -> node.equals(self) || question.path().contains(node))
                        .isEmpty())
                .toList();
        if (asked.isEmpty()) {
            return new Decision.Here("nobody else is known");
        }
        var named =
                asked.stream().flatMap(one -> one.node().stream()).distinct().toList();
        var asks = asked.stream()
                .map(one -> new Ask(one.peer(), question.to(one.node().orElse(""), named, self, fresh)))
                .toList();
        return new Decision.On(asks, wait(question.hops()));
    }

    /// How long a node waits for those whom it asks: less than whoever asked it, who has one hop more.
    ///
    /// @param hops how often the question may still be passed on, at least 1
    static Duration wait(int hops) {
        return WAITS.get(Math.min(hops, WAITS.size()) - 1);
    }
}
