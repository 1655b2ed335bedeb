package holdfast.api.resources;

import holdfast.broker.Sellable;
import holdfast.core.Answer;
import holdfast.core.Quantity;
import holdfast.core.Refusal;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.Location;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Policy;
import holdfast.protocol.rear.Price;
import holdfast.protocol.rear.Properties;
import holdfast.protocol.rear.Vector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Reads what an administrator offers to other domains.
final class FlavorIntake {
    private static final int LONGEST = 253;
    private static final String TYPE = "k8slice";
    private static final String ARCHITECTURE = "amd64";

    private FlavorIntake() {}

    /// What somebody wants to sell.
    ///
    /// @param amounts empty: what the host has, less a reserve
    record Wish(
            String name,
            String architecture,
            Optional<Vector> amounts,
            Policy policy,
            Optional<Price> price,
            Location place,
            Optional<String> host) {
        /// How much of it.
        ///
        /// @param part of the host that it is a part of
        /// @throws Problem if it is more than the host has
        Vector offered(Optional<Sellable.Part> part) {
            var offered = amounts.or(() -> part.map(Sellable.Part::usual)).orElseThrow();
            if (part.filter(one -> !offered.fitsIn(one.has())).isPresent()) {
                throw Problem.malformed(
                        "amounts",
                        "amounts is " + offered + ", and host "
                                + part.get().host().id() + " has " + part.get().has() + ": offer less of it");
            }
            if (!policy.minimum().fitsIn(offered)) {
                throw Problem.malformed(
                        "minimum", "minimum is " + policy.minimum() + ", which is more than all that is offered");
            }
            return offered;
        }

        /// As it is offered.
        Flavor flavor(NodeIdentity seller, Vector offered, Instant now) {
            var kind = new K8Slice(architecture, offered, Optional.empty(), Properties.NONE, policy);
            return new Flavor(name, seller.id(), seller, kind, price, true, Optional.empty(), place, now, Map.of());
        }
    }

    /// @throws Problem with all that is wrong
    static Wish read(ObjectNode body) {
        var faults = new ArrayList<Refusal>();
        var form = new Form(body, "", faults);
        var type = form.text("type", LONGEST).orElse(TYPE);
        if (!type.equals(TYPE)) {
            form.fault("type", "type is '" + Form.shorten(type) + "'; what can be offered by this way is k8slice");
        }
        var host = form.text("hostId", LONGEST);
        var amounts = vector(form, "amounts", faults);
        if (amounts.isEmpty() && host.isEmpty()) {
            form.fault("amounts", "amounts is missing; say how much, or name by hostId the host that it is a part of");
        }
        if (amounts.filter(Vector::nothing).isPresent()) {
            form.fault("amounts", "amounts is nothing; say how much of cpu, memory and pods");
        }
        var minimum = vector(form, "minimum", faults);
        var step = vector(form, "step", faults);
        var wish = new Wish(
                form.requiredText("name", LONGEST),
                form.text("architecture", LONGEST).orElse(ARCHITECTURE),
                amounts,
                minimum.isEmpty() && step.isEmpty()
                        ? Policy.USUAL
                        : new Policy(minimum.orElse(Vector.NONE), step.orElse(Vector.NONE)),
                price(form, faults),
                location(form, faults),
                host);
        form.end();
        if (!faults.isEmpty()) {
            throw Problem.of(faults);
        }
        return wish;
    }

    private static Optional<Vector> vector(Form form, String field, List<Refusal> faults) {
        return object(form, field, faults).map(inner -> {
            var amounts = new EnumMap<Dimension, Quantity>(Dimension.class);
            for (var dimension : Dimension.values()) {
                if (dimension != Dimension.COUNT) {
                    inner.text(dimension.word(), LONGEST)
                            .ifPresent(text -> quantity(inner, dimension, text)
                                    .ifPresent(amount -> amounts.put(dimension, amount)));
                }
            }
            inner.end();
            return new Vector(amounts);
        });
    }

    private static Optional<Quantity> quantity(Form form, Dimension dimension, String text) {
        return switch (Quantity.of(text)) {
            case Answer.Yes<Quantity>(var amount) -> {
                if (amount.signum() >= 0 && amount.floor(dimension.unit()).equals(amount)) {
                    yield Optional.of(amount);
                }
                form.fault(
                        dimension.word(),
                        form.at(dimension.word()) + " is " + text + "; it must be a multiple of " + dimension.unit()
                                + ", and not negative");
                yield Optional.empty();
            }
            case Answer.No<Quantity>(var why) -> {
                form.fault(dimension.word(), form.at(dimension.word()) + ": " + why.message());
                yield Optional.empty();
            }
        };
    }

    private static Optional<Price> price(Form form, List<Refusal> faults) {
        return object(form, "price", faults).map(inner -> {
            var price = new Price(
                    inner.requiredText("amount", LONGEST),
                    inner.requiredText("currency", LONGEST),
                    inner.requiredText("period", LONGEST));
            if (inner.has("amount") && price.number().isEmpty()) {
                inner.fault("amount", "price.amount is no number that is not negative, such as 0.40");
            }
            inner.end();
            return price;
        });
    }

    private static Location location(Form form, List<Refusal> faults) {
        return object(form, "location", faults)
                .map(inner -> {
                    var place = new Location(
                            inner.text("latitude", LONGEST).orElse(""),
                            inner.text("longitude", LONGEST).orElse(""),
                            inner.text("country", LONGEST).orElse(""),
                            inner.text("city", LONGEST).orElse(""),
                            inner.text("notes", LONGEST).orElse(""));
                    inner.end();
                    return place;
                })
                .orElse(Location.UNKNOWN);
    }

    private static Optional<Form> object(Form form, String field, List<Refusal> faults) {
        return form.any(field)
                .filter(node -> {
                    if (!node.isObject()) {
                        form.fault(field, form.at(field) + " must be an object");
                    }
                    return node.isObject();
                })
                .map(node -> new Form(node, field, faults));
    }
}
