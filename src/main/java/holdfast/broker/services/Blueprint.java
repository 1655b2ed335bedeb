package holdfast.broker.services;

import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.protocol.rear.HostingPolicy;
import holdfast.protocol.rear.ServiceOffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// How a service is made for each buyer anew (ServiceBlueprint, fluidos.md 2.9). States of the resource: `offered`,
/// `withdrawn`.
///
/// @param title what the service is called in lists of others
/// @param hosting the first is the usual one; none means [HostingPolicy#PROVIDER]
/// @param template a JSON Schema for what buyers set; must not be changed
public record Blueprint(
        String title,
        String description,
        Category category,
        List<String> tags,
        List<HostingPolicy> hosting,
        JsonNode template,
        List<Manifest> manifests) {
    public static final String TYPE = "blueprint";
    static final int MOST_MANIFESTS = 64;
    private static final String TEMPLATES = "spec.templates";

    public Blueprint {
        tags = List.copyOf(tags);
        hosting = List.copyOf(hosting);
        manifests = List.copyOf(manifests);
    }

    /// All that is wrong with it, each naming field, value, rule and way out; nothing if services can be made by
    /// it.
    public List<Refusal> faults() {
        var faults = new ArrayList<Refusal>();
        tried(faults, () -> SettingsSchema.of(template, "spec.configurationTemplate"));
        if (manifests.isEmpty() || manifests.size() > MOST_MANIFESTS) {
            faults.add(Refusal.malformed(
                    TEMPLATES,
                    TEMPLATES + " are " + manifests.size() + "; a service is made of 1 to " + MOST_MANIFESTS));
        }
        var titles = new HashSet<String>();
        for (int index = 0; index < manifests.size(); index++) {
            var manifest = manifests.get(index);
            var where = TEMPLATES + "[" + index + "].serviceData";
            tried(faults, () -> {
                manifest.check(where);
                if (!titles.add(manifest.title())) {
                    throw refused(where + ".metadata.name", "makes a second " + manifest.title() + "; rename one");
                }
                manifest.named(where).forEach((name, needed) -> check(where, name, needed));
            });
        }
        return faults;
    }

    private static void tried(List<Refusal> faults, Runnable check) {
        try {
            check.run();
        } catch (RefusedException e) {
            faults.add(e.refusal());
        }
    }

    private static RefusedException refused(String field, String rule) {
        return new RefusedException(Refusal.malformed(field, field + " " + rule));
    }

    /// So that no template lacks a value when something is sold.
    private void check(String where, String name, boolean needed) {
        if (!values().contains(name)) {
            throw refused(
                    where,
                    "has a place for ." + name + ", which nobody can set: add it to the properties of"
                            + " spec.configurationTemplate; there are " + values());
        }
        boolean required = category.credentials().contains(name)
                || template.path("required")
                        .valueStream()
                        .anyMatch(word -> word.asString("").equals(name));
        if (needed && !required) {
            throw refused(
                    where,
                    "has a place for ." + name + ", which buyers need not set: write a default there, or add it to"
                            + " required of spec.configurationTemplate");
        }
    }

    /// All values that there may be for its templates.
    private Set<String> values() {
        var names = new LinkedHashSet<>(category.credentials());
        names.addAll(template.path("properties").propertyNames());
        return names;
    }

    /// What is for sale.
    public ServiceOffer offer() {
        return new ServiceOffer(title, description, category.word(), tags, hosting, template);
    }
}
