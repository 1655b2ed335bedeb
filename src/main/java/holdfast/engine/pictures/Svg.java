package holdfast.engine.pictures;

import holdfast.engine.pictures.Layout.Drawn;
import holdfast.engine.pictures.Layout.Point;
import holdfast.engine.pictures.Picture.Kind;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// A picture for people: SVG without scripts, style sheets or anything from elsewhere. The same picture gives the same
/// text. The first one takes about a second, because only then the library of the layout is loaded.
public final class Svg {
    private static final String FONT = "DejaVu Sans Mono, Menlo, Consolas, monospace";
    private final XMLStreamWriter out;

    private Svg(XMLStreamWriter out) {
        this.out = out;
    }

    public static String write(Picture picture) {
        var text = new StringWriter();
        try {
            var out = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
            new Svg(out).picture(picture, Layout.of(picture));
            out.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("cannot write XML into memory", e);
        }
        return text.append('\n').toString();
    }

    private void picture(Picture picture, Layout layout) throws XMLStreamException {
        var width = number(layout.width());
        var height = number(layout.height());
        open("svg", "xmlns", "http://www.w3.org/2000/svg", "width", width, "height", height);
        attributes("viewBox", "0 0 " + width + " " + height, "font-family", FONT);
        attributes("font-size", number(Layout.FONT_SIZE), "role", "img");
        element("title", picture.name());
        open("defs");
        for (var kind : Kind.values()) {
            open("marker", "id", "end-" + id(kind), "viewBox", "0 0 10 10", "refX", "9", "refY", "5");
            attributes("markerWidth", "7", "markerHeight", "7", "orient", "auto", "markerUnits", "userSpaceOnUse");
            open("path", "d", "M0 0L10 5L0 10z", "fill", colour(kind));
            close();
            close();
        }
        close();
        open("rect", "width", "100%", "height", "100%", "fill", "white");
        close();
        for (var arrow : layout.arrows()) {
            arrow(arrow);
        }
        for (var state : layout.states()) {
            state(state, picture.transitioning().contains(state.name()));
        }
        close();
    }

    private void arrow(Drawn drawn) throws XMLStreamException {
        var arrow = drawn.arrow();
        if (arrow.url().isPresent()) {
            open("a", "href", clean(arrow.url().get()));
        } else {
            open("g");
        }
        attributes("data-from", clean(arrow.from()), "data-to", clean(arrow.to()));
        element("title", arrow.from() + " -> " + arrow.to() + ": " + arrow.label());
        open("path", "d", path(drawn.points()), "fill", "none", "stroke", colour(arrow.kind()));
        attributes("stroke-width", arrow.kind() == Kind.LOGIC ? "2" : "1.2");
        switch (arrow.kind()) {
            case START -> attributes("stroke-dasharray", "2 3");
            case FAILED -> attributes("stroke-dasharray", "6 4");
            case DONE, LOGIC, CHANGE -> {}
        }
        attributes("marker-end", "url(#end-" + id(arrow.kind()) + ")");
        close();
        text(drawn.label(), drawn.text(), arrow.kind() == Kind.LOGIC, dark(arrow.kind()));
        close();
    }

    private void state(Layout.State state, boolean moving) throws XMLStreamException {
        open("g", "data-state", clean(state.name()));
        open("rect", "x", number(state.at().x()), "y", number(state.at().y()));
        attributes("width", number(state.width()), "height", number(state.height()), "rx", "12");
        attributes("fill", moving ? "#fff1dc" : "#f3f6fa", "stroke", moving ? "orange" : "#334155");
        attributes("stroke-width", "1.5");
        close();
        var middle = new Point(
                state.at().x() + state.width() / 2, state.at().y() + state.height() / 2 + Layout.FONT_SIZE * 0.35);
        open("text", "x", number(middle.x()), "y", number(middle.y()), "text-anchor", "middle");
        out.writeCharacters(clean(state.name()));
        close();
        close();
    }

    private void text(Point at, String words, boolean bold, String colour) throws XMLStreamException {
        open("text", "x", number(at.x()), "y", number(at.y() + Layout.FONT_SIZE), "fill", colour);
        if (bold) {
            attributes("font-weight", "bold");
        }
        out.writeCharacters(clean(words));
        close();
    }

    private static String path(List<Point> points) {
        return points.stream()
                .map(point -> number(point.x()) + " " + number(point.y()))
                .collect(Collectors.joining("L", "M", ""));
    }

    private static String id(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static String colour(Kind kind) {
        return switch (kind) {
            case START -> "#64748b";
            case DONE -> "orange";
            case LOGIC -> "green";
            case FAILED -> "red";
            case CHANGE -> "gray";
        };
    }

    /// The same, dark enough to be read.
    private static String dark(Kind kind) {
        return switch (kind) {
            case START, CHANGE -> "#334155";
            case DONE -> "#9a5b00";
            case LOGIC -> "#006400";
            case FAILED -> "#b00000";
        };
    }

    private static String number(double value) {
        return String.valueOf(Math.round(value * 10) / 10.0);
    }

    /// XML has no way to write control characters.
    private static String clean(String text) {
        return text.replaceAll("[^\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]", "?");
    }

    private void open(String name, String... attributes) throws XMLStreamException {
        out.writeStartElement(name);
        attributes(attributes);
    }

    private void attributes(String... pairs) throws XMLStreamException {
        for (int index = 0; index < pairs.length; index += 2) {
            out.writeAttribute(pairs[index], pairs[index + 1]);
        }
    }

    private void element(String name, String text) throws XMLStreamException {
        open(name);
        out.writeCharacters(clean(text));
        close();
    }

    private void close() throws XMLStreamException {
        out.writeEndElement();
    }
}
