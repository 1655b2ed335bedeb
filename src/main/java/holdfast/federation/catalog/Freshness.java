package holdfast.federation.catalog;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How far a catalog believes what was published (fluidos.md 4.4 step 4, 6.10), as a pure function of its age.
public enum Freshness {
    /// It is told to whoever asks.
    LIVE,
    /// It is told to those who ask for such, too.
    SUSPECT,
    /// It is told to nobody, and forgotten.
    EXPIRED;

    private enum Age {
        YOUNG,
        OLD,
        OVER
    }

    /// @param age since its publisher saw that it is there; may be negative where clocks differ
    /// @param ttl for how long it counts
    /// @param doubted whether somebody said that it is not so, or its publisher does not answer
    public static Freshness of(Duration age, Duration ttl, boolean doubted) {
        return switch (age(age, ttl)) {
            case YOUNG -> doubted ? SUSPECT : LIVE;
            case OLD -> SUSPECT;
            case OVER -> EXPIRED;
        };
    }

    private static Age age(Duration age, Duration ttl) {
        if (age.compareTo(ttl) >= 0) {
            return Age.OVER;
        }
        return age.multipliedBy(2).compareTo(ttl) < 0 ? Age.YOUNG : Age.OLD;
    }

    /// As it is asked for and told.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Empty if there is none of that name.
    public static Optional<Freshness> named(String word) {
        return Arrays.stream(values())
                .filter(one -> one.name().equalsIgnoreCase(word))
                .findFirst();
    }
}
