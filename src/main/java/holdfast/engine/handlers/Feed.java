package holdfast.engine.handlers;

import holdfast.engine.Journal.Cursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Things in one order for all, read once for everybody who is up to date. Who is behind reads by himself until he has
/// come to where the others are, and joins them there: nothing is missed and nothing comes twice.
final class Feed<T> {
    static final int LIMIT = 200;

    private final Source<T> source;
    private final Function<T, Cursor> place;
    private final Map<Listener<T>, Cursor> live = new ConcurrentHashMap<>();
    private Cursor position = Cursor.START;

    /// Where the things are.
    interface Source<T> {
        Page<T> read(Cursor after, int limit);
    }

    /// @param next where to go on
    /// @param full whether there may be more at once
    /// @param pending whether there are some that may not be shown yet
    record Page<T>(List<T> things, Cursor next, boolean full, boolean pending) {}

    /// Somebody who is up to date.
    interface Listener<T> {
        /// @return false if it cannot take more: it has to read by itself again
        boolean offer(T thing);
    }

    /// What is to be done next.
    enum Next {
        AT_ONCE,
        SOON,
        WHEN_CHANGED
    }

    Feed(Source<T> source, Function<T, Cursor> place) {
        this.source = source;
        this.place = place;
    }

    Page<T> read(Cursor after) {
        return source.read(after, LIMIT);
    }

    /// @return false if the others are ahead of `at`: then read on, and ask again
    synchronized boolean join(Listener<T> listener, Cursor at) {
        if (live.isEmpty()) {
            position = at;
        }
        if (at.compareTo(position) < 0) {
            return false;
        }
        live.put(listener, at);
        return true;
    }

    synchronized void leave(Listener<T> listener) {
        live.remove(listener);
    }

    synchronized boolean isEmpty() {
        return live.isEmpty();
    }

    /// Reads what has come and gives it to all who are up to date. For one thread.
    Next advance() {
        Cursor from;
        synchronized (this) {
            if (live.isEmpty()) {
                return Next.WHEN_CHANGED;
            }
            from = position;
        }
        var page = source.read(from, LIMIT);
        synchronized (this) {
            if (!position.equals(from)) {
                return Next.AT_ONCE;
            }
            position = page.next;
            var full = new ArrayList<Listener<T>>();
            live.forEach((listener, since) -> {
                for (var thing : page.things) {
                    if (place.apply(thing).compareTo(since) > 0 && !listener.offer(thing)) {
                        full.add(listener);
                        break;
                    }
                }
            });
            full.forEach(live::remove);
        }
        return page.full ? Next.AT_ONCE : page.pending ? Next.SOON : Next.WHEN_CHANGED;
    }
}
