package holdfast.broker.choice;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import holdfast.core.Interval;
import java.util.List;
import java.util.Set;

/// What an item asks for.
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(Need.Quantity.class),
    @JsonSubTypes.Type(Need.Instances.class),
    @JsonSubTypes.Type(Need.Hosts.class),
    @JsonSubTypes.Type(Need.Addresses.class),
    @JsonSubTypes.Type(Need.Elements.class)
})
public sealed interface Need {
    /// Loose quantities in steps; nothing is promised about their placement on hosts (promise.md 10.28).
    ///
    /// @param steps what [Steps#of] gives: in order, disjoint, inside the window of the request
    record Quantity(List<Step> steps) implements Need {
        /// @throws holdfast.core.RefusedException if there are no steps, too many, or they overlap or are not
        ///     positive
        public Quantity {
            steps = List.copyOf(steps);
            Limits.within("steps", steps.size(), 1, Limits.LIST);
            for (int i = 0; i < steps.size(); i++) {
                if (i > 0
                        && steps.get(i)
                                .when()
                                .from()
                                .isBefore(steps.get(i - 1).when().until())) {
                    throw Limits.malformed("steps", "step " + i + " begins before the one before it ends");
                }
                steps.get(i)
                        .amount()
                        .amounts()
                        .forEach((name, amount) ->
                                Limits.within("steps." + name, amount, 0, holdfast.calendar.Booking.MOST));
            }
        }

        /// The same amount all the time.
        public static Quantity of(holdfast.core.Capacities amount, Interval when) {
            return new Quantity(List.of(new Step(when, amount)));
        }
    }

    /// Instances of one flavor, as many as there are between `min` and `max`.
    record Instances(Flavor flavor, long min, long max, Affinity affinity, PropertyQuery query) implements Need {
        public Instances {
            Limits.within("min", min, 1, Limits.COUNT);
            Limits.within("max", max, min, Limits.COUNT);
        }
    }

    /// Whole hosts, each held alone, as many as there are between `min` and `max`.
    record Hosts(long min, long max, PropertyQuery query) implements Need {
        public Hosts {
            Limits.within("min", min, 1, Limits.COUNT);
            Limits.within("max", max, min, Limits.COUNT);
        }
    }

    /// Addresses of a network, each held alone.
    ///
    /// @param network id of the place of the network
    /// @param required units of the place that must be among them
    record Addresses(String network, long count, Set<String> required) implements Need {
        public Addresses {
            Limits.within("count", count, 1, Limits.COUNT);
            if (required.size() > count) {
                throw Limits.malformed(
                        "required",
                        required.size() + " addresses are required and " + count + " wanted; ask for at least as many");
            }
            required = Set.copyOf(required);
        }
    }

    /// What it asks of hosts.
    default PropertyQuery query() {
        return PropertyQuery.everything();
    }

    /// Things that exist and have a name: a network, an image, a host.
    record Elements(List<Element> elements) implements Need {
        public Elements {
            elements = List.copyOf(elements);
            Limits.within("elements", elements.size(), 1, Limits.LIST);
        }
    }

    /// @param id id of its place
    /// @param exclusive whether nobody else may have a claim on it
    record Element(String id, boolean exclusive) {}
}
