package holdfast.api.resources;

import holdfast.broker.Allocations;
import holdfast.broker.Directory;
import holdfast.broker.Directory.Net;
import holdfast.broker.Places;
import holdfast.broker.ProviderSupply;
import holdfast.broker.ReservationRequest;
import holdfast.broker.Reservations;
import holdfast.broker.Thing;
import holdfast.broker.choice.Affinity;
import holdfast.broker.choice.Ask.Prefer;
import holdfast.broker.choice.BeforeEnd;
import holdfast.broker.choice.Flavor;
import holdfast.broker.choice.FlexibleWindow;
import holdfast.broker.choice.FlexibleWindow.Mode;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.PropertyQuery;
import holdfast.broker.choice.Spread;
import holdfast.broker.choice.Step;
import holdfast.broker.choice.Steps;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Ipv4;
import holdfast.core.Refusal;
import holdfast.pools.WindowPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// Reads a request for a reservation. All that is wrong with its shape is told at once, field by field; the rest is for
/// the broker to say.
final class ReservationIntake {
    static final int NAME = 255;
    static final int ITEMS = 64;
    private static final int LIST = 1_000;
    private static final int QUERY = 10_000;
    static final long COUNT = 100_000;
    private static final long YEAR = 31_536_000;
    private static final long MOST = 1_000_000_000_000L;

    private final Directory directory;
    private final Instant now;
    private final Supplier<UUID> ids;
    private final WindowPolicy policy;
    private final BinaryOperator<String> known;
    private final List<Refusal> faults;

    /// @param ids for items
    /// @param policy says how long it lasts if nothing else is said
    /// @param known the id in full of something that the caller may see, by its type and what it is called; what is
    ///     not known stays as it is
    ReservationIntake(
            Directory directory, Instant now, Supplier<UUID> ids, WindowPolicy policy, BinaryOperator<String> known) {
        this(directory, now, ids, policy, known, new ArrayList<>());
    }

    /// @param faults where what is wrong is added
    ReservationIntake(
            Directory directory,
            Instant now,
            Supplier<UUID> ids,
            WindowPolicy policy,
            BinaryOperator<String> known,
            List<Refusal> faults) {
        this.policy = policy;
        this.known = known;
        this.faults = faults;
        this.directory = directory;
        this.now = now;
        this.ids = ids;
    }

    /// @throws Problem with all that is wrong
    ReservationRequest read(JsonNode body) {
        var form = new Form(body, "", faults);
        var name = form.requiredText("name", NAME);
        var start = time(form, "start").orElse(now);
        var length = form.whole("durationSeconds", 1, 100 * YEAR).map(Duration::ofSeconds);
        var end = time(form, "end").orElseGet(() -> start.plus(length.orElse(policy.longest())));
        if (!end.isAfter(start)) {
            form.fault("end", "end is " + end + "; it must be after start, " + start);
        }
        var when = end.isAfter(start) ? new Interval(start, end) : Interval.of(start, Duration.ofSeconds(1));
        var flexible = form.any("flexible").map(node -> flexible(new Form(node, "flexible", faults), when));
        var expiry = time(form, "expiry");
        var ttl = form.flag("hold").orElse(false)
                ? Optional.of(
                        Duration.ofSeconds(form.whole("ttlSeconds", 1, 86_400).orElse(60L)))
                : Optional.<Duration>empty();
        var warnAt = time(form, "warnAt");
        int priority = Math.toIntExact(form.whole("priority", 0, 100).orElse(50L));
        boolean pinned = form.flag("pinned").orElse(false);
        var prefer = form.text("prefer", 20)
                .map(word -> word(form, "prefer", word, Prefer.class, Prefer.TIGHTEST))
                .orElse(Prefer.TIGHTEST);
        var items = new ArrayList<Item>();
        if (form.list("items", ITEMS).isEmpty()) {
            form.fault("items", "items is missing: a list such as [{kind: quantity, amounts: {vcpu: 4}}]");
        }
        for (var node : form.list("items", ITEMS)) {
            item(new Form(node, "items[" + items.size() + "]", faults), when).ifPresent(items::add);
        }
        form.end();
        if (!faults.isEmpty()) {
            throw Problem.of(faults);
        }
        var request =
                new ReservationRequest(name, when, flexible, expiry, ttl, warnAt, priority, pinned, prefer, items);
        return form.has("start") ? request : request.forNow(!form.has("end"));
    }

    static Optional<Instant> time(Form form, String field) {
        return form.text(field, 64).map(text -> Ask.time(form.at(field), text));
    }

    private static <E extends Enum<E>> E word(Form form, String field, String word, Class<E> type, E standard) {
        for (var one : type.getEnumConstants()) {
            if (one.name().equals(word.toUpperCase(Locale.ROOT))) {
                return one;
            }
        }
        var known = new ArrayList<String>();
        for (var one : type.getEnumConstants()) {
            known.add(one.name().toLowerCase(Locale.ROOT));
        }
        form.fault(field, form.at(field) + " is '" + Form.shorten(word) + "'; there are: " + String.join(", ", known));
        return standard;
    }

    private FlexibleWindow flexible(Form form, Interval when) {
        var mode = word(form, "mode", form.requiredText("mode", 20), Mode.class, Mode.FIX);
        var latest = time(form, "latest").orElse(when.from());
        var recall = Duration.ofSeconds(form.whole("recallSeconds", 0, YEAR).orElse(0L));
        form.end();
        if (latest.isBefore(when.from())) {
            form.fault("latest", form.at("latest") + " is " + latest + ", before start, " + when.from());
            return new FlexibleWindow(mode, when.from(), when.from(), when.length(), recall);
        }
        return new FlexibleWindow(mode, when.from(), latest, when.length(), recall);
    }

    private Optional<Item> item(Form form, Interval when) {
        var provider = form.text("provider", NAME).flatMap(name -> {
            var account = directory.account(name);
            if (account.isEmpty()) {
                form.fault(
                        "provider",
                        form.at("provider") + " is '" + Form.shorten(name) + "'; there are: "
                                + String.join(", ", directory.accounts()));
            }
            return account;
        });
        var zones = new ArrayList<String>();
        for (var name : form.texts("zones", 100, NAME)) {
            var places = directory.zones(name).stream()
                    .filter(place -> provider.isEmpty() || place.startsWith(provider.get() + "/"))
                    .toList();
            if (places.isEmpty()) {
                form.fault(
                        "zones",
                        form.at("zones") + " names '" + Form.shorten(name) + "'; there are: "
                                + String.join(", ", directory.zones()));
            }
            zones.addAll(places);
        }
        var need = need(form, provider, when);
        var within = form.text("within", 20).map(word -> word(form, "within", word, Spread.class, Spread.SITE));
        var beforeEnd = beforeEnd(form).orElse(BeforeEnd.DEFAULT);
        form.end();
        return need.map(wanted -> {
            var item = Item.of(ids.get(), wanted);
            var limited = within.map(item::within).orElse(item);
            return new Item(limited.id(), provider, zones, limited.within(), wanted, List.of(), beforeEnd);
        });
    }

    static Optional<BeforeEnd> beforeEnd(Form form) {
        return form.text("beforeEnd", 20)
                .map(word -> word(form, "beforeEnd", word, BeforeEnd.class, BeforeEnd.DEFAULT));
    }

    private Optional<Need> need(Form form, Optional<String> provider, Interval when) {
        var kind = form.requiredText("kind", 20);
        return switch (kind) {
            case "hosts" -> {
                long min = form.whole("min", 1, COUNT).orElse(1L);
                long max = form.whole("max", min, COUNT).orElse(min);
                yield query(form).map(query -> new Need.Hosts(min, max, query));
            }
            case "instances" -> instances(form, provider);
            case "quantity" -> quantity(form, when);
            case "elements" -> elements(form, provider);
            case "addresses" -> addresses(form);
            case "" -> Optional.empty();
            default -> {
                form.fault(
                        "kind",
                        form.at("kind") + " is '" + Form.shorten(kind)
                                + "'; there are: addresses, elements, hosts, instances, quantity");
                yield Optional.empty();
            }
        };
    }

    private Optional<Need> addresses(Form form) {
        long count = form.whole("count", 1, COUNT).orElse(1L);
        var name = form.requiredText("network", NAME);
        var words = form.texts("required", LIST, 64);
        if (words.size() > count) {
            form.fault(
                    "required", form.at("required") + " names " + words.size() + " addresses, and count is " + count);
            return Optional.empty();
        }
        return switch (directory.network(form.at("network"), name)) {
            case Answer.No<Net>(var why) -> {
                faults.add(why);
                yield Optional.empty();
            }
            case Answer.Yes<Net>(var net) ->
                required(form, net.place(), words).map(units -> new Need.Addresses(net.place(), count, units));
        };
    }

    /// The units of addresses; empty if one is no address.
    private static Optional<Set<String>> required(Form form, String network, List<String> words) {
        var units = new TreeSet<String>();
        for (var word : words) {
            var address = Ipv4.read(word);
            if (address.isEmpty()) {
                form.fault(
                        "required",
                        form.at("required") + " names '" + Form.shorten(word)
                                + "'; an address is such as 203.0.113.99");
                return Optional.empty();
            }
            units.add(Places.address(network, address.get().toString()));
        }
        return Optional.of(units);
    }

    Optional<PropertyQuery> query(Form form) {
        var text = form.text("query", QUERY).orElse("");
        return switch (PropertyQuery.parse(form.at("query"), text)) {
            case Answer.Yes<PropertyQuery>(var query) -> Optional.of(query);
            case Answer.No<PropertyQuery>(var why) -> {
                faults.add(why);
                yield Optional.empty();
            }
        };
    }

    private Optional<Need> instances(Form form, Optional<String> provider) {
        long min = form.whole("min", 1, COUNT).orElse(1L);
        long max = form.whole("max", min, COUNT).orElse(min);
        var affinity = form.flag("affinity")
                .map(together -> together ? Affinity.TOGETHER : Affinity.APART)
                .orElse(Affinity.NONE);
        var flavor = form.any("flavor").flatMap(node -> flavor(form, node, provider));
        if (!form.has("flavor")) {
            form.fault("flavor", form.at("flavor") + " is missing: the name of one, or {vcpus, memoryMb, diskGb}");
        }
        var query = query(form);
        return flavor.flatMap(size -> query.map(asked -> new Need.Instances(size, min, max, affinity, asked)));
    }

    Optional<Flavor> flavor(Form form, JsonNode node, Optional<String> provider) {
        if (node.isString()) {
            var known = directory.flavor(provider, node.stringValue());
            if (known.isEmpty()) {
                form.fault(
                        "flavor",
                        form.at("flavor") + " is '" + Form.shorten(node.stringValue())
                                + "', which no provider has; there are: "
                                + String.join(", ", directory.flavors(provider)));
            }
            return known.map(flavor -> new Flavor(flavor.vcpus(), flavor.memoryMb(), flavor.diskGb()));
        }
        var size = new Form(node, form.at("flavor"), faults);
        long vcpus = size.whole("vcpus", 1, 1_000_000).orElse(1L);
        long memory = size.whole("memoryMb", 1, MOST).orElse(1L);
        long disk = size.whole("diskGb", 0, MOST).orElse(0L);
        size.end();
        return Optional.of(new Flavor(vcpus, memory, disk));
    }

    private Optional<Need> elements(Form form, Optional<String> provider) {
        var elements = new ArrayList<Need.Element>();
        var all = form.list("elements", LIST);
        if (all.isEmpty()) {
            form.fault("elements", form.at("elements") + " is missing: a list such as [{kind: network, id: private}]");
        }
        for (var node : all) {
            var one = new Form(node, form.at("elements[" + elements.size() + "]"), faults);
            var word = one.requiredText("kind", 20);
            var id = one.requiredText("id", NAME);
            boolean exclusive = one.flag("exclusive").orElse(false);
            one.end();
            var kind = Thing.Kind.of(word);
            if (kind.isEmpty()) {
                one.fault(
                        "kind",
                        one.at("kind") + " is '" + Form.shorten(word) + "'; there are: "
                                + String.join(", ", Thing.Kind.words()));
            }
            kind.flatMap(wanted -> directory.thing(wanted, provider, inFull(wanted, id)))
                    .ifPresent(thing -> elements.add(new Need.Element(thing.place(), exclusive)));
        }
        return elements.isEmpty() ? Optional.empty() : Optional.of(new Need.Elements(elements));
    }

    private String inFull(Thing.Kind kind, String id) {
        return switch (kind) {
            case SERVER -> known.apply(Allocations.TYPE, id);
            case RESERVATION -> known.apply(Reservations.TYPE, id);
            case NETWORK, IMAGE, HOST -> id;
        };
    }

    private Optional<Need> quantity(Form form, Interval when) {
        var steps = new ArrayList<Step>();
        form.any("amounts").ifPresent(node -> steps.add(new Step(when, amounts(form, "amounts", node))));
        for (var node : form.list("steps", LIST)) {
            var step = new Form(node, form.at("steps[" + steps.size() + "]"), faults);
            var from = time(step, "start").orElse(when.from());
            var until = time(step, "end").orElse(when.until());
            var amounts = step.any("amounts").map(given -> amounts(step, "amounts", given));
            step.end();
            if (!until.isAfter(from)) {
                step.fault("end", step.at("end") + " is " + until + "; it must be after " + from);
            } else {
                amounts.ifPresent(amount -> steps.add(new Step(new Interval(from, until), amount)));
            }
        }
        var all = Steps.of(steps);
        if (all.isEmpty()) {
            form.fault("amounts", form.at("amounts") + " is missing: an object such as {\"vcpu\": 8}, or steps");
            return Optional.empty();
        }
        return Optional.of(new Need.Quantity(all));
    }

    private Capacities amounts(Form form, String field, JsonNode node) {
        return new Capacities(named(form, field, node));
    }

    /// Amounts by dimension, zeros included.
    Map<String, Long> named(Form form, String field, JsonNode node) {
        var given = new Form(node, form.at(field), faults);
        var amounts = new TreeMap<String, Long>();
        node.propertyNames().forEach(name -> {
            var amount = given.whole(name, 0, MOST);
            if (!ProviderSupply.isCounted(name)) {
                given.fault(
                        name,
                        given.at(name) + " is nothing that is counted; there are: "
                                + String.join(", ", ProviderSupply.counted()));
            }
            amount.ifPresent(most -> amounts.put(name, most));
        });
        if (amounts.size() > 64) {
            given.fault("", form.at(field) + " names more than 64 dimensions");
        }
        return amounts;
    }
}
