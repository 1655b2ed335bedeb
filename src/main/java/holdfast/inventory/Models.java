package holdfast.inventory;

import static holdfast.db.Tables.MODEL;

import holdfast.db.Sequences;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// The stored models of each actor. Read on every decision, changed rarely: parsed once per version.
public final class Models {
    private final Platform platform;
    private final Map<String, Parsed> cache = new ConcurrentHashMap<>();

    private record Parsed(Map<String, Long> versions, Map<String, Graph> graphs) {}

    public Models(Platform platform) {
        this.platform = platform;
    }

    /// Stores a model under a name; an older one of that name is replaced.
    public void put(Tx tx, String owner, String name, String graphMl) {
        tx.sql()
                .insertInto(MODEL)
                .set(MODEL.OWNER, owner)
                .set(MODEL.NAME, name)
                .set(MODEL.GRAPH, graphMl)
                .set(MODEL.CHANGED, platform.now())
                .onDuplicateKeyUpdate()
                .set(MODEL.VERSION, Sequences.MODEL_VERSION.nextval())
                .set(MODEL.GRAPH, graphMl)
                .set(MODEL.CHANGED, platform.now())
                .execute();
    }

    public void remove(Tx tx, String owner, String name) {
        tx.sql()
                .deleteFrom(MODEL)
                .where(MODEL.OWNER.eq(owner).and(MODEL.NAME.eq(name)))
                .execute();
    }

    /// All models of one owner by name. The same object as last time if nothing has changed.
    public Map<String, Graph> of(Tx tx, String owner) {
        var versions = tx.sql()
                .select(MODEL.NAME, MODEL.VERSION)
                .from(MODEL)
                .where(MODEL.OWNER.eq(owner))
                .fetchMap(MODEL.NAME, MODEL.VERSION);
        var cached = cache.get(owner);
        if (cached != null && cached.versions.equals(versions)) {
            return cached.graphs;
        }
        var graphs = new TreeMap<String, Graph>();
        tx.sql()
                .selectFrom(MODEL)
                .where(MODEL.OWNER.eq(owner))
                .forEach(row -> graphs.put(row.getName(), GraphMl.read(row.getGraph())));
        var parsed = new Parsed(versions, Collections.unmodifiableMap(graphs));
        cache.put(owner, parsed);
        return parsed.graphs;
    }
}
