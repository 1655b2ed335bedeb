package holdfast.api.resources;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Values as they are written.
final class Values {
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
    private static final int LONGEST_NUMBER = 40;

    private Values() {}

    /// `now`, ISO 8601 with a zone, or milliseconds since 1970.
    static Instant date(String field, String text, Instant now) {
        if (text.equals("now")) {
            return now;
        }
        return date(text)
                .orElseThrow(() -> Problem.invalid(
                        "InvalidDateFormat",
                        field,
                        field + " is '" + Form.shorten(text)
                                + "'; it must be a time such as 2031-04-05T06:07:08Z, or milliseconds since 1970"));
    }

    /// ISO 8601 with a zone, or milliseconds since 1970.
    static Optional<Instant> date(String text) {
        try {
            var time = text.matches("-?\\d{1,18}")
                    ? Instant.ofEpochMilli(Long.parseLong(text))
                    : OffsetDateTime.parse(text).toInstant();
            return time.isBefore(EARLIEST) || time.isAfter(LATEST)
                    ? Optional.empty()
                    : Optional.of(time.truncatedTo(ChronoUnit.MICROS));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    static BigDecimal number(String field, String text) {
        return number(text)
                .orElseThrow(() -> Problem.invalid(
                        "InvalidFormat", field, field + " is '" + Form.shorten(text) + "'; it must be a number"));
    }

    /// A decimal number of any usual size.
    static Optional<BigDecimal> number(String text) {
        return text.length() <= LONGEST_NUMBER && text.matches("[-+]?\\d+(\\.\\d+)?([eE][-+]?\\d{1,2})?")
                ? Optional.of(new BigDecimal(text))
                : Optional.empty();
    }

    /// To the second, as times are shown.
    static String shown(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
