package holdfast.broker;

import holdfast.broker.choice.Affinity;
import holdfast.broker.choice.BeforeEnd;
import holdfast.broker.choice.Flavor;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.PropertyQuery;
import holdfast.broker.choice.Steps;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Refusal;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/// What is to change of an item; what is not named stays.
///
/// @param item its id
/// @param min of hosts and instances: the fewest that will do
/// @param max of hosts and instances the most that are wanted, of addresses how many
/// @param flavor of instances
/// @param affinity of instances
/// @param query of hosts and instances: which hosts will do
/// @param amounts of loose quantities: what replaces the amounts of these dimensions from now on, 0 = nothing
/// @param required of addresses: those that must be among them; only none is allowed
/// @param beforeEnd what is done before its end
public record ItemChange(
        UUID item,
        Optional<Long> min,
        Optional<Long> max,
        Optional<Flavor> flavor,
        Optional<Affinity> affinity,
        Optional<PropertyQuery> query,
        Map<String, Long> amounts,
        Optional<Set<String>> required,
        Optional<BeforeEnd> beforeEnd) {
    public ItemChange {
        amounts = Map.copyOf(amounts);
    }

    /// What is done before its end stays as it is.
    public ItemChange(
            UUID item,
            Optional<Long> min,
            Optional<Long> max,
            Optional<Flavor> flavor,
            Optional<Affinity> affinity,
            Optional<PropertyQuery> query,
            Map<String, Long> amounts,
            Optional<Set<String>> required) {
        this(item, min, max, flavor, affinity, query, amounts, required, Optional.empty());
    }

    /// Changes nothing.
    public static ItemChange nothing(UUID item) {
        return amounts(item, Map.of());
    }

    /// The same, and what is done before its end.
    public ItemChange ending(Optional<BeforeEnd> other) {
        return new ItemChange(item, min, max, flavor, affinity, query, amounts, required, other);
    }

    /// Other amounts of these dimensions.
    public static ItemChange amounts(UUID item, Map<String, Long> amounts) {
        return new ItemChange(
                item,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                amounts,
                Optional.empty());
    }

    /// Another number.
    public static ItemChange count(UUID item, long min, long max) {
        return new ItemChange(
                item,
                Optional.of(min),
                Optional.of(max),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty());
    }

    /// What is needed then, or which field does not belong to what it is.
    ///
    /// @param since from when on other amounts hold
    /// @throws holdfast.core.RefusedException if a number is out of its bounds
    Answer<Need> of(Need old, Instant since) {
        return switch (old) {
            case Need.Hosts hosts ->
                only(hosts, Set.of("min", "max", "query"))
                        .or(() -> wrongOrder(min.orElse(hosts.min()), max.orElse(hosts.max())))
                        .<Answer<Need>>map(Answer::no)
                        .orElseGet(() -> Answer.yes(new Need.Hosts(
                                min.orElse(hosts.min()), max.orElse(hosts.max()), query.orElse(hosts.query()))));
            case Need.Instances instances ->
                only(instances, Set.of("min", "max", "flavor", "affinity", "query"))
                        .or(() -> wrongOrder(min.orElse(instances.min()), max.orElse(instances.max())))
                        .<Answer<Need>>map(Answer::no)
                        .orElseGet(() -> Answer.yes(new Need.Instances(
                                flavor.orElse(instances.flavor()),
                                min.orElse(instances.min()),
                                max.orElse(instances.max()),
                                affinity.orElse(instances.affinity()),
                                query.orElse(instances.query()))));
            case Need.Addresses addresses ->
                only(addresses, Set.of("max", "required"))
                        .<Answer<Need>>map(Answer::no)
                        .orElseGet(() -> Answer.yes(new Need.Addresses(
                                addresses.network(),
                                max.orElse(addresses.count()),
                                required.orElse(addresses.required()))));
            case Need.Quantity(var steps) ->
                only(old, Set.of("amounts"))
                        .<Answer<Need>>map(Answer::no)
                        .orElseGet(() -> Answer.yes(new Need.Quantity(Steps.changed(steps, since, this::applied))));
            case Need.Elements elements ->
                only(elements, Set.of()).<Answer<Need>>map(Answer::no).orElseGet(() -> Answer.yes(old));
        };
    }

    private Capacities applied(Capacities before) {
        var after = new TreeMap<>(before.amounts());
        after.putAll(amounts);
        return new Capacities(after);
    }

    private static Optional<Refusal> wrongOrder(long min, long max) {
        return max < min
                ? Optional.of(Refusal.malformed("max", "max is " + max + "; it must be at least min, " + min))
                : Optional.empty();
    }

    private Optional<Refusal> only(Need need, Set<String> fields) {
        var named = new TreeMap<String, Boolean>();
        named.put("min", min.isPresent());
        named.put("max", max.isPresent());
        named.put("flavor", flavor.isPresent());
        named.put("affinity", affinity.isPresent());
        named.put("query", query.isPresent());
        named.put("amounts", !amounts.isEmpty());
        named.put("required", required.isPresent());
        named.keySet().removeAll(fields);
        return named.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .findFirst()
                .map(field -> Refusal.malformed(
                        field,
                        field + " is no field of an item that asks for "
                                + need.getClass().getSimpleName().toLowerCase(Locale.ROOT)));
    }
}
