package holdfast.calendar;

import holdfast.core.Interval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// When one unit is held. Questions take O(log n) in the number of times that it is.
public final class UnitTimeline {
    private final TreeMap<Long, Long> busy = new TreeMap<>();

    /// Holds the unit for `when`; what overlaps or touches an earlier hold becomes one with it.
    public void hold(Interval when) {
        long from = Micros.of(when.from());
        long until = Micros.of(when.until());
        if (from >= until) {
            return;
        }
        var before = busy.floorEntry(from);
        if (before != null && before.getValue() >= from) {
            from = before.getKey();
            until = Math.max(until, before.getValue());
        }
        for (var next = busy.ceilingEntry(from);
                next != null && next.getKey() <= until;
                next = busy.ceilingEntry(from)) {
            until = Math.max(until, next.getValue());
            busy.remove(next.getKey());
        }
        busy.put(from, until);
    }

    /// The stretches in which it is held, first to last, each as long as can be.
    public List<Interval> holds() {
        return busy.entrySet().stream()
                .map(hold -> Micros.interval(hold.getKey(), hold.getValue()))
                .toList();
    }

    /// Whether nobody holds it at any instant of the window.
    public boolean isFree(Interval window) {
        return isFree(Micros.of(window.from()), Micros.of(window.until()));
    }

    boolean isFree(long from, long until) {
        var last = busy.lowerEntry(until);
        return last == null || last.getValue() <= from;
    }

    /// The first instant after `instant` at which a hold ends and none begins.
    public Optional<Instant> nextRelease(Instant instant) {
        long next = nextRelease(Micros.of(instant));
        return next == Micros.END ? Optional.empty() : Optional.of(Micros.instant(next));
    }

    long nextRelease(long instant) {
        var before = busy.floorEntry(instant);
        if (before != null && before.getValue() > instant) {
            return before.getValue();
        }
        var after = busy.higherEntry(instant);
        return after == null ? Micros.END : after.getValue();
    }

    /// The stretches of the window in which it is free, first to last, each as long as can be.
    public List<Interval> freeWindows(Interval window) {
        long until = Micros.of(window.until());
        long at = Micros.of(window.from());
        var free = new ArrayList<Interval>();
        var running = busy.floorEntry(at);
        if (running != null) {
            at = Math.max(at, running.getValue());
        }
        while (at < until) {
            var next = busy.ceilingEntry(at);
            long end = next == null ? until : Math.min(until, next.getKey());
            if (at < end) {
                free.add(Micros.interval(at, end));
            }
            at = next == null ? until : next.getValue();
        }
        return free;
    }
}
