package holdfast.federation.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// How far a LIST has come that supernodes pass on (fluidos.md 5.9, 6.7): `X-REAR-Request-Id`, `X-REAR-Path`,
/// `X-REAR-Hops`.
///
/// @param request the same at all nodes that it comes to; empty if nobody has said
/// @param path ids of nodes that have it or are asked at the same time; who asks is the last one
/// @param hops how often it may still be passed on, 0 to 16
public record Passing(Optional<UUID> request, List<String> path, int hops) {
    /// Where nobody has said how often.
    public static final int USUAL = 4;

    public static final String PATH = "x-rear-path";
    public static final String HOPS = "x-rear-hops";
    private static final int MOST = 16;
    private static final int LONGEST = 100;
    private static final Pattern ID = Pattern.compile("[\\w.@-]{1,253}");
    private static final Pattern UUIDS =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,2}");

    public Passing {
        path = List.copyOf(path);
    }

    /// Of a question that begins here.
    public static Passing first(UUID request, String self) {
        return new Passing(Optional.of(request), List.of(self), USUAL);
    }

    /// As the headers say it. What makes no sense is not there.
    public static Passing of(Call call) {
        return new Passing(
                call.header(RearClient.REQUEST)
                        .filter(text -> UUIDS.matcher(text).matches())
                        .map(UUID::fromString),
                call.header(PATH).stream()
                        .flatMap(text -> Stream.of(text.split(",")))
                        .map(String::strip)
                        .filter(step -> ID.matcher(step).matches())
                        .limit(LONGEST)
                        .toList(),
                call.header(HOPS)
                        .map(String::strip)
                        .filter(text -> NUMBER.matcher(text).matches())
                        .map(text -> Math.min(Integer.parseInt(text), MOST))
                        .orElse(USUAL));
    }

    /// Who asks, if it is said.
    public Optional<String> asker() {
        return path.isEmpty() ? Optional.empty() : Optional.of(path.getLast());
    }

    /// The same, asked by that node.
    public Passing by(String node) {
        if (asker().equals(Optional.of(node))) {
            return this;
        }
        var longer = new ArrayList<>(path);
        longer.add(node);
        return new Passing(request, longer, hops);
    }

    /// As it goes on to one of several that `self` asks at the same time: they need not ask one another.
    ///
    /// @param id if nobody has named the question yet
    public Passing to(String one, List<String> all, String self, UUID id) {
        var longer = new ArrayList<>(path);
        all.stream().filter(other -> !other.equals(one)).forEach(longer::add);
        longer.add(self);
        return new Passing(Optional.of(request.orElse(id)), longer, hops - 1);
    }

    /// The question with all that is said of it.
    Call onto(Call call) {
        var named =
                request.map(id -> call.with(RearClient.REQUEST, id.toString())).orElse(call);
        return named.with(PATH, String.join(",", path)).with(HOPS, String.valueOf(hops));
    }
}
