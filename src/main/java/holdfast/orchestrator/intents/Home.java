package holdfast.orchestrator.intents;

import holdfast.protocol.rear.Constraint;
import holdfast.protocol.rear.Constraint.Operator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/// What this domain says of itself, so that parts with conditions know whether they may run in it.
///
/// @param words by metric, such as its country for the location
public record Home(Map<Constraint.Metric, Set<String>> words) {
    /// Of which nothing is said.
    public static final Home UNKNOWN = new Home(Map.of());

    public Home {
        var copy = new EnumMap<Constraint.Metric, Set<String>>(Constraint.Metric.class);
        copy.putAll(words);
        words = Map.copyOf(copy);
    }

    /// Whether it is known to meet it. Nothing is nearer than home, and nobody pays for what is theirs; how green
    /// it is nobody knows.
    boolean meets(Constraint constraint) {
        return switch (constraint.metric()) {
            case LATENCY, PRICE -> constraint.operator() == Operator.LESS || constraint.operator() == Operator.AT_MOST;
            case CARBON -> false;
            case LOCATION, COMPLIANCE, ARCHITECTURE, NETWORK, TEE_READINESS, VM_TYPE, CYBER_DECEPTION ->
                words.getOrDefault(constraint.metric(), Set.of()).stream()
                        .anyMatch(constraint.value()::equalsIgnoreCase);
        };
    }
}
