package holdfast.api.deltacloud;

import holdfast.platform.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One thing of a collection, told once for all forms: each field says how it looks in XML and in JSON, which differ
/// in names and shapes here and there (aeolus.md 5.3.5).
final class Entity {
    private final String kind;
    private final String id;
    private final String href;
    private final List<Element> elements = new ArrayList<>();
    private final ObjectNode json = Json.object();
    private Optional<String> type = Optional.empty();

    Entity(String kind, String id, String href) {
        this.kind = kind;
        this.id = id;
        this.href = href;
        json.put("id", id).put("href", href);
    }

    String kind() {
        return kind;
    }

    String id() {
        return id;
    }

    String href() {
        return href;
    }

    Element xml() {
        return new Element(kind, Map.of("href", href), "", false, elements)
                .with("id", id)
                .with("type", type);
    }

    ObjectNode json() {
        return json;
    }

    /// An attribute of the root, in XML only.
    Entity typed(String word) {
        type = Optional.of(word);
        return this;
    }

    Entity text(String name, String value) {
        return text(name, name, value);
    }

    /// @param member its name in JSON
    Entity text(String name, String member, String value) {
        return field(Element.text(name, value), member, Json.toTree(value));
    }

    /// A text that is absent if it is empty.
    Entity text(String name, Optional<String> value) {
        value.ifPresent(text -> text(name, text));
        return this;
    }

    Entity number(String name, long value) {
        return field(Element.text(name, String.valueOf(value)), name, Json.toTree(value));
    }

    Entity cdata(String name, String value) {
        return field(Element.cdata(name, value), name, Json.toTree(value));
    }

    Entity time(String name, String member, Optional<Instant> time) {
        time.ifPresent(instant -> text(name, member, instant.toString()));
        return this;
    }

    /// Another thing, by reference.
    Entity ref(String name, String other, String address) {
        return field(
                Element.of(name).with("href", address).with("id", other),
                name,
                Json.object().put("href", address).put("id", other).put("rel", name));
    }

    /// Several others, by reference.
    Entity refs(String name, String rel, List<String> others, UnaryOperator<String> address) {
        var array = Json.array();
        others.forEach(other -> array.add(
                Json.object().put("id", other).put("href", address.apply(other)).put("rel", rel)));
        return field(
                Element.of(
                        name,
                        others.stream()
                                .map(other -> Element.of(rel)
                                        .with("href", address.apply(other))
                                        .with("id", other))
                                .toList()),
                name,
                array);
    }

    /// Several texts.
    Entity texts(String name, String one, List<String> texts) {
        return field(
                Element.of(
                        name,
                        texts.stream().map(text -> Element.text(one, text)).toList()),
                name,
                Json.toTree(texts));
    }

    /// What can be done.
    Entity actions(List<Link> links) {
        var array = Json.array();
        links.forEach(link -> array.add(
                Json.object().put("href", link.href).put("rel", link.rel).put("method", link.method)));
        return field(Element.of("actions", links.stream().map(Link::xml).toList()), "actions", array);
    }

    Entity field(Element element, String member, JsonNode value) {
        return xml(element).json(member, value);
    }

    /// In XML only.
    Entity xml(Element element) {
        elements.add(element);
        return this;
    }

    /// In JSON only.
    Entity json(String member, JsonNode value) {
        json.set(member, value);
        return this;
    }

    /// What the address with another word at its end does.
    Link post(String rel) {
        return new Link(rel, "post", href + "/" + rel);
    }

    /// What deletes it.
    Link destroy() {
        return new Link("destroy", "delete", href);
    }

    /// @param method in lower case
    record Link(String rel, String method, String href) {
        Element xml() {
            return Element.of("link").with("rel", rel).with("method", method).with("href", href);
        }
    }
}
