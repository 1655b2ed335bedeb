package holdfast.api.promise;

import holdfast.broker.Directory;
import holdfast.broker.ReservationRequest;
import holdfast.broker.choice.Affinity;
import holdfast.broker.choice.Ask.Prefer;
import holdfast.broker.choice.Flavor;
import holdfast.broker.choice.FlexibleWindow;
import holdfast.broker.choice.FlexibleWindow.Mode;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.PropertyQuery;
import holdfast.broker.choice.Spread;
import holdfast.core.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/// Reads `create-reservation` and `request-offer` (promise.md 5.1).
///
/// @param directory where zones, providers and flavors are looked up
/// @param ids for items
/// @param longest how long it lasts if nothing is said of its end
record ReservationWish(Directory directory, Instant now, Supplier<UUID> ids, Duration longest) {
    /// The fields that it reads.
    static final List<String> FIELDS = List.of(
            "name",
            "start",
            "end",
            "duration",
            "mode",
            "recall",
            "expiry",
            "zone",
            "provider-id",
            "capacity",
            "instance",
            "affinity",
            "spread",
            "elements",
            "priority",
            "announce",
            "warn-at");

    private static final String OFFERED = "reservation";
    private static final long YEAR = 31_536_000;
    private static final long MINUTES = 525_600;
    private static final int MOST_FLAVORS = 32;
    private static final int MOST_ZONES = 100;
    private static final long MOST_COUNT = 100_000;
    private static final long TTL = 60;
    private static final int DAY = 86_400;

    /// @param offer whether it is for an offer
    /// @throws FaultsException with all that is wrong
    ReservationRequest read(Fields fields, boolean offer) {
        var flexible = fields.any("start").filter(node -> node.isObject()).isPresent()
                ? fields.object("start")
                : Optional.<Fields>empty();
        var start = flexible.map(range -> range.time("earliest"))
                .orElseGet(() -> fields.time("start"))
                .orElse(now);
        var when = when(fields, start);
        var window = flexible.map(range -> flexible(fields, range, when));
        var request = new ReservationRequest(
                fields.text("name").orElse(OFFERED),
                when,
                window,
                expiry(fields, start),
                offer
                        ? Optional.of(
                                Duration.ofSeconds(fields.whole("ttl", 1, DAY).orElse(TTL)))
                        : Optional.empty(),
                fields.time("warn-at"),
                Math.toIntExact(fields.whole("priority", 0, 100).orElse((long) ReservationRequest.ORDINARY)),
                fields.flag("announce").orElse(false),
                Prefer.TIGHTEST,
                items(fields, when));
        fields.end();
        fields.check();
        return fields.has("start") ? request : request.forNow(!fields.has("end"));
    }

    private Interval when(Fields fields, Instant start) {
        var length = fields.whole("duration", 1, 100 * YEAR).map(Duration::ofSeconds);
        var end = fields.time("end").orElseGet(() -> start.plus(length.orElse(longest)));
        if (!end.isAfter(start)) {
            fields.fault("end", "is " + end + "; it must be after start, " + start);
            return Interval.of(start, Duration.ofSeconds(1));
        }
        return new Interval(start, end);
    }

    private static FlexibleWindow flexible(Fields fields, Fields range, Interval when) {
        var latest = range.time("latest").orElse(when.from());
        range.missing("latest");
        range.end();
        if (latest.isBefore(when.from())) {
            range.fault("latest", "is " + latest + ", before earliest, " + when.from());
            latest = when.from();
        }
        return new FlexibleWindow(
                fields.word("mode", Mode.class).orElse(Mode.FIX),
                when.from(),
                latest,
                when.length(),
                Duration.ofSeconds(fields.whole("recall", 0, YEAR).orElse(0L)));
    }

    /// Minutes after the start, or an instant (promise.md 10.2).
    static Optional<Instant> expiry(Fields fields, Instant start) {
        boolean instant = fields.any("expiry")
                .filter(node -> node.isString() && node.stringValue().contains("T"))
                .isPresent();
        return instant
                ? fields.time("expiry")
                : fields.whole("expiry", 1, MINUTES).map(minutes -> start.plus(Duration.ofMinutes(minutes)));
    }

    private List<Item> items(Fields fields, Interval when) {
        var provider = provider(fields);
        var zones = zones(fields, provider);
        boolean spread = fields.flag("spread").orElse(false);
        var affinity = fields.flag("affinity")
                .map(together -> together ? Affinity.TOGETHER : Affinity.APART)
                .orElse(Affinity.NONE);
        var needs = new ArrayList<Need>();
        var elements = elements(fields, provider);
        if (!elements.isEmpty()) {
            needs.add(new Need.Elements(elements));
        }
        var amount = Keys.ours(fields.vector("capacity", 0));
        if (!amount.nothing()) {
            needs.add(Need.Quantity.of(amount, when));
        }
        for (var one : fields.objects("instance", MOST_FLAVORS)) {
            var flavor = flavor(one, "flavor", provider);
            long count = one.whole("count", 1, MOST_COUNT).orElse(1L);
            one.end();
            flavor.ifPresent(
                    size -> needs.add(new Need.Instances(size, count, count, affinity, PropertyQuery.everything())));
        }
        if (needs.isEmpty() && fields.list("instance", MOST_FLAVORS).isEmpty()) {
            fields.fault("capacity", "is missing, or all of it is zero; say how much, such as {\"cores\": 4}");
        }
        return needs.stream()
                .map(need -> {
                    var item = Item.of(ids.get(), need);
                    return new Item(
                            item.id(), provider, zones, spread ? Spread.ANYWHERE : item.within(), need, List.of());
                })
                .toList();
    }

    /// What exists: `network:<name>`, `ResourceAllocation:<id>`, or such a name as `id` beside whether it is to be
    /// `exclusive`.
    private List<Need.Element> elements(Fields fields, Optional<String> provider) {
        var elements = new ArrayList<Need.Element>();
        for (var node : fields.list("elements", MOST_ZONES)) {
            var text = node.isObject() ? node.path("id").asString("") : node.asString("");
            boolean exclusive = node.isObject()
                    && fields.inside("elements", node).flag("exclusive").orElse(false);
            var thing = Elements.read(text, directory, provider);
            if (thing.isEmpty()) {
                fields.fault("elements", "names " + Fields.shorten(node.toString()) + "; say " + Elements.WORDS);
            }
            thing.ifPresent(found -> elements.add(new Need.Element(found.place(), exclusive)));
        }
        return elements;
    }

    /// The account that `provider-id` names.
    Optional<String> provider(Fields fields) {
        return fields.ref("provider-id").flatMap(ref -> {
            var account = directory.account(ref.name());
            if (account.isEmpty()) {
                fields.fault("provider-id", "is " + Fields.shorten(ref.name()) + "; there is no such provider");
            }
            return account;
        });
    }

    /// The zones that `zone` names.
    List<String> zones(Fields fields, Optional<String> provider) {
        var zones = new ArrayList<String>();
        for (var name : fields.texts("zone", MOST_ZONES)) {
            var places = directory.zones(name).stream()
                    .filter(place -> provider.isEmpty() || place.startsWith(provider.get() + "/"))
                    .toList();
            if (places.isEmpty()) {
                fields.fault(
                        "zone",
                        "names '" + Fields.shorten(name) + "'; there are: " + String.join(", ", directory.zones()));
            }
            zones.addAll(places);
        }
        return zones;
    }

    /// A size by its name or id, which must be there.
    Optional<Flavor> flavor(Fields fields, String field, Optional<String> provider) {
        fields.missing(field);
        return fields.ref(field).flatMap(ref -> {
            var found = directory.flavor(provider, ref.name());
            if (found.isEmpty()) {
                fields.fault(
                        field,
                        "is '" + Fields.shorten(ref.name()) + "', which no provider has; there are: "
                                + String.join(", ", directory.flavors(provider)));
            }
            return found.map(known -> new Flavor(known.vcpus(), known.memoryMb(), known.diskGb()));
        });
    }
}
