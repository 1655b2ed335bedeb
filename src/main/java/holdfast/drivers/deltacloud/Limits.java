package holdfast.drivers.deltacloud;

import java.time.Duration;

/// How patient we are with a Deltacloud server (aeolus.md 5.6, 6.8, 6.9).
///
/// @param read for all calls but the next
/// @param create for the call that makes an instance
/// @param doubt how long an order whose answer was lost may take to show its effect
/// @param patience how long a server may be away before an instance is not made there at all
/// @param pause between two looks at something that is on its way
public record Limits(Duration read, Duration create, Duration doubt, Duration patience, Duration pause) {
    static final Duration CONNECT = Duration.ofSeconds(5);
    static final long LARGEST_ANSWER = 16 << 20;
    /// Of a list of instances, which is not held.
    static final long LARGEST_LIST = 256 << 20;
    /// Bytes of an answer that says what is wrong.
    static final int LONGEST_COMPLAINT = 1 << 16;
    static final int REDIRECTS = 3;
    static final int LONGEST_MESSAGE = 2_000;
    /// Entries of a list that are read.
    static final int LONGEST_LIST = 10_000;
    /// Instances of an account; if it has more, none of them counts as lost.
    static final int MOST_INSTANCES = 100_000;
    static final Duration STATES_KEPT = Duration.ofHours(1);
    static final Duration PROFILES_KEPT = Duration.ofHours(1);
    static final Duration REALMS_KEPT = Duration.ofMinutes(5);
    /// Until credentials that were refused are tried again.
    static final Duration WHEN_DENIED = Duration.ofSeconds(60);
    /// An action that has shown no effect for so long is asked for again (aeolus.md 3.4).
    static final Duration NO_EFFECT = Duration.ofSeconds(120);

    public static final Limits STANDARD = new Limits(
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(90),
            Duration.ofSeconds(15),
            Duration.ofSeconds(5));
}
