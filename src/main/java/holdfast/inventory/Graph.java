package holdfast.inventory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// An undirected property graph that never changes: an advertisement, a combined model, a query answer or a slice.
///
/// Vertices and edges keep the order in which they came. Two graphs are equal if they have the same id, vertices
/// and edges; neither order nor the direction in which an edge was written counts.
public final class Graph {
    private final String id;
    private final Map<String, Vertex> vertices;
    private final List<Edge> edges;
    private final Map<String, List<Edge>> edgesOf;
    private final Map<String, Map<VertexClass, List<String>>> beside;

    /// Two vertices that belong together. There is at most one edge between two vertices.
    ///
    /// @param from NodeID of one end, in a `has` the owner where the file said so
    /// @param to NodeID of the other
    public record Edge(String from, Relation relation, String to) {
        /// The end that is not `id`.
        public String other(String id) {
            return from.equals(id) ? to : from;
        }

        /// The same for both directions.
        private Edge anyDirection() {
            return from.compareTo(to) <= 0 ? this : new Edge(to, relation, from);
        }
    }

    private Graph(
            String id,
            Map<String, Vertex> vertices,
            List<Edge> edges,
            Map<String, List<Edge>> edgesOf,
            Map<String, Map<VertexClass, List<String>>> beside) {
        this.id = id;
        this.vertices = vertices;
        this.edges = edges;
        this.edgesOf = edgesOf;
        this.beside = beside;
    }

    /// An empty graph to fill.
    ///
    /// @param id the GraphID; may be empty if nobody will ask for it
    public static Builder builder(String id) {
        return new Builder(id);
    }

    /// The GraphID; empty if the file had none.
    public String id() {
        return id;
    }

    public Collection<Vertex> vertices() {
        return vertices.values();
    }

    public List<Edge> edges() {
        return edges;
    }

    /// How many vertices.
    public int size() {
        return vertices.size();
    }

    public boolean contains(String vertexId) {
        return vertices.containsKey(vertexId);
    }

    public Optional<Vertex> find(String vertexId) {
        return Optional.ofNullable(vertices.get(vertexId));
    }

    /// @throws NoSuchElementException if there is none
    public Vertex get(String vertexId) {
        return find(vertexId)
                .orElseThrow(() -> new NoSuchElementException("no vertex " + vertexId + " in graph " + id));
    }

    /// All vertices of a class, in order.
    public Stream<Vertex> ofClass(VertexClass kind) {
        return vertices.values().stream().filter(vertex -> vertex.kind() == kind);
    }

    /// All edges at a vertex.
    public List<Edge> edgesOf(String vertexId) {
        return edgesOf.getOrDefault(vertexId, List.of());
    }

    /// All vertices beside a vertex.
    public Stream<Vertex> neighbours(String vertexId) {
        return edgesOf(vertexId).stream().map(edge -> get(edge.other(vertexId)));
    }

    /// The vertices of a class beside a vertex, found without looking at those of other classes.
    public Stream<Vertex> neighbours(String vertexId, VertexClass kind) {
        return beside.getOrDefault(vertexId, Map.of()).getOrDefault(kind, List.of()).stream()
                .map(this::get);
    }

    /// The same graph under another id.
    public Graph withId(String id) {
        return new Graph(id, vertices, edges, edgesOf, beside);
    }

    /// The same graph with some vertices in place of those of the same ids. Costs a copy of the vertex table; edges
    /// are shared.
    ///
    /// @throws NoSuchElementException if one of them is not in the graph
    /// @throws IllegalArgumentException if one of them has another class than the one in the graph
    public Graph with(Collection<Vertex> changed) {
        var copy = new LinkedHashMap<>(vertices);
        for (var vertex : changed) {
            if (get(vertex.id()).kind() != vertex.kind()) {
                throw new IllegalArgumentException("vertex " + vertex.id() + " cannot change its class");
            }
            copy.put(vertex.id(), vertex);
        }
        return new Graph(id, Collections.unmodifiableMap(copy), edges, edgesOf, beside);
    }

    /// Only these vertices, and the edges between them.
    public Graph keeping(Set<String> ids) {
        var kept = new Builder(id);
        vertices.values().stream().filter(vertex -> ids.contains(vertex.id())).forEach(kept::put);
        edges.stream()
                .filter(edge -> ids.contains(edge.from()) && ids.contains(edge.to()))
                .forEach(kept::connect);
        return kept.build();
    }

    /// A copy to change.
    public Builder change() {
        var builder = new Builder(id);
        vertices.values().forEach(builder::put);
        edges.forEach(builder::connect);
        return builder;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Graph that
                && id.equals(that.id)
                && vertices.equals(that.vertices)
                && edges.size() == that.edges.size()
                && undirected().equals(that.undirected());
    }

    @Override
    public int hashCode() {
        return 31 * id.hashCode() + vertices.hashCode();
    }

    @Override
    public String toString() {
        return "graph %s of %d vertices and %d edges".formatted(id, vertices.size(), edges.size());
    }

    private Set<Edge> undirected() {
        var set = new HashSet<Edge>();
        edges.forEach(edge -> set.add(edge.anyDirection()));
        return set;
    }

    /// Collects vertices and edges.
    public static final class Builder {
        private final String id;
        private final Map<String, Vertex> vertices = new LinkedHashMap<>();
        private final Map<Ends, Edge> edges = new LinkedHashMap<>();

        private record Ends(String one, String other) {
            static Ends of(String a, String b) {
                return a.compareTo(b) <= 0 ? new Ends(a, b) : new Ends(b, a);
            }
        }

        private Builder(String id) {
            this.id = id;
        }

        /// Adds a vertex, or takes it in place of the one with its id.
        public Builder put(Vertex vertex) {
            vertices.put(vertex.id(), vertex);
            return this;
        }

        public boolean contains(String vertexId) {
            return vertices.containsKey(vertexId);
        }

        /// How many vertices so far.
        public int size() {
            return vertices.size();
        }

        /// Adds an edge; a second one between the same two is dropped.
        public Builder connect(String from, Relation relation, String to) {
            return connect(new Edge(from, relation, to));
        }

        /// @throws IllegalArgumentException if both ends are the same vertex
        public Builder connect(Edge edge) {
            if (edge.from().equals(edge.to())) {
                throw new IllegalArgumentException("vertex " + edge.from() + " cannot be connected with itself");
            }
            edges.putIfAbsent(Ends.of(edge.from(), edge.to()), edge);
            return this;
        }

        /// The relation between two vertices, if there is an edge already.
        public Optional<Relation> relation(String a, String b) {
            return Optional.ofNullable(edges.get(Ends.of(a, b))).map(Edge::relation);
        }

        /// @throws IllegalStateException if an edge ends at a vertex that is not there
        public Graph build() {
            var edgesOf = new HashMap<String, List<Edge>>();
            var beside = new HashMap<String, Map<VertexClass, List<String>>>();
            for (var edge : edges.values()) {
                var from = vertices.get(edge.from());
                var to = vertices.get(edge.to());
                if (from == null || to == null) {
                    throw new IllegalStateException("an end of " + edge + " is not in graph " + id);
                }
                note(edge, from, to, edgesOf, beside);
                note(edge, to, from, edgesOf, beside);
            }
            edgesOf.replaceAll((_, list) -> Collections.unmodifiableList(list));
            return new Graph(
                    id,
                    Collections.unmodifiableMap(new LinkedHashMap<>(vertices)),
                    List.copyOf(edges.values()),
                    edgesOf,
                    beside);
        }

        private static void note(
                Edge edge,
                Vertex at,
                Vertex other,
                Map<String, List<Edge>> edgesOf,
                Map<String, Map<VertexClass, List<String>>> beside) {
            edgesOf.computeIfAbsent(at.id(), _ -> new ArrayList<>()).add(edge);
            beside.computeIfAbsent(at.id(), _ -> new EnumMap<>(VertexClass.class))
                    .computeIfAbsent(other.kind(), _ -> new ArrayList<>())
                    .add(other.id());
        }
    }
}
