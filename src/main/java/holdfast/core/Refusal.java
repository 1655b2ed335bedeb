package holdfast.core;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Why something asked for is not done. A value, not an exception: it is stored, sent to other actors and shown to the
/// user as it is.
///
/// @param kind told apart because some client acts differently on each
/// @param message names the value, the rule it breaks and the way out, in one or two sentences
/// @param field the field of the request that is at fault, where there is one: a path such as `nodes.node1.site`
/// @param earliest for [Kind#NO_ROOM]: the first instant from which the same request would fit, if known
/// @param certificate for [Kind#NO_ROOM]: the place and the instant at which it fails, where one place alone shows it
/// @param wish which part of a request for a reservation to relax: `capacity`, `placement`, `zone`,
///     `element`, `affinity` or `policy` (promise.md 4.7)
/// @param proved whether it is impossible, rather than not found by a search that was given up
public record Refusal(
        Kind kind,
        String message,
        Optional<String> field,
        Optional<Instant> earliest,
        Optional<Certificate> certificate,
        Optional<String> wish,
        boolean proved) {
    @SuppressWarnings("NullAway") // what was stored before there were certificates has none
    public Refusal {
        certificate = Objects.requireNonNullElse(certificate, Optional.empty());
        wish = Objects.requireNonNullElse(wish, Optional.empty());
    }

    /// Without anything that only reservations have.
    public Refusal(Kind kind, String message, Optional<String> field, Optional<Instant> earliest) {
        this(kind, message, field, earliest, Optional.empty(), Optional.empty(), false);
    }

    /// The kinds of refusal.
    public enum Kind {
        /// What is asked about does not exist, or the caller may not know that it does.
        NOT_THERE,
        /// The caller may see it but not do this to it.
        NOT_YOURS,
        /// The request breaks a rule whatever the state of the world.
        MALFORMED,
        /// The request is fine; there is not enough of what it asks for in the time that it asks for.
        NO_ROOM,
        /// The state of the thing does not allow it now, or somebody else changed it first.
        CLASH,
        /// Somebody we need did not answer in time.
        SILENT,
        /// Something outside failed while doing it: a driver, a device, a host.
        BROKEN
    }

    public static Refusal notThere(String message) {
        return of(Kind.NOT_THERE, message);
    }

    /// @param field that names what is not there
    public static Refusal notThere(String field, String message) {
        return new Refusal(Kind.NOT_THERE, message, Optional.of(field), Optional.empty());
    }

    public static Refusal notYours(String message) {
        return of(Kind.NOT_YOURS, message);
    }

    public static Refusal malformed(String field, String message) {
        return new Refusal(Kind.MALFORMED, message, Optional.of(field), Optional.empty());
    }

    public static Refusal noRoom(String message, Optional<Instant> earliest) {
        return new Refusal(Kind.NO_ROOM, message, Optional.empty(), earliest);
    }

    public static Refusal clash(String message) {
        return of(Kind.CLASH, message);
    }

    public static Refusal silent(String message) {
        return of(Kind.SILENT, message);
    }

    public static Refusal broken(String message) {
        return of(Kind.BROKEN, message);
    }

    /// The same, with the wish to relax, the certificate, and whether it is proved.
    public Refusal because(String failed, Optional<Certificate> shown, boolean isProved) {
        return new Refusal(kind, message, field, earliest, shown, Optional.of(failed), isProved);
    }

    /// The same in other words.
    public Refusal saying(String other) {
        return new Refusal(kind, other, field, earliest, certificate, wish, proved);
    }

    /// The same, with its certificate in other words.
    public Refusal showing(UnaryOperator<Certificate> words) {
        return new Refusal(kind, message, field, earliest, certificate.map(words), wish, proved);
    }

    /// The same, with the first instant from which it would fit.
    public Refusal withEarliest(Optional<Instant> instant) {
        return new Refusal(kind, message, field, instant, certificate, wish, proved);
    }

    private static Refusal of(Kind kind, String message) {
        return new Refusal(kind, message, Optional.empty(), Optional.empty());
    }
}
