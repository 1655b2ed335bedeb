package holdfast.api.declared;

import holdfast.platform.Json;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/// What sorts of objects there are, as clients ask before anything else.
final class Menu {
    private Menu() {}

    /// @param path below `/apis`: none, a group, or a group and its version
    static ObjectNode of(List<String> path) {
        if (path.isEmpty()) {
            var all = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
            var groups = all.putArray("groups");
            Sort.groups().forEach(group -> groups.add(group(group)));
            return all;
        }
        var group = path.getFirst();
        if (!Sort.groups().contains(group)
                || path.size() == 2 && !path.getLast().equals(Sort.VERSION)) {
            throw KubeProblem.notFound("there is no such group, or version of one");
        }
        return path.size() == 1 ? group(group).put("kind", "APIGroup").put("apiVersion", "v1") : resources(group);
    }

    private static ObjectNode group(String name) {
        var group = Json.object().put("name", name);
        group.putArray("versions").add(version(name));
        group.set("preferredVersion", version(name));
        return group;
    }

    private static ObjectNode version(String group) {
        return Json.object().put("groupVersion", group + "/" + Sort.VERSION).put("version", Sort.VERSION);
    }

    private static ObjectNode resources(String group) {
        var all = Json.object()
                .put("kind", "APIResourceList")
                .put("apiVersion", "v1")
                .put("groupVersion", group + "/" + Sort.VERSION);
        var resources = all.putArray("resources");
        for (var sort : Sort.in(group)) {
            var one = resources
                    .addObject()
                    .put("name", sort.plural())
                    .put("singularName", sort.kind().toLowerCase(Locale.ROOT))
                    .put("namespaced", true)
                    .put("kind", sort.kind());
            var verbs = one.putArray("verbs");
            List.of("create", "delete", "get", "list", "patch", "watch").forEach(verbs::add);
            one.putArray("shortNames").add(sort.brief());
        }
        return all;
    }

    /// What Kubernetes itself has, which is nothing here.
    ///
    /// @param path below `/api`
    static ObjectNode core(List<String> path) {
        var all = Json.object();
        if (path.isEmpty()) {
            all.put("kind", "APIVersions").putArray("versions").add("v1");
        } else {
            all.put("kind", "APIResourceList").put("groupVersion", "v1").putArray("resources");
        }
        return all;
    }
}
