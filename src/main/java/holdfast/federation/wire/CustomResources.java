package holdfast.federation.wire;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.platform.Json;
import holdfast.protocol.rear.Attribute;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Filter;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Selector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is traded, in the spelling of declared objects (fluidos.md 2.7 to 2.9).
public final class CustomResources {
    private static final int REGEX = 1_000;
    private static final String MATCH = "Match";
    private static final String RANGE = "Range";
    private static final String DATA = "data";
    private static final KindWriter WRITER = new KindWriter(new NodeDialect());

    private CustomResources() {}

    /// A `selector`: a type and its filters, each of them with `data`.
    public static Answer<Selector> selector(JsonNode selector) {
        return read(selector, "selector", item -> {
            var type = item.object().at("flavorType");
            var known = FlavorType.of(type.text(Item.NAME))
                    .orElseThrow(() -> type.refused("must be K8Slice, VM, Service or Sensor"));
            var filters = new ArrayList<>(
                    item.at("filters").members(filter -> filter(known, filter)).values());
            return Selector.of(known, filters).orThrow();
        });
    }

    /// The same, written.
    public static ObjectNode selector(Selector selector) {
        var filters = Json.object();
        for (var filter : selector.filters()) {
            var written = filters.putObject(filter.attribute().key());
            switch (filter.test()) {
                case Filter.Amount(var amount) ->
                    written.put("name", MATCH).putObject(DATA).put("value", amount.text());
                case Filter.Text(var text) ->
                    written.put("name", MATCH).putObject(DATA).put("value", text);
                case Filter.Found(var regex) ->
                    written.put("name", RANGE).putObject(DATA).put("regex", regex.text());
                case Filter.Range(var min, var max) -> {
                    var data = written.put("name", RANGE).putObject(DATA);
                    min.ifPresent(least -> data.put("min", least.text()));
                    max.ifPresent(most -> data.put("max", most.text()));
                }
            }
        }
        var all = Json.object().put("flavorType", selector.type().identifier());
        Trees.set(all, "filters", filters);
        return all;
    }

    /// A `configuration`.
    public static Answer<Configuration> configuration(JsonNode configuration) {
        return read(configuration, "configuration", RearReader::configuration);
    }

    /// A `buyer`, `seller` or `owner`.
    public static Answer<NodeIdentity> identity(JsonNode identity) {
        return read(identity, "identity", RearReader::identity);
    }

    /// A declared flavor.
    ///
    /// @param name its own
    /// @param spec what it is, owner among it
    /// @param now since when it is offered
    public static Answer<Flavor> flavor(String name, JsonNode spec, Instant now) {
        return read(spec, "spec", item -> {
            var typed = item.object().at("flavorType").object();
            var identifier = typed.at("typeIdentifier");
            var type = FlavorType.of(identifier.text(Item.NAME))
                    .orElseThrow(() -> identifier.refused("must be K8Slice, VM, Service or Sensor"));
            return new Flavor(
                    name,
                    item.at("providerID").id(),
                    RearReader.identity(item.at("owner")),
                    KindReader.read(type, typed.at("typeData")),
                    RearReader.price(item.at("price")),
                    item.at("availability").truth(),
                    item.at("networkPropertyType").said(Item.NAME),
                    RearReader.place(item.at("location")),
                    now,
                    Map.of());
        });
    }

    /// The same, written.
    public static ObjectNode flavor(Flavor flavor) {
        var data = (ObjectNode) WRITER.type(flavor.kind()).path("data");
        rename(data, "charateristics", "characteristics");
        if (data.path("properties") instanceof ObjectNode properties) {
            rename(properties, "carbonFootprint", "carbon-footprint");
        }
        var written = Json.object().put("providerID", flavor.provider());
        written.putObject("flavorType")
                .put("typeIdentifier", flavor.kind().type().identifier())
                .set("typeData", data);
        written.set("owner", identity(flavor.owner()));
        written.set("price", Trees.price(flavor.price()));
        written.put("availability", flavor.available());
        Trees.put(written, "networkPropertyType", flavor.network());
        var place = Json.object();
        Trees.put(place, "latitude", flavor.place().latitude());
        Trees.put(place, "longitude", flavor.place().longitude());
        Trees.put(place, "country", flavor.place().country());
        Trees.put(place, "city", flavor.place().city());
        Trees.put(place, "additionalNotes", flavor.place().notes());
        Trees.set(written, "location", place);
        return written;
    }

    private static void rename(ObjectNode node, String from, String to) {
        if (node.has(from)) {
            node.set(to, node.remove(from));
        }
    }

    /// What is bought of a flavor, written. Settings of services, which may hold passwords, are not shown.
    public static ObjectNode configuration(Configuration configuration) {
        var shown = configuration instanceof Configuration.Settings(var hosting, var _)
                ? new Configuration.Settings(hosting, Json.object())
                : configuration;
        return WRITER.configuration(shown).put("type", configuration.type().identifier());
    }

    /// Who a node is, written.
    public static ObjectNode identity(NodeIdentity node) {
        var written = Json.object()
                .put("domain", node.domain())
                .put("nodeID", node.id())
                .put("ip", node.address());
        node.fabric().ifPresent(id -> written.putObject("additionalInformation").put("liqoID", id));
        return written;
    }

    private static Filter filter(FlavorType type, Item filter) {
        var key = filter.path().substring(filter.path().lastIndexOf('.') + 1);
        var attribute = Arrays.stream(Attribute.values())
                .filter(one -> one.key().equals(key) && one.isOf(type))
                .findFirst()
                .orElseThrow(() -> filter.refused("is no filter of " + type.identifier() + ": it must be left out"));
        var data = filter.object().at(DATA).object();
        var answer = switch (filter.at("name").text(Item.NAME)) {
            case MATCH -> Filter.match(attribute, data.at("value").needed());
            case RANGE -> range(attribute, data);
            default -> throw filter.at("name").refused("must be Match or Range");
        };
        return switch (answer) {
            case Answer.Yes<Filter>(var read) -> read;
            case Answer.No<Filter>(var why) ->
                throw new RefusedException(Refusal.malformed(data.path(), data.path() + ": " + why.message()));
        };
    }

    private static Answer<Filter> range(Attribute attribute, Item data) {
        if (attribute.form() == Attribute.Form.TEXT) {
            var regex = data.at("regex");
            return Filter.regex(
                    attribute, regex.said(REGEX).orElseThrow(() -> regex.refused("must be a regular expression")));
        }
        return Filter.range(
                attribute, data.at("min").said(Item.NAME), data.at("max").said(Item.NAME));
    }

    private static <T> Answer<T> read(JsonNode node, String name, Function<Item, T> reading) {
        try {
            return Answer.yes(reading.apply(new Item(node, name, false)));
        } catch (RefusedException e) {
            return Answer.no(e.refusal());
        }
    }
}
