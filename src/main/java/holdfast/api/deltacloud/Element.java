package holdfast.api.deltacloud;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An element of XML or HTML.
///
/// @param attributes in their order
/// @param text before the children
/// @param literal whether the text is written as CDATA
/// @param children all of them, or those of [#flowing]
record Element(String name, Map<String, String> attributes, String text, boolean literal, Iterable<Element> children) {
    Element {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        children = children instanceof List<Element> all ? List.copyOf(all) : children;
    }

    /// One whose children come while it is written, which is done once.
    static Element flowing(String name, Iterator<Element> children) {
        return new Element(name, Map.of(), "", false, () -> children);
    }

    static Element of(String name, List<Element> children) {
        return new Element(name, Map.of(), "", false, children);
    }

    static Element of(String name, Element... children) {
        return of(name, Arrays.asList(children));
    }

    static Element text(String name, String text) {
        return new Element(name, Map.of(), text, false, List.of());
    }

    static Element cdata(String name, String text) {
        return new Element(name, Map.of(), text, true, List.of());
    }

    Element with(String attribute, String value) {
        var more = new LinkedHashMap<>(attributes);
        more.put(attribute, value);
        return new Element(name, more, text, literal, children);
    }

    Element with(String attribute, Optional<String> value) {
        return value.map(text -> with(attribute, text)).orElse(this);
    }

    /// Whether one of the children has this name; those of [#flowing] would be used up.
    boolean has(String name) {
        for (var child : children) {
            if (child.name().equals(name)) {
                return true;
            }
        }
        return false;
    }

    Element and(Element... more) {
        var all = new ArrayList<Element>();
        children.forEach(all::add);
        all.addAll(Arrays.asList(more));
        return new Element(name, attributes, text, literal, all);
    }

    boolean isEmpty() {
        return text.isEmpty() && !children.iterator().hasNext();
    }
}
