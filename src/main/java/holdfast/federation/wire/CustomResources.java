package holdfast.federation.wire;

import holdfast.core.Answer;
import holdfast.core.RefusedException;
import holdfast.platform.Json;
import holdfast.protocol.rear.Attribute;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Filter;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is traded, in the spelling of declared objects (fluidos.md 2.7 to 2.9).
public final class CustomResources {
    private static final int REGEX = 1_000;
    private static final String MATCH = "Match";
    private static final String RANGE = "Range";
    private static final String DATA = "data";

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
        return answer.orThrow();
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
