package holdfast.broker;

import holdfast.broker.Reservation.Part;
import holdfast.broker.choice.Ask;
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
import java.util.List;
import java.util.Optional;

/// A reservation that changes, as a request that can be decided on: what of it lies before now stays, and the rest is
/// asked for as if it had nothing.
final class Again {
    private final Reservation old;
    private final Reservation next;
    private final List<Claim> before;
    private final Instant now;
    private final Interval window;

    /// @param next lasts beyond `now`
    /// @param before claims of all items
    Again(Reservation old, Reservation next, List<Claim> before, Instant now) {
        this.old = old;
        this.next = next;
        this.before = before;
        this.now = now;
        var start = next.when().from();
        this.window =
                new Interval(start.isBefore(now) ? now : start, next.when().until());
    }

    /// Whether neither its time nor what it needs changes.
    boolean isNothing() {
        return old.when().equals(next.when())
                && old.items().stream()
                        .map(Part::item)
                        .toList()
                        .equals(next.items().stream().map(Part::item).toList());
    }

    /// What to ask for, what is liked best first: all stays where it is; or, if it may move and all is within
    /// reach, it goes anywhere.
    List<Ask> wishes(String project, Reach reach) {
        var stays = new ArrayList<Item>();
        var goes = new ArrayList<Item>();
        for (var part : next.items()) {
            rest(part).ifPresent(item -> {
                stays.add(stay(part, item));
                goes.add(item);
            });
        }
        var own = old.hasBegun(now) ? Hull.since(before, now) : before;
        var ask = new Ask(project, window, true, Ask.Prefer.TIGHTEST, stays, own);
        return old.hasBegun(now) || old.pinned() || !reach.everywhere() ? List.of(ask) : List.of(ask, ask.asking(goes));
    }

    /// What is left of an item, at the provider that keeps it.
    private Optional<Item> rest(Part part) {
        var item = part.item();
        var provider = part.hold().map(hold -> Places.account(hold.provider())).or(item::provider);
        var there = new Item(item.id(), provider, item.zones(), item.within(), item.need(), item.kept());
        if (!(item.need() instanceof Need.Quantity(var steps))) {
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
                var kept = item.keeping(first(part.placement(), hosts.max()));
                yield known.equals(hosts)
                        ? kept.asking(new Need.Hosts(Math.min(hosts.min(), has), has, hosts.query()))
                        : kept;
            }
            case Need.Instances instances
            when before instanceof Need.Instances known
                    && known.query().equals(instances.query())
                    && known.affinity() == instances.affinity() -> {
                long has = slots(part);
                var kept = item.keeping(first(part.placement(), instances.max()));
                yield known.equals(instances)
                        ? kept.asking(new Need.Instances(
                                instances.flavor(),
                                Math.min(instances.min(), has),
                                has,
                                instances.affinity(),
                                instances.query()))
                        : kept;
            }
            case Need.Hosts _, Need.Instances _, Need.Addresses _, Need.Elements _ -> item;
        };
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

    /// The first so many slots.
    private static List<Placement> first(List<Placement> placements, long most) {
        var kept = new ArrayList<Placement>();
        long left = most;
        for (var placement : placements) {
            if (left > 0) {
                kept.add(new Placement(placement.place(), Math.min(left, placement.slots())));
                left -= placement.slots();
            }
        }
        return kept;
    }

    /// All claims of its items then.
    List<Claim> claims(Grant grant) {
        if (!old.hasBegun(now)) {
            return grant.claims();
        }
        var all = new ArrayList<>(Hull.until(before, now));
        all.addAll(grant.claims());
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
