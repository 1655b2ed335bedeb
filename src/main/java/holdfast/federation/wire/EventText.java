package holdfast.federation.wire;

import holdfast.core.Answer;
import holdfast.platform.Json;
import holdfast.protocol.rear.ContractCourse;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.MarketEvent;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What changed, as it goes over the wire (fluidos.md 5.9, A24): REFRESH, WITHDRAW, and news of contracts.
public final class EventText {
    public static final String REFRESH = "refresh";
    public static final String WITHDRAW = "withdraw";
    public static final String CONTRACT = "contract";

    /// So long after it was told an offer may be believed.
    private static final Duration LIFE = Duration.ofMinutes(5);

    private EventText() {}

    /// In which words it is told.
    public enum Form {
        NODE,
        DOC,
        /// As documents sketch it.
        XML;

        static Form of(Dialect dialect) {
            return dialect == Dialect.DOC ? DOC : NODE;
        }

        private Dialect dialect() {
            return this == DOC ? Dialect.DOC : Dialect.NODE;
        }

        /// Of one event.
        public String mediaType() {
            return this == XML ? "application/xml; charset=utf-8" : "application/json; charset=utf-8";
        }
    }

    /// The form that a question shows.
    public static Form asked(Call call) {
        boolean xml = call.header("accept")
                .filter(types -> types.contains("application/xml"))
                .isPresent();
        return xml ? Form.XML : Form.of(Dialect.of(call).orElse(Dialect.NODE));
    }

    /// What kind of event it is.
    public static String name(MarketEvent event) {
        return switch (event) {
            case MarketEvent.Refreshed _ -> REFRESH;
            case MarketEvent.Withdrawn _ -> WITHDRAW;
            case MarketEvent.Contracted _ -> CONTRACT;
        };
    }

    /// @param at when it happened
    public static String write(MarketEvent event, Instant at, Form form) {
        return form == Form.XML ? xml(event) : Json.text(json(event, at, form.dialect()));
    }

    private static ObjectNode json(MarketEvent event, Instant at, Dialect dialect) {
        var told = Json.object();
        switch (event) {
            case MarketEvent.Refreshed(var flavor, var before, var _) -> {
                told.set("flavor", dialect.writer().tree(flavor));
                var list = told.putArray("modifications");
                modifications(
                        flavor,
                        before,
                        dialect,
                        (field, values) -> list.addObject()
                                .put("field", field)
                                .put("oldValue", values.old)
                                .put("newValue", values.now));
                told.put(
                        "expirationTime",
                        at.plus(LIFE).truncatedTo(ChronoUnit.SECONDS).toString());
            }
            case MarketEvent.Withdrawn(var flavor, var code, var message, var _) -> {
                told.put("flavorID", flavor.id())
                        .put("providerID", flavor.provider())
                        .put("flavorType", flavor.kind().type().word());
                told.putObject("reason")
                        .put("code", code.name().toLowerCase(Locale.ROOT))
                        .put("message", message);
            }
            case MarketEvent.Contracted(var contract, var state, var _) ->
                told.put("contractID", contract).put("state", state.name());
        }
        return told;
    }

    private record Values(String old, String now) {}

    /// The fields that are not what they were, by the names that they have in the flavor as it is told.
    private static void modifications(
            Flavor now, Optional<Flavor> before, Dialect dialect, BiConsumer<String, Values> each) {
        if (before.isEmpty()) {
            return;
        }
        var old = new TreeMap<String, String>();
        var fresh = new TreeMap<String, String>();
        leaves("", dialect.writer().tree(before.get()), old);
        leaves("", dialect.writer().tree(now), fresh);
        var names = new TreeSet<>(old.keySet());
        names.addAll(fresh.keySet());
        for (var name : names) {
            var values = new Values(old.getOrDefault(name, ""), fresh.getOrDefault(name, ""));
            if (!values.old.equals(values.now)) {
                each.accept(name, values);
            }
        }
    }

    private static void leaves(String path, JsonNode node, TreeMap<String, String> into) {
        if (node.isObject()) {
            node.propertyStream()
                    .forEach(member -> leaves(
                            path.isEmpty() ? member.getKey() : path + "." + member.getKey(), member.getValue(), into));
        } else {
            into.put(path, node.isArray() ? Json.text(node) : node.asString());
        }
    }

    private static String xml(MarketEvent event) {
        var text = new StringWriter();
        try {
            var out = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
            switch (event) {
                case MarketEvent.Refreshed(var flavor, var before, var _) -> {
                    out.writeStartElement("RefreshMessage");
                    flavor(out, flavor);
                    var changed = new TreeMap<String, Values>();
                    modifications(flavor, before, Dialect.NODE, changed::put);
                    for (var one : changed.entrySet()) {
                        out.writeStartElement("ModificationDetails");
                        element(out, "FieldModified", one.getKey());
                        element(out, "OldValue", one.getValue().old);
                        element(out, "NewValue", one.getValue().now);
                        out.writeEndElement();
                    }
                    out.writeEndElement();
                }
                case MarketEvent.Withdrawn(var flavor, var _, var message, var _) -> {
                    out.writeStartElement("WithdrawMessage");
                    flavor(out, flavor);
                    out.writeStartElement("Reason");
                    element(out, "Message", message);
                    out.writeEndElement();
                    out.writeEndElement();
                }
                case MarketEvent.Contracted(var contract, var state, var _) -> {
                    out.writeStartElement("ContractMessage");
                    element(out, "ContractID", contract);
                    element(out, "State", state.name());
                    out.writeEndElement();
                }
            }
            out.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("cannot write XML into memory", e);
        }
        return text.toString();
    }

    private static void flavor(XMLStreamWriter out, Flavor flavor) throws XMLStreamException {
        out.writeStartElement("Flavor");
        element(out, "FlavorID", flavor.id());
        element(out, "ProviderID", flavor.provider());
        element(out, "FlavorType", flavor.kind().type().word());
        out.writeEndElement();
    }

    private static void element(XMLStreamWriter out, String name, String text) throws XMLStreamException {
        out.writeStartElement(name);
        out.writeCharacters(text.replaceAll("[\\p{Cntrl}\\p{Cs}]", " "));
        out.writeEndElement();
    }

    /// What a seller has told.
    public sealed interface Heard {
        record Refreshed(Flavor flavor) implements Heard {}

        /// @param code empty if it is none that we know
        record Withdrawn(String flavor, Optional<MarketEvent.Code> code) implements Heard {}

        /// @param state as it says
        record Contracted(String contract, Optional<ContractCourse> state) implements Heard {}

        /// Something that we have no use for.
        record Other() implements Heard {}
    }

    /// Reads what [#write] writes in JSON.
    ///
    /// @param name of the kind of event
    public static Answer<Heard> read(String name, String data) {
        return switch (name) {
            case REFRESH ->
                RearReader.read(data, message -> new Heard.Refreshed(RearReader.flavor(message.at("flavor"))));
            case WITHDRAW ->
                RearReader.read(
                        data,
                        message -> new Heard.Withdrawn(
                                message.at("flavorID").id(),
                                message.at("reason").at("code").said(Item.NAME).flatMap(MarketEvent.Code::of)));
            case CONTRACT ->
                RearReader.read(
                        data,
                        message -> new Heard.Contracted(
                                message.at("contractID").id(),
                                message.at("state").said(Item.NAME).flatMap(RearReader::course)));
            default -> Answer.yes(new Heard.Other());
        };
    }
}
