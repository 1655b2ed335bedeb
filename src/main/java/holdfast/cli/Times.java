package holdfast.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/// Times as people write and read them: in the local zone.
final class Times {
    private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final Pattern FROM_NOW = Pattern.compile("\\+([0-9]{1,6})([smhdw])");

    private Times() {}

    /// `2031-04-05 08:00`; what is not a time is given back as it is.
    static String minutes(String iso, ZoneId zone) {
        return shown(iso, zone, MINUTES);
    }

    /// `2031-04-05 08:00:12`; what is not a time is given back as it is.
    static String seconds(String iso, ZoneId zone) {
        return shown(iso, zone, SECONDS);
    }

    private static String shown(String iso, ZoneId zone, DateTimeFormatter format) {
        if (iso.isEmpty()) return "";
        try {
            return format.format(Instant.parse(iso).atZone(zone));
        } catch (DateTimeException _) {
            return iso;
        }
    }

    /// `0.4 s`, `12 s`, `3 min 20 s`, `5 h 10 min`, `3 d 4 h`.
    static String words(Duration duration) {
        if (duration.isNegative()) return "0 s";
        long seconds = duration.toSeconds();
        if (seconds < 10) return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
        if (seconds < 60) return seconds + " s";
        if (seconds < 3600) return two(seconds / 60, "min", seconds % 60, "s");
        if (seconds < 86_400) return two(seconds / 3600, "h", seconds % 3600 / 60, "min");
        return two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h");
    }

    private static String two(long large, String unit, long small, String smallUnit) {
        return small == 0 ? large + " " + unit : large + " " + unit + " " + small + " " + smallUnit;
    }

    /// Reads a length of time such as `2h` (s, m, h, d, w).
    ///
    /// @throws CliException if it is none
    static Duration length(String option, String text) {
        var length = FROM_NOW.matcher("+" + text);
        if (!length.matches())
            throw new CliException(
                    ExitCode.USAGE, option + " is not a length of time: " + text, "write it like 90m or 2h");
        return Duration.between(Instant.EPOCH, parse(option, "+" + text, Instant.EPOCH, ZoneOffset.UTC));
    }

    /// Where clocks are put forward there are local times that nobody sees.
    private static Instant existing(String option, LocalDateTime local, ZoneId zone) {
        if (zone.getRules().getValidOffsets(local).isEmpty()) {
            var gap = zone.getRules().getTransition(local);
            throw new CliException(
                    ExitCode.USAGE,
                    option + " is a time that there is not in " + zone + ": clocks go from "
                            + MINUTES.format(gap.getDateTimeBefore()) + " to " + MINUTES.format(gap.getDateTimeAfter()),
                    "write another, or one with its zone such as 2031-04-05T08:00:00Z");
        }
        return local.atZone(zone).toInstant();
    }

    /// Reads `2031-04-05T08:00:00Z`, `2031-04-05 08:00` or `2031-04-05` in the local zone, or `+3h` from now (s, m,
    /// h, d, w).
    ///
    /// @throws CliException if it is none of these
    static Instant parse(String option, String text, Instant now, ZoneId zone) {
        var fromNow = FROM_NOW.matcher(text);
        if (fromNow.matches()) {
            long count = Long.parseLong(fromNow.group(1));
            return now.plusSeconds(count
                    * switch (fromNow.group(2)) {
                        case "s" -> 1L;
                        case "m" -> 60L;
                        case "h" -> 3600L;
                        case "d" -> 86_400L;
                        default -> 604_800L;
                    });
        }
        try {
            var iso = text.strip().replaceFirst(" ", "T");
            if (!iso.contains("T"))
                return LocalDate.parse(iso).atStartOfDay(zone).toInstant();
            if (iso.matches(".*(Z|[+-][0-9:]{2,6})") && !iso.matches("[0-9-]{10}T[0-9:.]*"))
                return OffsetDateTime.parse(iso).toInstant();
            return existing(option, LocalDateTime.parse(iso), zone);
        } catch (DateTimeException _) {
            throw new CliException(
                    ExitCode.USAGE,
                    option + " is not a time: " + text,
                    "write it like 2031-04-05T08:00:00Z, '2031-04-05 08:00' (local), 2031-04-05, or +3h from now");
        }
    }
}
