package holdfast.api.resources;

import holdfast.broker.Sellable;
import holdfast.core.Refusal;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Location;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Price;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Reads what an administrator offers to other domains.
final class FlavorIntake {
    private static final int LONGEST = 253;

    private FlavorIntake() {}

    /// What somebody wants to sell.
    ///
    record Wish(String name, KindIntake.Wish kind, Optional<Price> price, Location place, Optional<String> host) {
        /// As it is offered.
        ///
        /// @param part of the host that it is a part of
        /// @throws Problem if it is more than the host has
        Flavor flavor(NodeIdentity seller, Optional<Sellable.Part> part, Instant now) {
            return new Flavor(
                    name, seller.id(), seller, kind.of(part), price, true, Optional.empty(), place, now, Map.of());
        }
    }

    /// @throws Problem with all that is wrong
    static Wish read(ObjectNode body) {
        var faults = new ArrayList<Refusal>();
        var form = new Form(body, "", faults);
        var host = form.text("hostId", LONGEST);
        var wish = new Wish(
                form.requiredText("name", LONGEST),
                KindIntake.read(form, host.isPresent(), faults),
                price(form, faults),
                location(form, faults),
                host);
        form.end();
        if (!faults.isEmpty()) {
            throw Problem.of(faults);
        }
        return wish;
    }

    static Optional<Price> price(Form form, List<Refusal> faults) {
        return KindIntake.object(form, "price", faults).map(inner -> {
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
        return KindIntake.object(form, "location", faults)
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
}
