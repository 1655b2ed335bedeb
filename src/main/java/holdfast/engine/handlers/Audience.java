package holdfast.engine.handlers;

import holdfast.engine.Journal;
import java.util.UUID;

/// Who is told what a subscriber hears. All methods are called by one thread, may wait for the other side for a while,
/// and throw when it has gone.
interface Audience {
    default void opened() {}

    default void entry(Journal.Entry entry) {}

    /// @param subscriber who hears it, for [Claims#take]
    default void call(UUID subscriber, Call call) throws InterruptedException {}

    /// From time to time.
    default void tick() {}

    default void ping() {}
}
