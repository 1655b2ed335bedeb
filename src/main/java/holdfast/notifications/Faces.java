package holdfast.notifications;

import java.util.Map;
import java.util.Optional;

/// All interfaces by which somebody may subscribe.
///
/// @param ours of those who agreed on nothing else
/// @param others by name
record Faces(Face ours, Map<String, Face> others) {
    Faces {
        others = Map.copyOf(others);
    }

    /// @return empty if this server does not serve that interface: what was subscribed by it waits
    Optional<Face> of(Subscription subscription) {
        return subscription.content().terms().isEmpty()
                ? Optional.of(ours)
                : subscription.content().terms().flatMap(terms -> Optional.ofNullable(others.get(terms.face())));
    }
}
