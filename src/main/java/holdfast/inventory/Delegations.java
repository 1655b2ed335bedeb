package holdfast.inventory;

import static holdfast.inventory.Property.CAPACITY_DELEGATIONS;
import static holdfast.inventory.Property.LABEL_DELEGATIONS;

import holdfast.core.Capacities;
import holdfast.core.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Cuts a site's whole advertisement (its ARM) into what it delegates under each name (its ADMs), and finds shared
/// pools.
public final class Delegations {
    private static final List<String> PROPERTIES = List.of(CAPACITY_DELEGATIONS, LABEL_DELEGATIONS);

    private Delegations() {}

    /// A delegation of one server, of which no more is told than how much there is.
    ///
    /// @param id of the delegation, and of the graph
    public static Graph ofServer(String id, String server, Capacities amounts) {
        var vertex = Vertex.of(server, VertexClass.NETWORK_NODE, "Server", "server")
                .with(CAPACITY_DELEGATIONS, Delegation.write(Map.of(id, Delegation.of(amounts))));
        return Graph.builder(id).put(vertex).build();
    }

    /// The advertisement of a site whose servers are all in one delegation, and have nothing but amounts.
    ///
    /// @param site also the beginning of the servers' ids
    /// @param servers amounts by name
    public static Graph ofSite(String site, String delegation, Map<String, Capacities> servers) {
        var graph = Graph.builder(site);
        new TreeMap<>(servers)
                .forEach((name, amounts) -> graph.put(Vertex.of(
                                site + "-" + name, VertexClass.NETWORK_NODE, "Server", name)
                        .with(Property.SITE, site)
                        .with(CAPACITY_DELEGATIONS, Delegation.write(Map.of(delegation, Delegation.of(amounts))))));
        return graph.build();
    }

    /// A pool that several vertices share within one delegation.
    ///
    /// @param definedBy NodeID of the vertex that defines it; part of the pool too
    /// @param members NodeIDs of the vertices that refer to it
    public record Pool(
            String delegation,
            String name,
            String property,
            String definedBy,
            List<String> members,
            Capacities capacities,
            Labels labels) {
        public Pool {
            members = List.copyOf(members);
        }
    }

    /// Delegation and pool name of a pool of capacities.
    record PoolKey(String delegation, String name) {}

    /// The delegation names that an advertisement uses.
    public static Set<String> names(Graph arm) {
        var names = new TreeSet<String>();
        arm.vertices()
                .forEach(vertex -> PROPERTIES.forEach(
                        property -> names.addAll(vertex.delegations(property).keySet())));
        return names;
    }

    /// One graph per delegation name.
    ///
    /// A vertex stays if the delegation names it or another advertisement describes it too. With a port stays what
    /// its link leads to, and the service, component and node that it belongs to; with a component its node.
    ///
    /// @param idOf the id of a delegation and of its graph; the same name must get the same id each time
    public static Map<String, Graph> split(Graph arm, UnaryOperator<String> idOf) {
        var graphs = new TreeMap<String, Graph>();
        names(arm).forEach(name -> graphs.put(name, cut(arm, name).withId(idOf.apply(name))));
        return graphs;
    }

    /// All pools, of capacities and of labels. Those that break the rules are there as far as they go: see
    /// [#poolFaults].
    public static List<Pool> allPools(Graph graph) {
        var pools = new ArrayList<Pool>();
        PROPERTIES.forEach(property -> pools.addAll(pools(graph, property).values()));
        return pools;
    }

    /// Pools of capacities.
    static Map<PoolKey, Pool> pools(Graph graph) {
        return pools(graph, CAPACITY_DELEGATIONS);
    }

    /// What is wrong with the pools: a reference without a definition, a second definition, a definition that
    /// nobody refers to or that holds nothing.
    static List<Refusal> poolFaults(Graph graph) {
        var faults = new ArrayList<Refusal>();
        for (var property : PROPERTIES) {
            var pools = pools(graph, property);
            for (var vertex : graph.vertices()) {
                vertex.delegations(property)
                        .forEach((name, delegation) -> fault(
                                vertex, property, delegation, pools.get(new PoolKey(name, delegation.pool())), faults));
            }
        }
        return faults;
    }

    private static void fault(
            Vertex vertex, String property, Delegation delegation, @Nullable Pool pool, List<Refusal> faults) {
        switch (delegation.form()) {
            case OWN -> {}
            case MEMBER -> {
                if (pool == null) {
                    faults.add(vertex.refuse(
                            property,
                            "refers to pool '" + delegation.pool() + "', which no vertex defines in this delegation"));
                }
            }
            case POOL -> {
                if (pool == null || !pool.definedBy().equals(vertex.id())) {
                    faults.add(vertex.refuse(property, "defines pool '" + delegation.pool() + "' a second time"));
                } else if (pool.members().isEmpty()) {
                    faults.add(vertex.refuse(
                            property,
                            "defines pool '" + delegation.pool()
                                    + "', to which no vertex refers; refer to it or use pool_id _"));
                } else if (pool.capacities().nothing() && pool.labels().values().isEmpty()) {
                    faults.add(
                            vertex.refuse(property, "defines pool '" + delegation.pool() + "' without anything in it"));
                }
            }
        }
    }

    private static Map<PoolKey, Pool> pools(Graph graph, String property) {
        var members = new HashMap<PoolKey, List<String>>();
        for (var vertex : graph.vertices()) {
            vertex.delegations(property).forEach((name, delegation) -> {
                if (delegation.form() == Delegation.Form.MEMBER) {
                    members.computeIfAbsent(new PoolKey(name, delegation.pool()), _ -> new ArrayList<>())
                            .add(vertex.id());
                }
            });
        }
        var pools = new LinkedHashMap<PoolKey, Pool>();
        for (var vertex : graph.vertices()) {
            vertex.delegations(property).forEach((name, delegation) -> {
                if (delegation.form() == Delegation.Form.POOL) {
                    pools.putIfAbsent(
                            new PoolKey(name, delegation.pool()),
                            new Pool(
                                    name,
                                    delegation.pool(),
                                    property,
                                    vertex.id(),
                                    members.getOrDefault(new PoolKey(name, delegation.pool()), List.of()),
                                    delegation.capacities(),
                                    delegation.labels()));
                }
            });
        }
        return pools;
    }

    private static Graph cut(Graph arm, String name) {
        var keep = new HashSet<String>();
        var cut = new ArrayList<Vertex>();
        for (var vertex : arm.vertices()) {
            var changed = vertex;
            boolean delegated = false;
            for (var property : PROPERTIES) {
                var entries = vertex.delegations(property);
                if (entries.containsKey(name)) {
                    delegated = true;
                    changed = entries.size() == 1 ? changed : changed.with(property, only(name, entries));
                } else if (!entries.isEmpty()) {
                    changed = changed.without(property);
                }
            }
            if (delegated || vertex.stitch()) {
                keep.add(vertex.id());
            }
            cut.add(changed);
        }
        var result = arm.with(cut);
        addSurroundings(result, keep);
        return result.keeping(keep);
    }

    private static String only(String name, Map<String, Delegation> entries) {
        var entry = entries.get(name);
        return entry == null ? "" : Delegation.write(Map.of(name, entry));
    }

    private static void addSurroundings(Graph graph, Set<String> keep) {
        var links = beside(graph, VertexClass.LINK, ofClass(graph, keep, VertexClass.CONNECTION_POINT));
        keep.addAll(links);
        keep.addAll(beside(graph, VertexClass.CONNECTION_POINT, links));
        var services = beside(graph, VertexClass.NETWORK_SERVICE, ofClass(graph, keep, VertexClass.CONNECTION_POINT));
        keep.addAll(services);
        keep.addAll(owners(graph, services));
        keep.addAll(owners(graph, ofClass(graph, keep, VertexClass.COMPONENT)));
    }

    private static Set<String> ofClass(Graph graph, Set<String> ids, VertexClass kind) {
        return graph.ofClass(kind).map(Vertex::id).filter(ids::contains).collect(Collectors.toSet());
    }

    private static Set<String> beside(Graph graph, VertexClass kind, Set<String> ids) {
        return ids.stream()
                .flatMap(id -> graph.neighbours(id, kind))
                .map(Vertex::id)
                .collect(Collectors.toSet());
    }

    private static Set<String> owners(Graph graph, Set<String> ids) {
        return ids.stream()
                .flatMap(id -> Topology.owners(graph, id))
                .map(Vertex::id)
                .collect(Collectors.toSet());
    }
}
