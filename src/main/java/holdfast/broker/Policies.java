package holdfast.broker;

import holdfast.broker.choice.BeforeEnd;
import holdfast.core.Interval;
import holdfast.engine.RuntimeSettings;
import holdfast.engine.RuntimeSettings.Known;
import holdfast.engine.SettingRule.Flag;
import holdfast.engine.SettingRule.Listed;
import holdfast.engine.SettingRule.Whole;
import holdfast.pools.WindowPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What administrators say about reservations while the servers run (promise.md 2.2, 6.10).
public final class Policies {
    private static final int DAYS = 36_500;
    private static final Known START = new Known(
            "reservation.start.most.days", "365", new Whole(0, DAYS), "How far ahead a reservation may begin.");
    private static final Known END =
            new Known("reservation.end.most.days", "730", new Whole(0, DAYS), "How far ahead a reservation may end.");
    private static final Known LONGEST = new Known(
            "reservation.longest.hours",
            "8760",
            new Whole(1, DAYS * 24),
            "How long a reservation may last, and does if nothing is said of its end.");
    private static final String PROJECT = "[\\p{Alnum}][\\p{Alnum}._@-]{0,99}";
    private static final Known EXEMPT = new Known(
            "reservation.longest.exempt",
            "",
            new Listed(Pattern.compile(PROJECT), "names of projects"),
            "Projects whose reservations may last longer than others.");
    private static final Known AHEAD = new Known(
            "reservation.hours.ahead",
            "",
            new Listed(
                    Pattern.compile("(?:" + PROJECT + "/)?[a-z][a-z_]{0,31}=\\d{1,15}"),
                    "limits such as vcpu=5000 for each project or physics/vcpu=90000 for one"),
            "How much a project may have reserved from now on at most: amounts times hours.");
    private static final Known UNBOUNDED =
            new Known("reservation.unbounded", "false", new Flag(), "Whether a reservation may have no end.");
    private static final Known VALIDITY = new Known(
            "reservation.validity.minutes",
            "600",
            new Whole(0, DAYS * 24 * 60),
            "How long a reservation for now is good if nothing of it is used and nothing else is said; 0 = to its end.");
    private static final Known RECALL = new Known(
            "preemption.notice.seconds",
            "600",
            new Whole(0, 86_400),
            "How long before a reservation needs the room what is lent there is told to leave.");

    private static final Known WARNING = new Known(
            "reservation.warning.minutes",
            "60",
            new Whole(0, DAYS * 24 * 60),
            "How long before its end a reservation is warned of it, where it is and nothing else is said; 0 = it is not.");
    private static final Known SNAPSHOT = new Known(
            "reservation.warning.snapshot",
            "false",
            new Flag(),
            "Whether servers are kept as images when the end of their reservation is near and it does not say itself.");

    private static final Known REPLAYED = new Known(
            "decisions.replay.steps",
            "5000",
            new Whole(0, 100_000),
            "How much of what a decision looked at is kept with it, so that it can be replayed; 0 = nothing.");

    private final RuntimeSettings settings;

    Policies(RuntimeSettings settings) {
        this.settings = settings;
        settings.add(
                List.of(START, END, LONGEST, UNBOUNDED, VALIDITY, RECALL, EXEMPT, AHEAD, WARNING, SNAPSHOT, REPLAYED));
    }

    /// The most that is kept of what a decision looked at, in steps of all places.
    int replayed() {
        return settings.whole(REPLAYED);
    }

    /// Which times may be reserved.
    public WindowPolicy window() {
        return new WindowPolicy(
                Duration.ofDays(settings.whole(START)),
                Duration.ofDays(settings.whole(END)),
                Duration.ofHours(settings.whole(LONGEST)),
                settings.flag(UNBOUNDED));
    }

    /// Which times a project may reserve.
    WindowPolicy window(String project) {
        return settings.listed(EXEMPT).contains(project) ? window().forAnyLength() : window();
    }

    /// How much a project may have ahead, in hours of each dimension that is limited: as it is said of the project,
    /// or else of each.
    Map<String, Long> hoursAhead(String project) {
        var limits = new TreeMap<String, Long>();
        var own = new TreeMap<String, Long>();
        for (var limit : settings.listed(AHEAD)) {
            int equals = limit.lastIndexOf('=');
            int slash = limit.lastIndexOf('/');
            var dimension = limit.substring(slash + 1, equals);
            long hours = Long.parseLong(limit.substring(equals + 1));
            if (slash < 0) {
                limits.put(dimension, hours);
            } else if (limit.substring(0, slash).equals(project)) {
                own.put(dimension, hours);
            }
        }
        limits.putAll(own);
        return limits;
    }

    /// How long a reservation for now is good; zero = to its end.
    public Duration validity() {
        return Duration.ofMinutes(settings.whole(VALIDITY));
    }

    /// How long before the room is needed what is lent is told to leave (promise.md 4.5).
    Duration preemptionNotice() {
        return Duration.ofSeconds(settings.whole(RECALL));
    }

    /// When the end of a reservation is told of before it comes, if it does not say itself: not before its start.
    public Optional<Instant> warning(Interval when) {
        long minutes = settings.whole(WARNING);
        if (minutes == 0 || !when.isBounded()) {
            return Optional.empty();
        }
        var before = when.until().minus(Duration.ofMinutes(minutes));
        return Optional.of(before.isBefore(when.from()) ? when.from() : before);
    }

    /// Whether servers are kept as images before the end.
    boolean keepsServers(BeforeEnd wanted) {
        return switch (wanted) {
            case DEFAULT -> settings.flag(SNAPSHOT);
            case NOTHING -> false;
            case SNAPSHOT -> true;
        };
    }
}
