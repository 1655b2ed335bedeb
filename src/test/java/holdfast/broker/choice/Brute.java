package holdfast.broker.choice;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Tries every way to place a request on a small calendar, hour by hour, with nothing in common with the code but the
/// records.
final class Brute {
    private final Snapshot snapshot;
    private final Map<String, Map<String, long[]>> free;

    Brute(Snapshot snapshot) {
        this.snapshot = snapshot;
        this.free = Worlds.free(snapshot);
    }

    /// Whether there is any way, also with pending items of others elsewhere.
    boolean possible(Ask ask) {
        ask.own().forEach(claim -> Worlds.take(free, claim, -1));
        snapshot.pending().forEach(pending -> pending.claims().forEach(claim -> Worlds.take(free, claim, -1)));
        return all(new ArrayList<>(ask.items()), ask.when(), new ArrayList<>(snapshot.pending()));
    }

    private boolean all(List<Item> items, Interval when, List<Pending> pending) {
        if (items.isEmpty()) {
            return pending.isEmpty() || others(pending);
        }
        var item = items.removeFirst();
        boolean found = switch (item.need()) {
            case Need.Quantity(var steps) -> quantity(item, steps, items, when, pending);
            case Need.Instances need ->
                slots(item, need.min(), need.flavor(), need.affinity(), 0, 0, when, () -> all(items, when, pending));
            case Need.Hosts need -> leases(item, need.min(), 0, when, () -> all(items, when, pending));
            default -> throw new IllegalArgumentException(item.toString());
        };
        items.addFirst(item);
        return found;
    }

    private boolean others(List<Pending> pending) {
        var one = pending.removeFirst();
        boolean found = switch (one.item().need()) {
            case Need.Instances need ->
                slots(
                        one.item(),
                        need.min(),
                        need.flavor(),
                        need.affinity(),
                        0,
                        0,
                        one.when(),
                        () -> pending.isEmpty() || others(pending));
            case Need.Hosts need ->
                leases(one.item(), need.min(), 0, one.when(), () -> pending.isEmpty() || others(pending));
            default -> throw new IllegalArgumentException();
        };
        pending.addFirst(one);
        return found;
    }

    private interface Rest {
        boolean possible();
    }

    private boolean quantity(Item item, List<Step> steps, List<Item> items, Interval when, List<Pending> pending) {
        if (item.within() != Spread.ZONE) {
            throw new IllegalArgumentException("only whole zones are tried");
        }
        for (var zone : snapshot.all()) {
            if (zone.about() instanceof Place.Zone
                    && (item.zones().isEmpty() || item.zones().contains(zone.id()))) {
                var claims = new ArrayList<Claim>();
                for (var step : steps) {
                    for (var place : List.of(zone.id(), zone.provider())) {
                        claims.add(new Claim(item.id(), place, step.when(), step.amount(), Set.of(), true));
                    }
                }
                if (with(claims, () -> all(items, when, pending))) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean slots(
            Item item, long missing, Flavor flavor, Affinity affinity, int next, int site, Interval when, Rest rest) {
        if (missing == 0) {
            return rest.possible();
        }
        for (int number = next; number < 4; number++) {
            var host = snapshot.place(Worlds.host(number));
            if (!allowed(item, host) || site > 0 && site != 1 + siteOf(host)) {
                continue;
            }
            for (long here = missing; here >= 1; here--) {
                if (affinity == Affinity.APART && here > 1 || affinity == Affinity.TOGETHER && here < missing) {
                    continue;
                }
                var amount = new Capacities(
                        Map.of("vcpu", flavor.vcpus() * here, "memory_mb", flavor.memoryMb() * here, "disk_gb", 0L));
                long left = missing - here;
                int after = number + 1;
                if (with(
                        claims(item, host, amount, here, when),
                        () -> slots(item, left, flavor, affinity, after, 1 + siteOf(host), when, rest))) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean leases(Item item, long missing, int site, Interval when, Rest rest) {
        return leases(item, missing, 0, site, when, rest);
    }

    private boolean leases(Item item, long missing, int next, int site, Interval when, Rest rest) {
        if (missing == 0) {
            return rest.possible();
        }
        for (int number = next; number < 4; number++) {
            var host = snapshot.place(Worlds.host(number));
            if (!allowed(item, host) || site > 0 && site != 1 + siteOf(host)) {
                continue;
            }
            var size = ((Place.Host) host.about()).size();
            int after = number + 1;
            if (with(
                    claims(item, host, size, 1_000_000, when),
                    () -> leases(item, missing - 1, after, 1 + siteOf(host), when, rest))) {
                return true;
            }
        }
        return false;
    }

    private static boolean allowed(Item item, Place host) {
        return item.zones().isEmpty() || item.zones().contains(host.zone().orElseThrow());
    }

    private static int siteOf(Place host) {
        return Integer.parseInt(host.provider().substring(2));
    }

    private static List<Claim> claims(Item item, Place host, Capacities amount, long whole, Interval when) {
        var cleaning = ((Place.Host) host.about()).cleaning();
        var clean = new Interval(when.from(), when.until().plus(cleaning));
        var above = new Capacities(Map.of("vcpu", amount.get("vcpu"), "memory_mb", amount.get("memory_mb")));
        return List.of(
                new Claim(item.id(), host.id(), when, amount, Set.of(), true),
                new Claim(item.id(), host.id(), clean, Capacities.of("whole", whole), Set.of(), true),
                new Claim(item.id(), host.zone().orElseThrow(), when, above, Set.of(), true),
                new Claim(item.id(), host.provider(), when, above, Set.of(), true));
    }

    private boolean with(List<Claim> claims, Rest rest) {
        var taken = new ArrayList<Claim>();
        boolean fits = true;
        for (var claim : claims) {
            if (!Worlds.fits(free, claim)) {
                fits = false;
                break;
            }
            Worlds.take(free, claim, 1);
            taken.add(claim);
        }
        boolean found = fits && rest.possible();
        taken.forEach(claim -> Worlds.take(free, claim, -1));
        return found;
    }
}
