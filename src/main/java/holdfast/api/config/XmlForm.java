package holdfast.api.config;

import holdfast.core.Answer;
import holdfast.platform.XmlTree;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Optional;

/// Elements as XML, without namespaces.
final class XmlForm {
    private XmlForm() {}

    static String write(Element root) {
        return tree(root).document();
    }

    private static XmlTree tree(Element element) {
        var attributes = new LinkedHashMap<String, String>();
        element.attributes().forEach((name, content) -> attributes.put(name, text(content)));
        return new XmlTree(
                element.name(),
                attributes,
                element.children().stream().map(XmlForm::tree).toList(),
                text(element.value().orElse("")));
    }

    private static String text(Object value) {
        return value instanceof Collection<?> list ? JsonForm.words(list) : String.valueOf(value);
    }

    /// @param expected name of the root
    static Element read(byte[] bytes, Optional<String> charset, String expected) {
        return switch (XmlTree.read(bytes, charset)) {
            case Answer.No<XmlTree>(var why) -> throw Failure.malformed(why.message());
            case Answer.Yes<XmlTree>(var root) -> {
                if (!root.name().equals(expected)) {
                    throw Failure.malformed("the body begins with " + root.name() + " and not with " + expected);
                }
                yield element(root);
            }
        };
    }

    private static Element element(XmlTree tree) {
        var element = Element.of(tree.name());
        tree.attributes().forEach(element::attribute);
        tree.children().forEach(child -> element.with(element(child)));
        return element.saying(tree.text());
    }
}
