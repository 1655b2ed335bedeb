package holdfast.api.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A tree that is written, or was read, as XML or as JSON by one rule (aeolus.md 5.1): an element becomes a key, so
/// does an attribute, the text of an element with attributes becomes `value`, and what holds many of a kind an array.
///
/// Values are texts, numbers and booleans, which XML does not tell apart; in an attribute also a list of these.
final class Element {
    /// A key of the text beside attributes.
    static final String VALUE = "value";

    private final String name;
    private final boolean plural;
    private final Map<String, Object> attributes = new LinkedHashMap<>();
    private final List<Element> children = new ArrayList<>();
    private Optional<Object> value = Optional.empty();

    private Element(String name, boolean plural) {
        this.name = name;
        this.plural = plural;
    }

    static Element of(String name) {
        return new Element(name, false);
    }

    /// One that holds many of a kind.
    static Element many(String name) {
        return new Element(name, true);
    }

    /// Many of a kind.
    static Element many(String name, Collection<Element> children) {
        var many = many(name);
        many.children.addAll(children);
        return many;
    }

    Element attribute(String key, Object content) {
        attributes.put(key, content);
        return this;
    }

    Element attribute(String key, Optional<?> content) {
        content.ifPresent(there -> attributes.put(key, there));
        return this;
    }

    Element saying(Object content) {
        value = Optional.of(content);
        return this;
    }

    Element with(Element child) {
        children.add(child);
        return this;
    }

    /// With a child that says something.
    Element with(String child, Object content) {
        return with(of(child).saying(content));
    }

    /// The same, if there is something to say.
    Element with(String child, Optional<?> content) {
        content.ifPresent(there -> with(child, there));
        return this;
    }

    String name() {
        return name;
    }

    boolean plural() {
        return plural;
    }

    Map<String, Object> attributes() {
        return attributes;
    }

    List<Element> children() {
        return children;
    }

    Optional<Object> value() {
        return value;
    }

    Optional<Element> child(String wanted) {
        return children.stream().filter(child -> child.name.equals(wanted)).findFirst();
    }
}
