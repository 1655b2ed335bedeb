package holdfast.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What a server serves below `/broker`. What has a name may be named by it.
record Broker(Client client) {
    static final String FAMILIES = "pool_families";
    static final String POOL = "pool";
    static final String POOLS = "pools";
    static final String PROVIDERS = "providers";
    static final String ACCOUNTS = "provider_accounts";
    static final String PROFILES = "hardware_profiles";
    static final String REALMS = "frontend_realms";
    static final String PROVIDER_REALMS = "provider_realms";
    static final String IMAGES = "images";
    static final String MAPPINGS = "image_mappings";
    static final String INSTANCES = "instances";
    static final String DEPLOYMENTS = "deployments";
    static final String DEPLOYABLES = "deployables";
    static final String CATALOGS = "catalogs";
    static final String USERS = "users";
    static final String GROUPS = "user_groups";
    static final String ROLES = "roles";

    private static final int PAGE = 500;
    private static final int MOST = 10_000;
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(~.*)?");

    static String path(String... parts) {
        return path(List.of(parts), Map.of());
    }

    static String path(List<String> parts, Map<String, Optional<String>> parameters) {
        return Client.path("/broker", parts, parameters);
    }

    /// What is inside the only member of an answer, which says what it is.
    static JsonNode inside(JsonNode answer) {
        return answer.size() == 1 && answer.iterator().next().isContainer()
                ? answer.iterator().next()
                : answer;
    }

    JsonNode get(String... parts) {
        return inside(client.get(path(parts)));
    }

    JsonNode post(JsonNode body, String... parts) {
        return inside(client.post(path(parts), body));
    }

    JsonNode put(JsonNode body, String... parts) {
        return inside(client.put(path(parts), body));
    }

    /// All of a collection that the parameters let through, page after page.
    List<JsonNode> list(List<String> parts, Map<String, Optional<String>> parameters) {
        var found = new ArrayList<JsonNode>();
        while (found.size() < MOST) {
            var asked = new TreeMap<>(parameters);
            asked.put("limit", Optional.of(String.valueOf(PAGE)));
            asked.put("offset", Optional.of(String.valueOf(found.size())));
            var page = Nodes.items(inside(client.get(path(parts, asked))));
            found.addAll(page);
            if (page.size() < PAGE) break;
        }
        return found;
    }

    /// The one of that name or id.
    ///
    /// @throws CliException if there is none, or several have that name
    JsonNode find(String collection, String name) {
        if (ID.matcher(name).matches() || collection.equals(IMAGES)) return get(collection, name);
        var found = list(List.of(collection), Map.of("name", Optional.of(name)));
        if (found.size() == 1) return found.getFirst();
        var called = called(collection);
        if (found.isEmpty())
            throw new CliException(
                    ExitCode.NOT_THERE,
                    "there is no " + called + " " + name,
                    "see what there is with:  holdfast " + command(collection) + " list");
        throw new CliException(
                ExitCode.USAGE,
                "there are " + found.size() + " of the name " + name + "; name one by its id",
                found.stream().map(one -> Nodes.text(one, "id")).toArray(String[]::new));
    }

    String id(String collection, String name) {
        return ID.matcher(name).matches() ? name : Nodes.text(find(collection, name), "id");
    }

    /// The id of what may be named.
    Optional<String> id(String collection, Optional<String> name) {
        return name.map(one -> id(collection, one));
    }

    /// As the interface calls one of a collection.
    static String singular(String collection) {
        return collection.equals(FAMILIES) ? "pool_family" : collection.replaceFirst("s$", "");
    }

    /// As people call one of a collection.
    static String called(String collection) {
        return switch (collection) {
            case PROVIDERS -> "cloud";
            case ACCOUNTS -> "account";
            case REALMS -> "realm";
            case GROUPS -> "group";
            default -> singular(collection).replace('_', ' ');
        };
    }

    private static String command(String collection) {
        return switch (collection) {
            case PROFILES -> "hwprofile";
            case PROVIDER_REALMS -> "realm";
            case FAMILIES -> "family";
            default -> called(collection);
        };
    }
}
