package holdfast.api.rear;

import holdfast.federation.wire.EventText.Form;
import holdfast.notifications.Subscription;
import holdfast.platform.Json;
import holdfast.protocol.rear.MarketScope;
import java.util.Optional;

/// A peer that subscribed, as it is kept with its subscription.
///
/// @param fingerprint of the key that it has proved; empty where it has proved none
/// @param node who it is or says that it is; empty if it does not say
/// @param viewer as rules of a domain call it
record Listener(Optional<String> fingerprint, Optional<String> node, String viewer, MarketScope scope, Form form) {
    static Listener of(Subscription subscription) {
        return Json.read(Json.text(subscription.content().terms().orElseThrow().said()), Listener.class);
    }

    /// Whose all subscriptions are together that it may have.
    String project() {
        return "peer " + fingerprint.or(() -> node).orElse("-");
    }

    /// The same, as rules call it now.
    Listener seenAs(String other) {
        return new Listener(fingerprint, node, other, scope, form);
    }

    /// Whether a buyer with that key is it, see [Passport#buyer]: with what it bought for others, too.
    boolean isBuyer(String key) {
        return fingerprint
                .map(own -> key.equals(own) || key.startsWith(own + Passport.OF))
                .orElseGet(() -> node.filter(id -> key.startsWith(id + "@") || key.startsWith(id + "."))
                        .isPresent());
    }
}
