package holdfast.notifications;

import holdfast.engine.Notice;
import holdfast.notifications.NoticeBoard.Numbered;
import holdfast.notifications.Receiver.Letter;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.time.Duration;
import java.util.Optional;

/// How those are told who subscribed by one interface: of what, in which words, and for how long it is tried.
public interface Face {
    /// @return why the one who made a subscription may not hear any more; empty if he may, or if it cannot be known
    Optional<String> barred(Tx tx, Subscription subscription);

    /// Whether that is for it.
    boolean hears(Subscription subscription, Notice notice);

    /// A notice as it is told.
    Letter letter(Subscription subscription, Numbered notice);

    Patience patience();

    /// With one who does not take what is brought.
    ///
    /// @param longestPause between two attempts: 1, 2, 4 s .. so long
    /// @param whole so long it is tried since the last success
    /// @param keeps whether the subscription rests then, until it is changed; else it is removed
    record Patience(Duration longestPause, Duration whole, boolean keeps) {}

    /// Our own (promise.md 5.3).
    static Face ours(Hearers hearers) {
        return new Face() {
            private static final Patience DAY = new Patience(Duration.ofSeconds(300), Duration.ofHours(24), true);

            @Override
            public Optional<String> barred(Tx tx, Subscription subscription) {
                return hearers.barred(tx, subscription);
            }

            @Override
            public boolean hears(Subscription subscription, Notice notice) {
                return subscription.hears(notice);
            }

            @Override
            public Letter letter(Subscription subscription, Numbered notice) {
                return Letter.json(Json.text(
                        notice.body().put("subscription", subscription.id().toString())));
            }

            @Override
            public Patience patience() {
                return DAY;
            }
        };
    }
}
