package holdfast.api.resources;

import holdfast.broker.AllocationRequest;
import holdfast.broker.Directory;
import holdfast.core.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// Reads a request for a server. All that is wrong with its shape is told at once, field by field; the rest is for the
/// broker to say.
final class AllocationIntake {
    private static final int NAME = 255;
    private static final int NETWORKS = 16;
    private static final int ZONES = 100;
    private static final int METADATA = 64;

    private final Directory directory;
    private final Function<String, UUID> reservations;
    private final List<Refusal> faults = new ArrayList<>();

    /// @param reservations finds one that the caller may see by its id or name
    AllocationIntake(Directory directory, Function<String, UUID> reservations) {
        this.directory = directory;
        this.reservations = reservations;
    }

    /// @throws Problem with all that is wrong
    AllocationRequest read(JsonNode body) {
        var form = new Form(body, "", faults);
        var name = form.requiredText("name", NAME);
        var flavor = form.requiredText("flavor", NAME);
        var image = form.requiredText("image", NAME);
        var networks = form.texts("networks", NETWORKS, NAME);
        var reservation = form.text("reservation", NAME);
        var item = form.text("item", NAME).flatMap(text -> item(form, text));
        var provider = form.text("provider", NAME).flatMap(text -> provider(form, text));
        var zones = form.texts("zones", ZONES, NAME).stream()
                .flatMap(zone -> zones(form, zone, provider).stream())
                .toList();
        var preemptible = form.flag("preemptible");
        var end = form.text("end", 64).map(text -> Ask.time(form.at("end"), text));
        boolean atStart = form.flag("allocateOnStart").orElse(false);
        var metadata = form.any("metadata").map(node -> metadata(form, node)).orElse(Map.of());
        form.end();
        if (reservation.isPresent()) {
            onlyWithoutReservation(form, "preemptible", preemptible.isPresent());
            onlyWithoutReservation(form, "zones", !zones.isEmpty());
        }
        if (!faults.isEmpty()) {
            throw Problem.of(faults);
        }
        return new AllocationRequest(
                name,
                flavor,
                image,
                networks,
                reservation.map(reservations),
                item,
                provider,
                zones,
                preemptible.orElse(reservation.isEmpty()),
                end,
                atStart,
                metadata);
    }

    private static void onlyWithoutReservation(Form form, String field, boolean given) {
        if (given) {
            form.fault(field, field + " is for servers without a reservation; leave one of the two out");
        }
    }

    private static Optional<UUID> item(Form form, String text) {
        var id = Ids.uuid(text);
        if (id.isEmpty()) {
            form.fault("item", "item is '" + Form.shorten(text) + "'; it must be the id of an item of the reservation");
        }
        return id;
    }

    private Optional<String> provider(Form form, String name) {
        var account = directory.account(name);
        if (account.isEmpty()) {
            form.fault(
                    "provider",
                    "provider is '" + Form.shorten(name) + "'; there are: " + String.join(", ", directory.accounts()));
        }
        return account;
    }

    private List<String> zones(Form form, String name, Optional<String> provider) {
        var places = directory.zones(name).stream()
                .filter(place -> provider.isEmpty() || place.startsWith(provider.get() + "/"))
                .toList();
        if (places.isEmpty()) {
            form.fault(
                    "zones",
                    "zones names '" + Form.shorten(name) + "'; there are: " + String.join(", ", directory.zones()));
        }
        return places;
    }

    private Map<String, String> metadata(Form form, JsonNode node) {
        var given = new Form(node, form.at("metadata"), faults);
        var metadata = new LinkedHashMap<String, String>();
        node.propertyNames().forEach(key -> given.text(key, NAME).ifPresent(value -> metadata.put(key, value)));
        if (metadata.size() > METADATA) {
            form.fault("metadata", "metadata has " + metadata.size() + " entries; at most " + METADATA + " can be");
        }
        if (metadata.containsKey("holdfast")) {
            form.fault("metadata", "metadata has an entry 'holdfast', which is for our own marks; call it otherwise");
        }
        return metadata;
    }
}
