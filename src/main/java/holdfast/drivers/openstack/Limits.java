package holdfast.drivers.openstack;

import java.time.Duration;

/// How patient we are with a cloud.
///
/// @param login for a token
/// @param look for a GET
/// @param make for the POST of a server, port or volume, which takes a second or more
/// @param change for everything else
/// @param pause before a GET is tried for the second time; doubles each time
/// @param doubt how long an order whose answer was lost may take to show its effect
/// @param patience how long a cloud may be away before an instance is not made there at all
public record Limits(
        Duration login,
        Duration look,
        Duration make,
        Duration change,
        Duration pause,
        Duration doubt,
        Duration patience) {
    static final Duration CONNECT = Duration.ofSeconds(3);
    static final long LARGEST_ANSWER = 32 << 20;
    static final int TRIES = 3;
    /// Calls under way at once.
    static final int CALLS = 8;
    static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    /// Until credentials that were refused are tried again.
    static final Duration WHEN_DENIED = Duration.ofSeconds(60);
    /// Until a bus that was not there is tried again; doubles each time.
    static final Duration FIRST_PAUSE_OF_BUS = Duration.ofSeconds(1);
    /// A token that ends sooner is renewed.
    static final Duration TOKEN_LEFT = Duration.ofMinutes(5);

    public static final Limits STANDARD = new Limits(
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(10),
            Duration.ofMillis(200),
            Duration.ofSeconds(90),
            Duration.ofSeconds(15));

    Duration of(String method) {
        return switch (method) {
            case "GET" -> look;
            case "POST" -> make;
            default -> change;
        };
    }
}
