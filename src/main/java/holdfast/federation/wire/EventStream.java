package holdfast.federation.wire;

import java.util.ArrayList;
import java.util.List;

/// Server-sent events that came as a whole: a stream that its server ended.
///
/// @param last where to go on, as text; empty if the stream does not say
public record EventStream(List<Event> events, String last) {
    public static final String TYPE = "text/event-stream";
    private static final int MOST = 10_000;

    /// @param name of the kind of event
    public record Event(String name, String data) {}

    public EventStream {
        events = List.copyOf(events);
    }

    /// One event.
    ///
    /// @param data one line
    public static String event(String id, String name, String data) {
        return "id: " + id + "\nevent: " + name + "\ndata: " + data + "\n\n";
    }

    /// Says where to go on, without an event.
    public static String end(long last) {
        return "id: " + last + "\n\n";
    }

    /// Reads a stream, of which 10,000 events at most.
    public static EventStream read(String text) {
        var events = new ArrayList<Event>();
        String last = "";
        String name = "";
        var data = new ArrayList<String>();
        for (var line : (Iterable<String>) text.lines()::iterator) {
            if (line.isEmpty()) {
                if (!data.isEmpty() && events.size() < MOST) {
                    events.add(new Event(name, String.join("\n", data)));
                }
                name = "";
                data.clear();
                continue;
            }
            int colon = line.indexOf(':');
            var value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
            switch (colon < 0 ? line : line.substring(0, colon)) {
                case "id" -> last = value;
                case "event" -> name = value;
                case "data" -> data.add(value);
                default -> {} // a comment, or a field of later days
            }
        }
        return new EventStream(events, last);
    }
}
