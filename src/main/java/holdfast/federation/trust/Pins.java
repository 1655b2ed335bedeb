package holdfast.federation.trust;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// The keys that are known, by heart: whoever knocks with another one costs nothing. They are read anew after ten
/// seconds, and for an unknown one after one.
public final class Pins {
    private static final Duration OLD = Duration.ofSeconds(10);
    private static final Duration YOUNG = Duration.ofSeconds(1);

    private final Supplier<List<Pin>> source;
    private final InstantSource clock;
    private Map<String, Pin> known = Map.of();
    private Instant read = Instant.MIN;

    /// @param source reads them all
    public Pins(Supplier<List<Pin>> source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
    }

    /// Who has that key; empty if nobody of those that are known.
    public synchronized Optional<Pin> find(String fingerprint) {
        var age = known.containsKey(fingerprint) ? OLD : YOUNG;
        var now = clock.instant();
        if (read.equals(Instant.MIN) || !now.isBefore(read.plus(age))) {
            known = source.get().stream()
                    .collect(Collectors.toMap(Pin::fingerprint, Function.identity(), (first, _) -> first));
            read = now;
        }
        return Optional.ofNullable(known.get(fingerprint));
    }
}
