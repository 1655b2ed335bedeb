package holdfast.drivers.openstack;

import holdfast.drivers.openstack.Wire.Asked;
import holdfast.drivers.openstack.Wire.Peer;
import holdfast.drivers.openstack.Wire.Told;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;

/// Stands before another peer and does what networks do. Faults strike in the order in which they were planned, each
/// once, at the next request that they fit.
final class FaultyProxy implements Peer {
    private final Peer behind;
    private final Deque<Fault> planned = new ConcurrentLinkedDeque<>();
    private final Set<String> suffered = ConcurrentHashMap.newKeySet();
    private volatile boolean suffering;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    /// @param line the beginning of method and path
    private record Fault(String line, Kind kind, int status, Map<String, String> headers) {}

    private enum Kind {
        CUT_BEFORE,
        CUT_AFTER,
        INSTEAD
    }

    FaultyProxy(Peer behind) {
        this.behind = behind;
    }

    /// The request is lost.
    FaultyProxy cutBefore(String line) {
        planned.add(new Fault(line, Kind.CUT_BEFORE, 0, Map.of()));
        return this;
    }

    /// The answer is lost.
    FaultyProxy cutAfter(String line) {
        planned.add(new Fault(line, Kind.CUT_AFTER, 0, Map.of()));
        return this;
    }

    /// From now on, of each request that changes something the first answer is lost.
    FaultyProxy cutAfterEveryChange() {
        suffered.clear();
        suffering = true;
        return this;
    }

    /// Somebody in between answers.
    FaultyProxy instead(String line, int status, Map<String, String> headers) {
        planned.add(new Fault(line, Kind.INSTEAD, status, headers));
        return this;
    }

    /// How many requests of that beginning came, whatever became of them.
    long count(String line) {
        return asked.stream().filter(one -> one.line().startsWith(line)).count();
    }

    /// The versions that were asked for.
    List<String> versions() {
        return asked.stream()
                .map(one -> Optional.ofNullable(one.headers().get("openstack-api-version")))
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public Optional<Told> answer(Asked one) {
        asked.add(one);
        var fault = strike(one);
        if (fault.isEmpty()) {
            var told = behind.answer(one);
            boolean lost = suffering && Story.changes(Story.identity(one)) && suffered.add(Story.identity(one));
            return lost ? Optional.empty() : told;
        }
        return switch (fault.get().kind()) {
            case CUT_BEFORE -> Optional.empty();
            case CUT_AFTER -> {
                behind.answer(one);
                yield Optional.empty();
            }
            case INSTEAD ->
                Optional.of(new Told(fault.get().status(), fault.get().headers(), "<html>no</html>"));
        };
    }

    private synchronized Optional<Fault> strike(Asked one) {
        var fault = planned.stream()
                .filter(each -> one.line().startsWith(each.line()))
                .findFirst();
        fault.ifPresent(planned::remove);
        return fault;
    }
}
