package holdfast.drivers.openstack;

import holdfast.drivers.openstack.Story.Exchange;
import holdfast.drivers.openstack.Wire.Asked;
import holdfast.drivers.openstack.Wire.Peer;
import holdfast.drivers.openstack.Wire.Told;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// Answers as a story has it. Changes come in the order of the story. What was read between two changes is read
/// between them again: its answers in order, the last one as often as it is asked for, and if it was not read then,
/// what was read before.
final class Replay implements Peer {
    private final List<Exchange> exchanges;
    private final int[] given;
    private final List<String> unknown = new CopyOnWriteArrayList<>();
    /// Of the last change, or -1.
    private int now = -1;

    Replay(Story story) {
        exchanges = story.exchanges();
        given = new int[exchanges.size()];
    }

    @Override
    public synchronized Optional<Told> answer(Asked asked) {
        var identity = Story.identity(asked);
        var told = Story.changes(identity) ? change(identity) : look(identity);
        if (told.isPresent()) return told;
        unknown.add(identity + "\n  nearest: " + nearest(identity));
        return Optional.of(Told.json(400, "{\"badRequest\": {\"message\": \"not in the story\"}}"));
    }

    private Optional<Told> change(String identity) {
        for (int n = now + 1; n < given.length; n++) {
            if (!exchanges.get(n).asked().equals(identity)) continue;
            now = n;
            return Optional.of(exchanges.get(n).told());
        }
        return Optional.empty();
    }

    private Optional<Told> look(String identity) {
        var found = Optional.<Told>empty();
        for (int n = 0; n < given.length; n++) {
            var exchange = exchanges.get(n);
            if (n > now && Story.changes(exchange.asked())) return found;
            if (!exchange.asked().equals(identity)) continue;
            found = Optional.of(exchange.told());
            if (n > now && given[n]++ == 0) return found;
        }
        return found;
    }

    private String nearest(String identity) {
        return exchanges.stream()
                .map(Exchange::asked)
                .max(Comparator.comparingInt(other -> alike(identity, other)))
                .orElse("nothing");
    }

    private static int alike(String one, String other) {
        int n = 0;
        while (n < Math.min(one.length(), other.length()) && one.charAt(n) == other.charAt(n)) n++;
        return n;
    }

    /// Fails if something was asked that the story does not have.
    void check() {
        if (!unknown.isEmpty()) throw new AssertionError("not in the story:\n" + String.join("\n", unknown));
    }
}
