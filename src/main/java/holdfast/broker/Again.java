package holdfast.broker;

import holdfast.broker.Reservation.Part;
import holdfast.broker.choice.Ask;
import holdfast.broker.choice.BeforeEnd;
import holdfast.broker.choice.Claim;
import holdfast.broker.choice.Grant;
import holdfast.broker.choice.Hull;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.Placement;
import holdfast.broker.choice.Steps;
import holdfast.core.Interval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/// A reservation that changes, as a request that can be decided on: what of it lies before now stays, and the rest is
/// asked for as if it had nothing.
final class Again {
    private final Reservation old;
    private final Reservation next;
    private final List<Claim> before;
    private final Map<UUID, List<Placement>> seats;
    private final Instant now;
    private final Interval window;

    /// @param next lasts beyond `now`
    /// @param before claims of all items
    /// @param seats how many of its slots are in use on which hosts: they stay first
    Again(Reservation old, Reservation next, List<Claim> before, Map<UUID, List<Placement>> seats, Instant now) {
        this.old = old;
        this.next = next;
        this.before = before;
        this.seats = seats;
        this.now = now;
        var start = next.when().from();
        this.window =
                new Interval(start.isBefore(now) ? now : start, next.when().until());
    }

    /// Whether neither its time nor what it needs changes.
    static boolean isNothing(Reservation old, Reservation next) {
        return old.when().equals(next.when()) && placed(old).equals(placed(next));
    }

    private static List<Item> placed(Reservation reservation) {
        return reservation.items().stream()
                .map(part -> part.item().ending(BeforeEnd.DEFAULT))
                .toList();
    }

    /// What to ask for, what is liked best first: all stays where it is; or, if it may move and all is within
    /// reach, it goes anywhere.
    List<Ask> wishes(String project, Reach reach) {
        var stays = new ArrayList<Item>();
        var goes = new ArrayList<Item>();
        for (var part : next.items()) {
            if (part.isGivenBack()) {
                continue;
            }
            rest(part).ifPresent(item -> {
                stays.add(stay(part, item));
                goes.add(item);
            });
        }
        var ask = new Ask(project, window, true, Ask.Prefer.TIGHTEST, stays, own());
        return old.hasBegun(now) || old.pinned() || !reach.everywhere() ? List.of(ask) : List.of(ask, ask.asking(goes));
    }

    /// What is left of an item, at the provider that keeps it.
    private Optional<Item> rest(Part part) {
        var there = part.wherever();
        if (!(there.need() instanceof Need.Quantity(var steps))) {
            return Optional.of(there);
        }
        var left = Steps.within(steps, window);
        return left.isEmpty() ? Optional.empty() : Optional.of(there.asking(new Need.Quantity(left)));
    }

    private Item stay(Part part, Item item) {
        var before = old.part(item.id()).orElseThrow().item().need();
        return switch (item.need()) {
            case Need.Quantity _ -> where(part, item);
            case Need.Hosts hosts
            when before instanceof Need.Hosts known && known.query().equals(hosts.query()) -> {
                long has = slots(part);
                var kept = item.keeping(kept(part, hosts.max()));
                yield known.equals(hosts)
                        ? kept.asking(new Need.Hosts(Math.min(hosts.min(), has), has, hosts.query()))
                        : kept;
            }
            case Need.Instances instances
            when before instanceof Need.Instances known
                    && known.query().equals(instances.query())
                    && known.affinity() == instances.affinity() -> {
                long has = slots(part);
                var kept = item.keeping(kept(part, instances.max()));
                yield known.equals(instances)
                        ? kept.asking(new Need.Instances(
                                instances.flavor(),
                                Math.min(instances.min(), has),
                                has,
                                instances.affinity(),
                                instances.query()))
                        : kept;
            }
            case Need.Addresses addresses -> item.asking(staying(addresses, part.placement()));
            case Need.Hosts _, Need.Instances _, Need.Elements _ -> item;
        };
    }

    /// With as many of those that it has as are still wanted.
    private static Need staying(Need.Addresses addresses, List<Placement> has) {
        var kept = new TreeSet<>(addresses.required());
        for (var placement : has) {
            if (kept.size() < addresses.count()) {
                kept.add(placement.place());
            }
        }
        return new Need.Addresses(addresses.network(), addresses.count(), kept);
    }

    /// The only zone or account of loose quantities.
    private static Item where(Part part, Item item) {
        if (part.placement().size() != 1) {
            return item;
        }
        var place = part.placement().getFirst().place();
        return Places.isAccount(place)
                ? new Item(item.id(), Optional.of(place), item.zones(), item.within(), item.need(), List.of())
                : item.in(List.of(place));
    }

    private static long slots(Part part) {
        return part.placement().stream().mapToLong(Placement::slots).sum();
    }

    /// So many slots: those in use, and then the first.
    private List<Placement> kept(Part part, long most) {
        var kept = new LinkedHashMap<String, Long>();
        long left = most;
        for (var placement : seats.getOrDefault(part.item().id(), List.of())) {
            kept.put(placement.place(), placement.slots());
            left -= placement.slots();
        }
        for (var placement : part.placement()) {
            long more = Math.min(left, placement.slots() - kept.getOrDefault(placement.place(), 0L));
            if (more > 0) {
                kept.merge(placement.place(), more, Long::sum);
                left -= more;
            }
        }
        return kept.entrySet().stream()
                .map(one -> new Placement(one.getKey(), one.getValue()))
                .toList();
    }

    /// What of its claims is decided on anew.
    private List<Claim> own() {
        var gone = givenBack();
        var own = old.hasBegun(now) ? Hull.since(before, now) : before;
        return own.stream().filter(claim -> !gone.contains(claim.item())).toList();
    }

    /// Items that are not decided on: what is booked of them is free when their providers have let go of it.
    private Set<UUID> givenBack() {
        return old.items().stream()
                .filter(Part::isGivenBack)
                .map(part -> part.item().id())
                .collect(Collectors.toSet());
    }

    /// All claims of its items then.
    List<Claim> claims(Grant grant) {
        var gone = givenBack();
        if (gone.isEmpty() && !old.hasBegun(now)) {
            return grant.claims();
        }
        var all = new ArrayList<>(grant.claims());
        before.stream().filter(claim -> gone.contains(claim.item())).forEach(all::add);
        if (old.hasBegun(now)) {
            Hull.until(before, now).stream()
                    .filter(claim -> !gone.contains(claim.item()))
                    .forEach(all::add);
        }
        return Hull.flat(all);
    }

    /// The items with where they are then.
    List<Part> parts(Grant grant) {
        return next.items().stream()
                .map(part -> new Part(
                        part.item(), grant.placements().getOrDefault(part.item().id(), part.placement()), part.hold()))
                .toList();
    }
}
