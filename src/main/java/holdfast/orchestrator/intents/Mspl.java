package holdfast.orchestrator.intents;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.orchestrator.intents.Intent.Form;
import holdfast.orchestrator.intents.Intent.Part;
import holdfast.orchestrator.intents.Intent.Size;
import holdfast.orchestrator.intents.Intent.Within;
import holdfast.protocol.rear.Constraint;
import holdfast.protocol.rear.Constraint.Metric;
import holdfast.protocol.rear.Constraint.Operator;
import holdfast.protocol.rear.Objective;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// MSPL: `ITResourceOrchestration` with an `ITResource` for each part (fluidos.md 2.10). It names no amounts, so each
/// part is a small machine.
final class Mspl {
    private static final String ROOT = "ITResourceOrchestration";
    private static final int DEEPEST = 32;
    private static final int LONGEST = 200;
    private static final int LONGEST_ID = 80;

    private Mspl() {}

    /// An element of the text.
    private record Element(
            String name, int line, Map<String, String> attributes, List<Element> inside, StringBuilder text) {
        Optional<Element> first(String wanted) {
            return all(wanted).stream().findFirst();
        }

        List<Element> all(String wanted) {
            return inside.stream().filter(one -> one.name.equals(wanted)).toList();
        }

        String text(String wanted) {
            return first(wanted)
                    .map(one -> one.text.toString().strip())
                    .filter(text -> !text.isEmpty() && text.length() <= LONGEST)
                    .orElseThrow(() -> refused(this, "has no " + wanted + " of 1 to 200 characters"));
        }
    }

    static Intent read(String text) {
        var root = tree(text);
        if (!root.name.equals(ROOT)) {
            throw refused(root, "is not MSPL, which begins with " + ROOT);
        }
        var id = root.attributes.getOrDefault("id", "");
        if (id.isBlank() || id.length() > LONGEST_ID) {
            throw refused(root, "has no id of 1 to 80 characters");
        }
        return new Intent(
                id,
                Form.MSPL,
                Objective.CHEAPEST,
                root.all("ITResource").stream().map(Mspl::part).toList(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    private static Part part(Element resource) {
        var service = resource.first("securedService")
                .flatMap(secured -> secured.first("service"))
                .orElseThrow(() -> refused(resource, "has no securedService with a service"));
        var hard = resource.first("orchestrationRequirements").stream()
                .flatMap(requirements -> requirements.all("hardConstraint").stream())
                .map(Mspl::constraint)
                .toList();
        return new Part(
                service.text("name"),
                Size.SMALL,
                Optional.empty(),
                Within.ANYWHERE,
                hard,
                List.of(),
                Map.of("type", service.text("type")));
    }

    private static Constraint constraint(Element told) {
        var type = told.text("constraintType");
        var metric = Metric.named(type.replace('_', '-'))
                .orElseThrow(() -> refused(told, "has the constraintType '" + type + "', which is not known"));
        var unit =
                told.first("valueUnit").map(one -> one.text.toString().strip()).orElse("");
        return switch (Constraint.of(metric, operator(told), told.text("value") + unit)) {
            case Answer.Yes<Constraint>(var constraint) -> constraint;
            case Answer.No<Constraint>(var why) -> throw refused(told, "is wrong: " + why.message());
        };
    }

    private static Operator operator(Element told) {
        var word = told.text("operator");
        return switch (word) {
            case "EQUAL" -> Operator.EQUAL;
            case "LESS" -> Operator.LESS;
            case "LESS_OR_EQUAL" -> Operator.AT_MOST;
            case "GREATER" -> Operator.MORE;
            case "GREATER_OR_EQUAL" -> Operator.AT_LEAST;
            default ->
                throw refused(
                        told,
                        "has the operator '" + word
                                + "'; it must be EQUAL, LESS, LESS_OR_EQUAL, GREATER or GREATER_OR_EQUAL");
        };
    }

    private static Element tree(String text) {
        try {
            var reader = factory().createXMLStreamReader(new StringReader(text));
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamReader.START_ELEMENT) {
                    var root = element(reader, 0);
                    while (reader.hasNext()) {
                        reader.next();
                    }
                    return root;
                }
            }
            throw Fields.refused("intent", "has no XML element");
        } catch (XMLStreamException e) {
            var at = e.getLocation();
            throw new RefusedException(Refusal.malformed(
                    "intent", "the intent is no XML without a DTD: line " + (at == null ? "?" : at.getLineNumber())));
        }
    }

    private static Element element(XMLStreamReader reader, int depth) throws XMLStreamException {
        var attributes = new HashMap<String, String>();
        for (int n = 0; n < reader.getAttributeCount(); n++) {
            attributes.put(reader.getAttributeLocalName(n), reader.getAttributeValue(n));
        }
        var element = new Element(
                reader.getLocalName(),
                reader.getLocation().getLineNumber(),
                Map.copyOf(attributes),
                new ArrayList<>(),
                new StringBuilder());
        if (depth > DEEPEST) {
            throw refused(element, "is deeper than " + DEEPEST + " elements");
        }
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamReader.START_ELEMENT -> element.inside.add(element(reader, depth + 1));
                case XMLStreamReader.CHARACTERS, XMLStreamReader.CDATA -> element.text.append(reader.getText());
                case XMLStreamReader.END_ELEMENT -> {
                    return element;
                }
                case XMLStreamReader.DTD, XMLStreamReader.ENTITY_REFERENCE ->
                    throw refused(element, "uses a DTD or entities, which are not taken");
                default -> {}
            }
        }
        return element;
    }

    private static XMLInputFactory factory() {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }

    private static RefusedException refused(Element element, String rule) {
        return new RefusedException(
                Refusal.malformed(element.name, "line " + element.line + ": " + element.name + " " + rule));
    }
}
