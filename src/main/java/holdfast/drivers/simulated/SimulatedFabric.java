package holdfast.drivers.simulated;

import static java.util.stream.Collectors.toUnmodifiableSet;

import holdfast.authority.Cloud.Look;
import holdfast.authority.Fabric;
import holdfast.core.Quantity;
import holdfast.platform.Platform;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// A cluster in memory, with the others that it knows. A bond takes as many questions as it has steps, and what a peer
/// grants is in a script.
public final class SimulatedFabric implements Fabric {
    private static final List<String> PAIR_STEPS = List.of("gateway-server", "connection", "tenant", "identity");
    private static final String LETS_IN = "simulated: ";
    private static final List<String> SLICE_STEPS = List.of("accepted", "virtual-node");

    private static final Optional<SimulatedFabric> NOBODY = Optional.empty();

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

    /// Another cluster asks for something here.
    private record Ask(String buyer, String slice) {}

    private final String id;
    private final Platform platform;
    private final Map<String, SimulatedFabric> others = new HashMap<>();
    private final Map<Ask, Map<String, Quantity>> wanted = new LinkedHashMap<>();
    private final Set<Ask> admitted = new HashSet<>();
    private final Map<Key, Made> bonds = new LinkedHashMap<>();
    private final Map<Key, Set<String>> passes = new HashMap<>();
    private int last;
    private final List<Node> own = new ArrayList<>();
    private Grant grant = Grant.AS_ASKED;
    private Set<String> dead = Set.of();
    private volatile boolean away;

    /// Others at which there is something that was made from here.
    private final Set<String> traces = ConcurrentHashMap.newKeySet();

    /// @param id of this cluster
    public SimulatedFabric(String id, List<Node> nodes, Platform platform) {
        this.id = id;
        this.platform = platform;
        own.addAll(nodes);
    }

    /// The two decide themselves about what is asked of them; others that nobody names are played by a script.
    public void meets(SimulatedFabric other) {
        knows(other);
        other.knows(this);
    }

    private synchronized void knows(SimulatedFabric other) {
        others.put(other.id, other);
    }

    /// Its own nodes from now on.
    public synchronized void nodes(List<Node> now) {
        own.clear();
        own.addAll(now);
    }

    /// Somebody asks for room here, with a contract or without.
    public synchronized void ask(String buyer, String slice, Map<String, Quantity> amounts) {
        var ask = new Ask(buyer, slice);
        if (!amounts.equals(wanted.put(ask, amounts))) {
            admitted.remove(ask);
        }
    }

    private synchronized void forget(String buyer, String slice) {
        wanted.remove(new Ask(buyer, slice));
        admitted.remove(new Ask(buyer, slice));
    }

    private synchronized boolean grants(String buyer, String slice) {
        return admitted.contains(new Ask(buyer, slice));
    }

    /// The same of a kubeconfig.
    public synchronized boolean lets(String credentials) {
        return passes.entrySet().stream()
                .filter(of -> bonds.containsKey(of.getKey()))
                .flatMap(of -> of.getValue().stream().map(pass -> kubeconfig(of.getKey(), pass)))
                .anyMatch(credentials::equals);
    }

    private static String kubeconfig(Key access, String pass) {
        return LETS_IN + access.lease() + " " + pass;
    }

    /// Whether somebody who shows them is let in.
    public boolean lets(Credentials shown) {
        return lets(shown.kubeconfig());
    }

    /// Slices that were admitted here and stand.
    public synchronized Set<String> admitted() {
        return admitted.stream().map(Ask::slice).collect(toUnmodifiableSet());
    }

    @Override
    public synchronized Look<List<Answered>> admit(List<Agreed> live) {
        if (away) {
            return seen(List.of());
        }
        return new Look.Seen<>(wanted.entrySet().stream()
                .map(slice -> answer(slice.getKey(), slice.getValue(), live))
                .toList());
    }

    private Answered answer(Ask ask, Map<String, Quantity> amounts, List<Agreed> live) {
        var bought = live.stream()
                .filter(one -> new Ask(one.buyer(), one.slice()).equals(ask))
                .findFirst();
        var why = bought.isEmpty()
                ? Optional.of("no live contract")
                : Fabric.missing(amounts, bought.get().amounts()).map(more -> "more than was bought: " + more);
        if (why.isEmpty()) {
            admitted.add(ask);
        } else {
            admitted.remove(ask);
        }
        return new Answered(ask.buyer(), ask.slice(), why);
    }

    /// From now on.
    public synchronized void grants(Grant what) {
        grant = what;
    }

    /// They answer nothing from now on.
    public synchronized void dead(Set<String> peers) {
        dead = Set.copyOf(peers);
    }

    /// Whether it answers nobody from now on, not even its own people.
    public void away(boolean now) {
        away = now;
    }

    private Result silent() {
        return new Result.Later("this cluster: no answer", Optional.of(POLL));
    }

    private boolean isSilent(String peer) {
        return dead.contains(peer)
                || Optional.ofNullable(others.get(peer))
                        .filter(other -> other.away)
                        .isPresent();
    }

    /// Others at which there is something that was made from here.
    public Set<String> traces() {
        return Set.copyOf(traces);
    }

    /// What was asked for, if it is there.
    public synchronized Optional<Bond> bond(Key key) {
        return Optional.ofNullable(bonds.get(key)).map(Made::bond);
    }

    @Override
    public Look<String> identity() {
        return seen(id);
    }

    private <T> Look<T> seen(T what) {
        return away
                ? new Look.Away<>("simulated cluster " + id + ": no answer", Optional.empty())
                : new Look.Seen<>(what);
    }

    @Override
    public synchronized Look<List<Node>> nodes() {
        var nodes = new ArrayList<>(own);
        bonds.forEach((key, made) -> {
            if (made.bond() instanceof Bond.Slice slice && isDone(made)) {
                nodes.add(new Node(key.lease(), true, true, Map.of(), granted(slice)));
            }
        });
        return seen(List.copyOf(nodes));
    }

    @Override
    public synchronized Look<Credentials> credentials(Key access) {
        return bonds.get(access) instanceof Made(Bond.Access(var _, var _, Instant until), var _)
                        && until.isAfter(platform.now())
                        && !away
                ? new Look.Seen<>(fresh(access, until))
                : new Look.Away<>("there is no access under contract " + access.lease(), Optional.empty());
    }

    private Credentials fresh(Key access, Instant until) {
        var pass = Integer.toString(++last);
        passes.computeIfAbsent(access, _ -> new HashSet<>()).add(pass);
        return new Credentials(pass, kubeconfig(access, pass), until);
    }

    @Override
    public synchronized Result revoke(Key access, String but) {
        if (away) {
            return silent();
        }
        passes.getOrDefault(access, new HashSet<>()).removeIf(pass -> !pass.equals(but));
        return new Result.Done(Map.of());
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
        if (away) {
            return silent();
        }
        if (bond instanceof Bond.Slice slice && !bonds.containsKey(new Key(slice.peer(), PAIR))) {
            return new Result.Failed("there is no pair with " + slice.peer() + " for slice " + slice.name());
        }
        if (bond instanceof Bond.Pair(var peer, var credentials)
                && others.containsKey(peer)
                && !isSilent(peer)
                && !others.get(peer).lets(credentials)) {
            return new Result.Failed(words(bond) + ", step other side: these credentials let nobody in");
        }
        var made = bonds.getOrDefault(key, new Made(bond, 0));
        var asked = bond instanceof Bond.Slice slice && !isSilent(slice.peer())
                ? Optional.ofNullable(others.get(slice.peer()))
                : NOBODY;
        if (bond instanceof Bond.Slice slice && asked.isPresent()) {
            asked.get().ask(id, key.lease(), slice.amounts());
            if (!asked.get().grants(id, key.lease())) {
                bonds.put(key, new Made(bond, Math.min(made.told(), 1)));
                return new Result.Later(words(bond) + ", step accepted: waiting", Optional.of(POLL));
            }
        }
        if (bond instanceof Bond.Slice slice && grant == Grant.DENIED && !isDone(made)) {
            bonds.put(key, new Made(bond, made.told()));
            return new Result.Failed(words(slice) + ", step accepted: denied: so it is in the script");
        }
        boolean waits = peer(bond).filter(this::isSilent).isPresent()
                || bond instanceof Bond.Slice && grant == Grant.NEVER && !isDone(made);
        if (!waits) {
            peer(bond).ifPresent(traces::add);
        }
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
        if (away) {
            return silent();
        }
        if (made != null && peer(made.bond()).filter(this::isSilent).isPresent()) {
            return new Result.Later(words(made.bond()) + ", step other side: no answer", Optional.of(POLL));
        }
        var result = abandon(key);
        if (made != null) {
            peer(made.bond())
                    .filter(peer -> !bonds.containsKey(new Key(peer, PAIR)))
                    .ifPresent(traces::remove);
        }
        return result;
    }

    @Override
    public synchronized Result abandon(Key key) {
        if (away) {
            return silent();
        }
        var made = bonds.remove(key);
        passes.remove(key);
        if (made != null) {
            switch (made.bond()) {
                case Bond.Slice slice -> {
                    Optional.ofNullable(others.get(slice.peer()))
                            .filter(_ -> !isSilent(slice.peer()))
                            .ifPresent(other -> other.forget(id, key.lease()));
                    if (slicesOf(slice.peer()) == 0) {
                        bonds.remove(new Key(slice.peer(), PAIR));
                    }
                }
                case Bond.Access access -> shutOut(access.buyer());
                case Bond.Pair _, Bond.Workload _ -> {}
            }
        }
        return new Result.Done(Map.of());
    }

    /// The last access of a buyer takes along all that the buyer has here.
    private void shutOut(String buyer) {
        boolean last = bonds.values().stream()
                .noneMatch(made -> made.bond() instanceof Bond.Access other
                        && other.buyer().equals(buyer));
        if (last) {
            wanted.keySet().removeIf(ask -> ask.buyer().equals(buyer));
            admitted.removeIf(ask -> ask.buyer().equals(buyer));
            Optional.ofNullable(others.get(buyer)).ifPresent(other -> other.traces.remove(id));
        }
    }

    @Override
    public synchronized Result clear(Bond.Pair pair) {
        if (isSilent(pair.peer())) {
            return new Result.Later(words(pair) + ", step other side: no answer", Optional.of(POLL));
        }
        if (Optional.ofNullable(others.get(pair.peer()))
                .filter(other -> !other.lets(pair.credentials()))
                .isPresent()) {
            return new Result.Failed(words(pair) + ", step other side: these credentials let nobody in");
        }
        traces.remove(pair.peer());
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
