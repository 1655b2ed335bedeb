package holdfast.api.deltacloud;

import holdfast.platform.XmlTree;
import java.io.StringWriter;
import java.util.Set;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// Writes elements as text. What no document may hold, such as control characters, becomes a replacement character.
final class Markup {
    private static final Set<String> VOID = Set.of("input", "meta", "link", "br");

    private final XMLStreamWriter out;
    private final boolean html;

    private Markup(XMLStreamWriter out, boolean html) {
        this.out = out;
        this.html = html;
    }

    static String xml(Element root) {
        return "<?xml version='1.0' encoding='utf-8' ?>\n" + written(root, false);
    }

    static String html(Element root) {
        return "<!DOCTYPE html>\n" + written(root, true);
    }

    private static String written(Element root, boolean html) {
        var text = new StringWriter();
        try {
            var out = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            new Markup(out, html).write(root);
            out.writeEndDocument();
            out.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("cannot write XML into memory", e);
        }
        return text.append('\n').toString();
    }

    private void write(Element element) throws XMLStreamException {
        boolean empty = element.text().isEmpty() && element.children().isEmpty();
        if (empty && (!html || VOID.contains(element.name()))) {
            out.writeEmptyElement(element.name());
            attributes(element);
            return;
        }
        out.writeStartElement(element.name());
        attributes(element);
        if (element.literal() && !html) {
            out.writeCData(XmlTree.fit(element.text()).replace("]]>", "]]]]><![CDATA[>"));
        } else if (!element.text().isEmpty()) {
            out.writeCharacters(XmlTree.fit(element.text()));
        }
        for (var child : element.children()) {
            write(child);
        }
        out.writeEndElement();
    }

    private void attributes(Element element) throws XMLStreamException {
        for (var attribute : element.attributes().entrySet()) {
            out.writeAttribute(attribute.getKey(), XmlTree.fit(attribute.getValue()));
        }
    }
}
