package holdfast.inventory;

import static holdfast.inventory.Property.CAPACITY_DELEGATIONS;
import static holdfast.inventory.Property.LABEL_DELEGATIONS;
import static holdfast.inventory.Property.STRUCTURAL_INFO;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// All delegated models (ADMs) that a broker has claimed, and the one graph (CBM) that they make together.
///
/// The graph is a function of the set of ADMs: the order of claims does not matter, and giving an ADM back leaves
/// what there was without it. Vertices with the same NodeID are one, whatever their stitch flags say. What one says
/// of such a vertex that the others do not is kept; where they differ, the ADM that delegates it is right, then the
/// one that does not call it somebody else's, then the smaller id.
public final class CombinedModel {
    private final SortedMap<String, Graph> adms;
    private final Graph graph;

    private record Claimed(String adm, Vertex vertex) {
        boolean delegates() {
            return vertex.get(CAPACITY_DELEGATIONS).isPresent()
                    || vertex.get(LABEL_DELEGATIONS).isPresent();
        }
    }

    private CombinedModel(SortedMap<String, Graph> adms, Graph graph) {
        this.adms = Collections.unmodifiableSortedMap(adms);
        this.graph = graph;
    }

    /// Nothing claimed yet.
    ///
    /// @param id the GraphID of the combined graph
    public static CombinedModel empty(String id) {
        return new CombinedModel(new TreeMap<>(), Graph.builder(id).build());
    }

    /// The model of these ADMs at once, as after a restart.
    public static Answer<CombinedModel> of(String id, Collection<Graph> adms) {
        var byId = new TreeMap<String, Graph>();
        for (var adm : adms) {
            if (adm.id().isEmpty()) {
                return Answer.no(Refusal.malformed(
                        "GraphID", "a delegated model has no GraphID; its id is that of its delegation"));
            }
            byId.put(adm.id(), adm);
        }
        return combine(id, byId);
    }

    /// The combined graph: delegations are keyed by ADM id, and `StructuralInfo` tells which ADMs describe a
    /// vertex.
    public Graph graph() {
        return graph;
    }

    /// The claimed ADMs by id, as they were given.
    public SortedMap<String, Graph> adms() {
        return adms;
    }

    /// With one more ADM, or with a newer version of one already claimed. This model stays as it is, also when the
    /// answer is no.
    public Answer<CombinedModel> merge(Graph adm) {
        var more = new ArrayList<>(adms.values());
        more.removeIf(other -> other.id().equals(adm.id()));
        more.add(adm);
        return of(graph.id(), more);
    }

    /// Without an ADM.
    public Answer<CombinedModel> unmerge(String admId) {
        if (!adms.containsKey(admId)) {
            return Answer.no(
                    Refusal.notThere("no delegated model " + admId + " is claimed; claimed are " + adms.keySet()));
        }
        var fewer = new TreeMap<>(adms);
        fewer.remove(admId);
        return combine(graph.id(), fewer);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CombinedModel that && adms.equals(that.adms) && graph.equals(that.graph);
    }

    @Override
    public int hashCode() {
        return adms.hashCode();
    }

    private static Answer<CombinedModel> combine(String id, SortedMap<String, Graph> adms) {
        try {
            var claims = new LinkedHashMap<String, List<Claimed>>();
            adms.forEach((adm, part) -> part.vertices()
                    .forEach(vertex -> claims.computeIfAbsent(vertex.id(), _ -> new ArrayList<>())
                            .add(new Claimed(adm, rekeyed(adm, vertex)))));
            var combined = Graph.builder(id);
            claims.values().forEach(claimed -> combined.put(one(claimed)));
            adms.forEach((adm, part) -> part.edges().forEach(edge -> connect(combined, edge, adm)));
            return Answer.yes(new CombinedModel(adms, combined.build()));
        } catch (RefusedException e) {
            return Answer.no(e.refusal());
        }
    }

    private static void connect(Graph.Builder combined, Graph.Edge edge, String adm) {
        combined.relation(edge.from(), edge.to())
                .filter(other -> other != edge.relation())
                .ifPresent(other -> {
                    throw new RefusedException(Refusal.malformed(
                            "edges",
                            "delegated model %s joins '%s' and '%s' by %s, another by %s; they must agree"
                                    .formatted(
                                            adm,
                                            edge.from(),
                                            edge.to(),
                                            edge.relation().word(),
                                            other.word())));
                });
        combined.connect(edge);
    }

    private static Vertex one(List<Claimed> claimed) {
        if (claimed.size() > 1) {
            checkAgree(claimed);
        }
        var properties = new TreeMap<String, String>();
        claimed.stream()
                .sorted(Comparator.comparing((Claimed claim) -> !claim.delegates())
                        .thenComparing(claim -> claim.vertex.stitch())
                        .thenComparing(Claimed::adm))
                .forEach(claim -> claim.vertex.properties().forEach(properties::putIfAbsent));
        var adms = claimed.stream().map(Claimed::adm).sorted().toList();
        properties.put(STRUCTURAL_INFO, Json.write(Map.of("adm_graph_ids", adms)));
        var first = claimed.getFirst().vertex;
        boolean stitch = claimed.stream().anyMatch(claim -> claim.vertex.stitch());
        return new Vertex(first.id(), first.kind(), stitch, properties);
    }

    private static void checkAgree(List<Claimed> claimed) {
        var first = claimed.getFirst();
        for (var other : claimed.subList(1, claimed.size())) {
            if (first.vertex.kind() != other.vertex.kind()
                    || !first.vertex.type().equals(other.vertex.type())) {
                throw new RefusedException(other.vertex.refuse(
                        Property.TYPE,
                        "delegated model %s calls it a %s of type '%s', %s a %s of type '%s'; they must agree"
                                .formatted(
                                        other.adm,
                                        other.vertex.kind().word(),
                                        other.vertex.type(),
                                        first.adm,
                                        first.vertex.kind().word(),
                                        first.vertex.type())));
            }
        }
        var delegating = claimed.stream().filter(Claimed::delegates).toList();
        if (delegating.size() > 1) {
            throw new RefusedException(delegating
                    .getFirst()
                    .vertex
                    .refuse(
                            CAPACITY_DELEGATIONS,
                            "is delegated by %s; a shared vertex may be delegated by one of those that describe it"
                                    .formatted(String.join(
                                            " and by ",
                                            delegating.stream()
                                                    .map(Claimed::adm)
                                                    .toList()))));
        }
    }

    private static Vertex rekeyed(String adm, Vertex vertex) {
        var changed = vertex;
        for (var property : List.of(CAPACITY_DELEGATIONS, LABEL_DELEGATIONS)) {
            var entries = vertex.delegations(property);
            if (entries.size() > 1) {
                throw new RefusedException(vertex.refuse(
                        property,
                        "holds delegations " + String.join(", ", entries.keySet())
                                + "; a delegated model holds one: split it first"));
            }
            for (var delegation : entries.values()) {
                changed = changed.with(property, Delegation.write(Map.of(adm, delegation)));
            }
        }
        return changed;
    }
}
