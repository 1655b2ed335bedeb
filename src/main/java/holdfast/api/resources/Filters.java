package holdfast.api.resources;

import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import tools.jackson.databind.node.ObjectNode;

/// What a request for a collection selects: `<field>[_<modifier>]=value`, all of them at once (cattle.md 5.4).
///
/// @param given by the field that they are about, in the order of the request
record Filters(List<Given> given) {
    private static final Set<String> OTHERS =
            Set.of("limit", "marker", "sort", "order", "include", "strict", "projectId");
    private static final int MOST = 100;

    record Given(Filterable field, Modifier modifier, String value) {}

    /// @throws Problem with `strict=true`, if a parameter is no filter
    static Filters of(Ask ask, Map<String, Filterable> known) {
        var given = new ArrayList<Given>();
        for (var parameter : ask.http().query().entrySet()) {
            var name = parameter.getKey();
            var filter = find(name, known);
            if (filter.isPresent()) {
                parameter.getValue().forEach(value -> given.add(filter.get().with(value)));
            } else if (!OTHERS.contains(name) && !name.startsWith("_") && ask.flag("strict")) {
                throw Problem.invalid(
                        "InvalidOption",
                        Form.shorten(name),
                        Form.shorten(name) + " is no filter here" + Nearest.hint(name, known.keySet()));
            }
        }
        if (given.size() > MOST) {
            throw Problem.malformed("query", "there are " + given.size() + " filters; the most are " + MOST);
        }
        return new Filters(List.copyOf(given));
    }

    private record Known(Filterable field, Modifier modifier) {
        Given with(String value) {
            return new Given(field, modifier, value);
        }
    }

    /// The modifier is what follows the last `_`.
    private static Optional<Known> find(String name, Map<String, Filterable> known) {
        var plain = Optional.ofNullable(known.get(name)).map(field -> new Known(field, Modifier.EQ));
        int bar = name.lastIndexOf('_');
        if (plain.isPresent() || bar < 0) {
            return plain;
        }
        return Modifier.of(name.substring(bar + 1))
                .flatMap(modifier -> Optional.ofNullable(known.get(name.substring(0, bar)))
                        .filter(field -> field.modifiers().contains(modifier))
                        .map(field -> new Known(field, modifier)));
    }

    /// All of them at once.
    Condition condition(Tx tx, Ask ask) {
        return given.stream()
                .map(one -> one.field.condition(tx, ask, one.modifier, one.value))
                .reduce(DSL.noCondition(), Condition::and);
    }

    boolean mention(String field) {
        return given.stream().anyMatch(one -> one.field.name().equals(field));
    }

    /// Every filterable field, with what was given for it.
    ObjectNode echo(Map<String, Filterable> known) {
        var byField = new LinkedHashMap<String, List<Given>>();
        known.keySet().forEach(name -> byField.put(name, new ArrayList<>()));
        given.forEach(
                one -> byField.getOrDefault(one.field.name(), new ArrayList<>()).add(one));
        var echo = Json.object();
        byField.forEach((name, filters) -> {
            if (filters.isEmpty()) {
                echo.putNull(name);
            } else {
                var list = echo.putArray(name);
                filters.forEach(one ->
                        list.addObject().put("modifier", one.modifier.word()).put("value", one.value));
            }
        });
        return echo;
    }
}
