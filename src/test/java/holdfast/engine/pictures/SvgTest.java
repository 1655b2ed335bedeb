package holdfast.engine.pictures;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.engine.types.ResourceType;
import holdfast.engine.types.TypeFile;
import java.io.StringReader;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

final class SvgTest {
    private static final Logic ODD =
            new Logic(List.of("<script>alert(1)</script>"), List.of("a\"b & c\u0001"), List.of());

    private static Document parse(String svg) throws Exception {
        var factory = DocumentBuilderFactory.newInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static List<Element> elements(Document document, String name) {
        var found = document.getElementsByTagName(name);
        return IntStream.range(0, found.getLength())
                .mapToObj(index -> (Element) found.item(index))
                .toList();
    }

    @Test
    void every_type_has_a_picture_with_its_states_and_arrows() throws Exception {
        for (var type : TypeFile.standard()) {
            if (type.base().isEmpty()) {
                var picture = new Picture.Painter("http://h", _ -> Logic.NONE).type(type);
                var svg = Svg.write(picture);
                var document = parse(svg);
                var states = new HashSet<String>();
                elements(document, "g").stream()
                        .filter(group -> group.hasAttribute("data-state"))
                        .forEach(group -> states.add(group.getAttribute("data-state")));
                assertThat(states).as(type.name()).isEqualTo(picture.states());
                assertThat(elements(document, "a").size()
                                + elements(document, "g").size()
                                - states.size())
                        .isEqualTo(picture.arrows().size());
            }
        }
    }

    @Test
    void a_name_cannot_break_out_and_the_same_picture_gives_the_same_text() throws Exception {
        var picture = new Picture.Painter("http://h/\"><x>", _ -> ODD).type(type("stack"));
        var svg = Svg.write(picture);
        var document = parse(svg);
        assertThat(elements(document, "script")).isEmpty();
        assertThat(elements(document, "x")).isEmpty();
        assertThat(elements(document, "text"))
                .anyMatch(text -> text.getTextContent().contains("<script>"));
        assertThat(Svg.write(picture)).isEqualTo(svg);
    }

    private static ResourceType type(String name) {
        return TypeFile.standard().stream()
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
