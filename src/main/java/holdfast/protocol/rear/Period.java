package holdfast.protocol.rear;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// For how long a price is (fluidos.md 6.5).
public enum Period {
    SECOND(Duration.ofSeconds(1), "second"),
    MINUTE(Duration.ofMinutes(1), "minute"),
    HOUR(Duration.ofHours(1), "hour", "hourly"),
    DAY(Duration.ofDays(1), "day", "daily"),
    WEEK(Duration.ofDays(7), "week"),
    /// Of 30 days.
    MONTH(Duration.ofDays(30), "month", "monthly"),
    /// Of 365 days.
    YEAR(Duration.ofDays(365), "year");

    private final Duration length;
    private final List<String> words;

    Period(Duration length, String... words) {
        this.length = length;
        this.words = List.of(words);
    }

    public Duration length() {
        return length;
    }

    /// The period of that name, whatever the case; empty if prices for it cannot be compared with others.
    public static Optional<Period> of(String word) {
        return Stream.of(values())
                .filter(period -> period.words.contains(word.toLowerCase(Locale.ROOT)))
                .findFirst();
    }
}
