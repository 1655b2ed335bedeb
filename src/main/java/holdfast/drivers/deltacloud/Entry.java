package holdfast.drivers.deltacloud;

import holdfast.drivers.deltacloud.Outcome.NotDoneException;
import holdfast.platform.XmlTree;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The entry point of a Deltacloud server: where its collections are, and what they can do (aeolus.md 5.3.2).
record Entry(String driver, String version, Map<String, Collection> collections) {
    /// @param features by name, each with its constraints
    record Collection(String href, Map<String, Map<String, String>> features) {
        boolean can(String feature) {
            return features.containsKey(feature);
        }

        /// A constraint that is a number.
        Optional<Integer> number(String feature, String constraint) {
            var said = features.getOrDefault(feature, Map.of()).getOrDefault(constraint, "");
            return said.matches("\\d{1,6}") ? Optional.of(Integer.valueOf(said)) : Optional.empty();
        }
    }

    /// Empty if it is no entry point.
    static Optional<Entry> read(XmlTree root) {
        if (!root.name().equals("api")) return Optional.empty();
        var collections = new LinkedHashMap<String, Collection>();
        for (var link : root.all("link")) {
            var name = link.attribute("rel");
            var href = link.attribute("href");
            if (name.isEmpty() || href.isEmpty()) continue;
            var features = new LinkedHashMap<String, Map<String, String>>();
            for (var feature : link.all("feature")) {
                var constraints = new LinkedHashMap<String, String>();
                feature.all("constraint")
                        .forEach(one -> one.attribute("name").ifPresent(word -> constraints.put(word, one.text())));
                feature.attribute("name").ifPresent(word -> features.put(word, constraints));
            }
            collections.put(name.get(), new Collection(href.get(), features));
        }
        return Optional.of(new Entry(
                root.attribute("driver").orElse(""), root.attribute("version").orElse(""), collections));
    }

    Optional<Collection> find(String collection) {
        return Optional.ofNullable(collections.get(collection));
    }

    /// @throws NotDoneException if the server does not show it
    Collection need(String collection) {
        return find(collection)
                .orElseThrow(() -> new NotDoneException(
                        new Outcome.Unsupported("the cloud offers no " + collection.replace('_', ' '))));
    }

    Set<String> features(String collection) {
        return find(collection).map(one -> one.features().keySet()).orElse(Set.of());
    }
}
