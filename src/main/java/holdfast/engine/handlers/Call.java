package holdfast.engine.handlers;

import holdfast.platform.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// One call of a handler by a process.
///
/// @param step which step of the process asks
/// @param name of the event
/// @param queue whose subscribers share it, if the handler says so
/// @param project the handler's
/// @param onError the process that follows an error
/// @param body the event as it is sent
/// @param deadline of the present send
/// @param giveUp beyond that nothing moves the deadline
/// @param patience how long to wait after each sign of life
/// @param offers how often it was put up for delivery
/// @param reply the last word of the handler
record Call(
        UUID id,
        UUID process,
        UUID resource,
        String step,
        UUID handler,
        String name,
        Optional<String> queue,
        String replyTo,
        String project,
        Optional<String> onError,
        ObjectNode body,
        Instant deadline,
        Instant giveUp,
        Duration patience,
        int sends,
        int offers,
        State state,
        Optional<ObjectNode> reply) {

    /// What has become of it.
    enum State {
        OPEN,
        /// There is an answer, which the process has not taken over yet.
        ANSWERED,
        /// The answer waits for a second one that it is compared with.
        ASIDE,
        /// The answer is part of the resource.
        MERGED,
        /// The handler said that it failed, which the process has not seen yet.
        FAILED,
        /// Nobody answered in time.
        SILENT,
        /// It is of no interest any more.
        VOID;

        /// Whether the process still has to see what becomes of it.
        boolean isUnderWay() {
            return this == OPEN || this == ANSWERED || this == FAILED;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /// The deadline after a sign of life at `now`.
    Instant extended(Instant now) {
        var next = now.plus(patience);
        return next.isBefore(giveUp) ? next : giveUp;
    }

    /// The event as it is sent. Its id, name and where to reply come first, for handlers that read it as text.
    ObjectNode event() {
        var event = Json.object();
        for (var first : List.of("id", "name", "replyTo")) {
            event.set(first, body.path(first));
        }
        return event.setAll(body);
    }

    /// The name of who is called: `dns` of `instance.start;handler=dns`, `1a5` of `ping;agent=1a5`.
    static String handlerOf(String event) {
        int mark = Math.max(event.indexOf(";handler="), event.indexOf(";agent="));
        return event.substring(event.indexOf('=', mark) + 1);
    }
}
