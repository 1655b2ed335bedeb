package holdfast.api.cimi;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// What of a document is asked for (aeolus.md 5.4.5). The order of work is: filter, order, slice, expand, select.
///
/// @param select names of attributes; none = all
/// @param expand names of references to replace by what they lead to, or `*`
/// @param filters all of them must match
/// @param order by which attribute; it may be missing in an entry, which then comes last
/// @param first from 1; `last` is included
record Query(
        Set<String> select,
        Set<String> expand,
        List<Filter> filters,
        Optional<Order> order,
        Optional<Long> first,
        Optional<Long> last) {
    static final Query ALL =
            new Query(Set.of(), Set.of(), List.of(), Optional.empty(), Optional.empty(), Optional.empty());
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9]{0,63}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final String EVERYTHING = "*";
    private static final int MOST = 50;

    Query {
        select = Set.copyOf(select);
        expand = Set.copyOf(expand);
        filters = List.copyOf(filters);
    }

    record Order(String attribute, boolean descending) {
        /// Of longer texts no more counts.
        private static final int LONGEST = 1_024;

        /// By what an entry is put in order; a missing node if it has no such attribute.
        JsonNode key(ObjectNode entry) {
            var value = entry.path(attribute);
            return value.isString() && value.stringValue().length() > LONGEST
                    ? StringNode.valueOf(value.stringValue().substring(0, LONGEST))
                    : value;
        }

        Comparator<JsonNode> keys() {
            Comparator<JsonNode> values = (one, other) -> one.isNumber() && other.isNumber()
                    ? one.decimalValue().compareTo(other.decimalValue())
                    : one.asString("").compareTo(other.asString(""));
            Comparator<JsonNode> missing = Comparator.comparing(JsonNode::isMissingNode);
            return missing.thenComparing(descending ? values.reversed() : values);
        }

        private static Optional<Order> read(String text) {
            var sides = text.split(":", 2);
            boolean known = sides.length == 1 || Set.of("asc", "desc").contains(sides[1]);
            return known && NAME.matcher(sides[0]).matches()
                    ? Optional.of(new Order(sides[0], sides.length == 2 && sides[1].equals("desc")))
                    : Optional.empty();
        }
    }

    /// @param query decoded parameters
    /// @return MALFORMED for one that cannot be
    static Answer<Query> read(Map<String, List<String>> query) {
        var filters = new ArrayList<Filter>();
        for (var text : query.getOrDefault("$filter", List.of())) {
            switch (Filter.read(text)) {
                case Answer.Yes<Filter>(var filter) -> filters.add(filter);
                case Answer.No<Filter>(var why) -> {
                    return Answer.no(why);
                }
            }
        }
        var orders = query.getOrDefault("$orderby", List.of());
        var order = orders.stream().findFirst().flatMap(Order::read);
        if (!orders.isEmpty() && order.isEmpty()) {
            return wrong("$orderby", "is not an attribute with :asc or :desc behind it");
        }
        for (var name : List.of("$first", "$last")) {
            if (!query.getOrDefault(name, List.of()).stream()
                    .allMatch(text -> NUMBER.matcher(text).matches())) {
                return wrong(name, "is not a number of at most nine digits");
            }
        }
        var select = names(query.getOrDefault("$select", List.of()));
        var expand = names(query.getOrDefault("$expand", List.of()));
        Predicate<String> fits =
                name -> name.equals(EVERYTHING) || NAME.matcher(name).matches();
        if (!select.stream().allMatch(fits) || select.size() > MOST || filters.size() > MOST) {
            return wrong(
                    "$select", "names attributes of the document itself, at most " + MOST + ", such as name,state");
        }
        return Answer.yes(new Query(
                select.contains(EVERYTHING) ? Set.of() : select,
                expand,
                filters,
                order,
                number(query, "$first"),
                number(query, "$last")));
    }

    private static Answer<Query> wrong(String field, String message) {
        return Answer.no(Refusal.malformed(field, field + " " + message));
    }

    private static Set<String> names(List<String> values) {
        var names = new LinkedHashSet<String>();
        values.forEach(value -> {
            for (var name : value.split(",")) {
                if (!name.isBlank()) {
                    names.add(name.strip());
                }
            }
        });
        return names;
    }

    private static Optional<Long> number(Map<String, List<String>> query, String name) {
        return query.getOrDefault(name, List.of()).stream().findFirst().map(Long::valueOf);
    }

    boolean expands(String attribute) {
        return expand.contains(attribute) || expand.contains(EVERYTHING);
    }

    /// Whether what is sent for an attribute counts, when something is changed.
    boolean changes(String attribute) {
        return select.isEmpty() || select.contains(attribute);
    }

    boolean matches(ObjectNode entry) {
        return filters.stream().allMatch(filter -> filter.matches(entry));
    }

    /// Those entries that match, in order.
    List<ObjectNode> found(List<ObjectNode> entries) {
        return ordered(
                entries.stream().filter(this::matches).toList(),
                entry -> order.orElseThrow().key(entry));
    }

    /// In order; those that are equal in it as they were, or descending the other way round.
    <T> List<T> ordered(List<T> some, Function<T, JsonNode> key) {
        return order.map(by -> (by.descending() ? some.reversed() : some)
                        .stream().sorted(Comparator.comparing(key, by.keys())).toList())
                .orElse(some);
    }

    /// How many are left out at the beginning.
    int offset() {
        return (int) (Math.max(first.orElse(1L), 1) - 1);
    }

    /// How many are shown at most.
    int limit() {
        return last.map(end -> (int) Math.max(end - offset(), 0)).orElse(Integer.MAX_VALUE);
    }

    /// The part of `found` that is asked for by number.
    <T> List<T> slice(List<T> found) {
        long until = Math.min(last.orElse((long) found.size()), found.size());
        return offset() >= until ? List.of() : found.subList(offset(), (int) until);
    }

    /// Only what is selected of it; changed in place.
    ObjectNode selected(ObjectNode entry) {
        if (!select.isEmpty()) {
            entry.retain(select);
        }
        return entry;
    }
}
