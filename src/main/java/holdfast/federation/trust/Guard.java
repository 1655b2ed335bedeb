package holdfast.federation.trust;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Knows callers by their keys.
public final class Guard {
    private final Pins pins;
    private final Tokens tokens;
    private final InstantSource clock;
    private final Seen seen = new Seen();

    public Guard(Pins pins, Tokens tokens, InstantSource clock) {
        this.pins = pins;
        this.tokens = tokens;
        this.clock = clock;
    }

    /// Who somebody is.
    public sealed interface Verdict {
        /// @param use what must not come twice
        record Known(Pin pin, Optional<Use> use) implements Verdict {}

        /// @param why for the caller
        record Unknown(String why) implements Verdict {}
    }

    /// The use of a token.
    public record Use(String id, Instant until) {}

    /// Whose key that is, which TLS has seen to be there.
    public Verdict known(String fingerprint) {
        return known(fingerprint, Optional.empty());
    }

    private Verdict known(String fingerprint, Optional<Use> use) {
        return pins.find(fingerprint)
                .<Verdict>map(pin -> new Verdict.Known(pin, use))
                .orElseGet(() -> new Verdict.Unknown(
                        "the key " + fingerprint + " is not known here; administrators add it as that of a peer"));
    }

    /// Who a token says it is.
    public Verdict read(String token) {
        return switch (tokens.read(token)) {
            case Tokens.Read.Bad(var why) -> bad(why);
            case Tokens.Read.Good good -> read(good);
        };
    }

    private Verdict read(Tokens.Read.Good token) {
        var verdict =
                known(token.fingerprint(), Optional.of(new Use(token.fingerprint() + " " + token.id(), token.until())));
        return verdict instanceof Verdict.Known(var pin, var _)
                        && pin.nodeId().filter(id -> !id.equals(token.issuer())).isPresent()
                ? bad("iss is " + token.issuer() + ", and its key is that of "
                        + pin.nodeId().orElseThrow())
                : verdict;
    }

    private static Verdict bad(String why) {
        return new Verdict.Unknown("your token does not count: " + why);
    }

    /// Uses a token.
    ///
    /// @return whether it was not here before
    public boolean first(Use use) {
        return seen.first(use.id(), use.until(), clock.instant());
    }
}
