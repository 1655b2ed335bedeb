package holdfast.api.cimi;

import holdfast.core.Caller;
import holdfast.orchestrator.instances.AccountThing;
import holdfast.orchestrator.instances.AccountThings;
import holdfast.orchestrator.instances.VirtualCloud;
import holdfast.platform.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// A pool as one request sees it.
///
/// @param base address of the interface without a slash at its end, such as `http://b.example/cimi`
/// @param driver the type of providers to which what is made is bound; empty = any (aeolus.md 5.3.3)
/// @param offer what there is beside machines
/// @param there leads to that
/// @param volumes all that there are, asked for once however many machines tell theirs
record Face(
        String base,
        Caller caller,
        VirtualCloud cloud,
        Optional<String> driver,
        Query query,
        AccountThings.Offer offer,
        Supplier<AccountThings> there,
        Supplier<List<AccountThing.Volume>> volumes) {
    static final String ACTION = Notation.NAMESPACE + "/action/";

    /// What lives at accounts; to be asked for only if any of it is offered.
    AccountThings things() {
        return there.get();
    }

    /// @param collection as Deltacloud calls it
    boolean offers(String collection) {
        return offer.collections().contains(collection);
    }

    /// The address of something below.
    String at(String... path) {
        var address = new StringBuilder(base);
        for (var segment : path) {
            address.append('/').append(encoded(segment));
        }
        return address.toString();
    }

    private static String encoded(String segment) {
        boolean plain = segment.chars()
                .allMatch(one -> one >= 'a' && one <= 'z' || one >= '0' && one <= '9' || one == '-' || one == '_');
        return plain
                ? segment
                : URLEncoder.encode(segment, StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("%7E", "~");
    }

    ObjectNode reference(String... path) {
        return Json.object().put(Notation.HREF, at(path));
    }

    /// What every document begins with.
    ///
    /// @param id its address
    static ObjectNode common(
            String id,
            String name,
            Optional<String> description,
            Optional<Instant> created,
            Optional<Instant> updated,
            Map<String, String> properties) {
        var node = Json.object().put("id", id).put("name", name);
        description.ifPresent(text -> node.put("description", text));
        created.ifPresent(time -> node.put("created", time.toString()));
        updated.ifPresent(time -> node.put("updated", time.toString()));
        if (!properties.isEmpty()) {
            properties.forEach(node.putObject(Notation.PROPERTIES)::put);
        }
        return node;
    }

    /// Adds what can be done with a document.
    ///
    /// @param rel a word such as `delete`, or the URI of an action
    static void operation(ObjectNode node, String rel, String href) {
        node.withArray("/operations").addObject().put("rel", rel).put(Notation.HREF, href);
    }
}
