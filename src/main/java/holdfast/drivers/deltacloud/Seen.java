package holdfast.drivers.deltacloud;

import holdfast.platform.XmlTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// An instance as a cloud shows it (aeolus.md 5.3.5).
///
/// @param state in capital letters
/// @param key name of the key that opens it
/// @param addresses for the public: IPv4 addresses and host names
/// @param actions what it says can be done with it, by word
/// @param launched as the cloud writes it; may be nothing
record Seen(
        String id,
        String name,
        String owner,
        String state,
        Optional<String> key,
        Optional<String> realm,
        List<String> addresses,
        Map<String, Deed> actions,
        String launched) {
    /// @param method such as `post`
    record Deed(String method, String href) {}

    /// Empty if it is not an instance with an id.
    static Optional<Seen> read(XmlTree root) {
        if (!root.name().equals("instance")) return Optional.empty();
        return root.attribute("id")
                .or(() -> root.says("id"))
                .map(id -> new Seen(
                        id,
                        root.says("name").orElse(""),
                        root.says("owner_id").orElse(""),
                        root.says("state").orElse("").toUpperCase(Locale.ROOT),
                        root.child("authentication")
                                .flatMap(authentication -> authentication.child("login"))
                                .flatMap(login -> login.says("keyname")),
                        root.refers("realm"),
                        root.child("public_addresses").map(Seen::addresses).orElse(List.of()),
                        root.child("actions").map(Seen::actions).orElse(Map.of()),
                        root.says("launch_time")
                                .or(() -> root.says("create_time"))
                                .orElse("")));
    }

    /// Old servers write plain text.
    private static List<String> addresses(XmlTree list) {
        var found = new ArrayList<String>();
        if (!list.text().isEmpty()) found.add(list.text());
        list.all("address").stream()
                .filter(one -> List.of("ipv4", "hostname")
                        .contains(one.attribute("type").orElse("hostname").toLowerCase(Locale.ROOT)))
                .map(XmlTree::text)
                .filter(text -> !text.isEmpty())
                .forEach(found::add);
        return List.copyOf(found);
    }

    private static Map<String, Deed> actions(XmlTree list) {
        var found = new HashMap<String, Deed>();
        for (var link : list.all("link")) {
            var method = link.attribute("method").orElse("post");
            link.attribute("rel")
                    .ifPresent(rel -> link.attribute("href")
                            .ifPresent(href -> found.put(rel, new Deed(method.toUpperCase(Locale.ROOT), href))));
        }
        return Map.copyOf(found);
    }

    Power power() {
        return Power.of(state);
    }

    /// What the lease should know of it.
    Map<String, String> facts() {
        var facts = new TreeMap<String, String>();
        facts.put("id", id);
        facts.put("status", state);
        if (!addresses.isEmpty()) facts.put("addresses", String.join(" ", addresses));
        realm.ifPresent(where -> facts.put("realm", where));
        key.ifPresent(name -> facts.put("keyname", name));
        return Map.copyOf(facts);
    }
}
