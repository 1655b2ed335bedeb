package holdfast.drivers.simulated;

import holdfast.authority.Cloud.Look;
import holdfast.authority.Fabric;
import holdfast.core.Quantity;
import holdfast.platform.Platform;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// A cluster in memory, with the others that it knows. A bond takes as many questions as it has steps, and what a peer
/// grants is in a script.
public final class SimulatedFabric implements Fabric {
    private static final List<String> PAIR_STEPS = List.of("gateway-server", "connection", "tenant", "identity");
    private static final List<String> SLICE_STEPS = List.of("accepted", "virtual-node");

    /// What a peer does with a slice.
    public enum Grant {
        AS_ASKED,
        HALF,
        TWICE,
        DENIED,
        /// It never answers.
        NEVER
    }

    /// @param told how far it has been made
    private record Made(Bond bond, int told) {}

    private final String id;
    private final Platform platform;
    private final Map<Key, Made> bonds = new LinkedHashMap<>();
    private final List<Node> own = new ArrayList<>();
    private Grant grant = Grant.AS_ASKED;
    private Set<String> dead = Set.of();

    /// @param id of this cluster
    public SimulatedFabric(String id, List<Node> nodes, Platform platform) {
        this.id = id;
        this.platform = platform;
        own.addAll(nodes);
    }

    /// From now on.
    public synchronized void grants(Grant what) {
        grant = what;
    }

    /// They answer nothing from now on.
    public synchronized void dead(Set<String> peers) {
        dead = Set.copyOf(peers);
    }

    /// What was asked for, if it is there.
    public synchronized Optional<Bond> bond(Key key) {
        return Optional.ofNullable(bonds.get(key)).map(Made::bond);
    }

    @Override
    public Look<String> identity() {
        return new Look.Seen<>(id);
    }

    @Override
    public synchronized Look<List<Node>> nodes() {
        var nodes = new ArrayList<>(own);
        bonds.forEach((key, made) -> {
            if (made.bond() instanceof Bond.Slice slice && isDone(made)) {
                nodes.add(new Node(key.lease(), true, true, Map.of(), granted(slice)));
            }
        });
        return new Look.Seen<>(List.copyOf(nodes));
    }

    @Override
    public synchronized Look<Credentials> credentials(Key access) {
        return bonds.get(access) instanceof Made(Bond.Access(var contract, var _, Instant until), var _)
                        && until.isAfter(platform.now())
                ? new Look.Seen<>(new Credentials("simulated: " + contract, until))
                : new Look.Away<>("there is no access under contract " + access.lease(), Optional.empty());
    }

    @Override
    public synchronized Observed observe(Key key) {
        var made = bonds.get(key);
        return made == null ? new Observed.Absent() : new Observed.Present(isDone(made), facts(key, made.bond()));
    }

    @Override
    public synchronized Result ensure(Key key, Spec spec) {
        return spec instanceof Bond bond ? make(key, bond) : new Result.Failed("a cluster makes no machines");
    }

    private Result make(Key key, Bond bond) {
        if (bond instanceof Bond.Slice slice && !bonds.containsKey(new Key(slice.peer(), PAIR))) {
            return new Result.Failed("there is no pair with " + slice.peer() + " for slice " + slice.contract());
        }
        var made = bonds.getOrDefault(key, new Made(bond, 0));
        if (bond instanceof Bond.Slice slice && grant == Grant.DENIED && !isDone(made)) {
            bonds.put(key, new Made(bond, made.told()));
            return new Result.Failed(words(slice) + ", step accepted: denied: so it is in the script");
        }
        boolean waits = peer(bond).filter(dead::contains).isPresent()
                || bond instanceof Bond.Slice && grant == Grant.NEVER && !isDone(made);
        if (!isDone(made)) {
            bonds.put(key, new Made(bond, waits ? made.told() : made.told() + 1));
            var step = steps(bond).get(made.told());
            return new Result.Later(words(bond) + ", step " + step + ": waiting", Optional.of(POLL));
        }
        bonds.put(key, new Made(bond, made.told()));
        return new Result.Done(facts(key, bond));
    }

    private static List<String> steps(Bond bond) {
        return switch (bond) {
            case Bond.Pair _ -> PAIR_STEPS;
            case Bond.Slice _ -> SLICE_STEPS;
            case Bond.Access _, Bond.Workload _ -> List.of();
        };
    }

    private static boolean isDone(Made made) {
        return made.told() >= steps(made.bond()).size();
    }

    private static Optional<String> peer(Bond bond) {
        return switch (bond) {
            case Bond.Pair pair -> Optional.of(pair.peer());
            case Bond.Slice slice -> Optional.of(slice.peer());
            case Bond.Access _, Bond.Workload _ -> Optional.empty();
        };
    }

    private static String words(Bond bond) {
        return peer(bond).map(peer -> "peer " + peer + " at " + address(peer)).orElse("this cluster");
    }

    private static String address(String peer) {
        return "simulated://" + peer;
    }

    private Map<String, Quantity> granted(Bond.Slice slice) {
        var granted = new TreeMap<String, Quantity>();
        slice.amounts()
                .forEach((name, amount) -> granted.put(
                        name,
                        switch (grant) {
                            case HALF -> new Quantity(amount.nano().shiftRight(1), amount.family());
                            case TWICE -> amount.times(2);
                            default -> amount;
                        }));
        return granted;
    }

    private Map<String, String> facts(Key key, Bond bond) {
        return switch (bond) {
            case Bond.Pair(var peer, var _) -> Map.of("peer", peer, "address", address(peer));
            case Bond.Slice slice -> {
                var facts = new TreeMap<String, String>();
                granted(slice).forEach((name, amount) -> facts.put("granted." + name, amount.text()));
                Fabric.missing(slice.amounts(), granted(slice)).ifPresent(words -> facts.put("short", words));
                facts.put("node", key.lease());
                facts.put("peer", slice.peer());
                yield facts;
            }
            case Bond.Access(var _, var buyer, var until) -> Map.of("buyer", buyer, "until", until.toString());
            case Bond.Workload workload -> Map.of("namespace", workload.namespace());
        };
    }

    @Override
    public synchronized Result remove(Key key) {
        var made = bonds.get(key);
        if (made != null && peer(made.bond()).filter(dead::contains).isPresent()) {
            return new Result.Later(words(made.bond()) + ", step other side: no answer", Optional.of(POLL));
        }
        return abandon(key);
    }

    @Override
    public synchronized Result abandon(Key key) {
        var made = bonds.remove(key);
        if (made != null && made.bond() instanceof Bond.Slice slice && slicesOf(slice.peer()) == 0) {
            bonds.remove(new Key(slice.peer(), PAIR));
        }
        return new Result.Done(Map.of());
    }

    private long slicesOf(String peer) {
        return bonds.values().stream()
                .filter(made ->
                        made.bond() instanceof Bond.Slice slice && slice.peer().equals(peer))
                .count();
    }

    @Override
    public synchronized List<Key> list() {
        return List.copyOf(bonds.keySet());
    }

    @Override
    public String describe() {
        return "simulated cluster " + id;
    }
}
