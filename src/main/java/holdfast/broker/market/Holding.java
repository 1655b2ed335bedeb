package holdfast.broker.market;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import holdfast.broker.market.RootRows.Locked;
import holdfast.broker.market.Sales.Made;
import holdfast.broker.market.Sales.Order;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// Those who reserve together, in one transaction: judged one after the other, each beside those before, then booked
/// and written all at once. Where the calendar knows of other use, each is served alone.
final class Holding {
    private final Tx tx;
    private final Sales sales;
    private final Instant now;
    private final HoldPolicy rules;
    private final List<Order> orders;
    private final Map<String, UUID> names;
    private final Map<UUID, Locked> locked;

    /// As they become.
    private final Map<UUID, Root> roots = new LinkedHashMap<>();

    private final Map<Integer, Verdict> verdicts = new TreeMap<>();
    private final List<Integer> granted = new ArrayList<>();
    private final List<Buyers.Made> made = new ArrayList<>();

    Holding(Tx tx, Sales sales, List<Order> orders) {
        this.tx = tx;
        this.sales = sales;
        this.orders = orders;
        this.rules = sales.policy();
        var rows = sales.roots().rows();
        var asked = orders.stream().map(order -> order.wish().flavor()).collect(toSet());
        this.names = rows.rootsOf(tx, asked);
        this.locked = sales.roots().lock(tx, new HashSet<>(names.values()), asked).stream()
                .collect(toMap(Locked::id, one -> one));
        this.now = sales.now();
        locked.forEach((id, one) -> roots.put(id, one.root()));
    }

    /// In the order of the orders.
    List<Verdict> verdicts() {
        var together = new ArrayList<Integer>();
        var seen = new HashSet<List<String>>();
        for (int i = 0; i < orders.size(); i++) {
            var order = orders.get(i);
            boolean first = seen.add(List.of(order.buyer().key(), order.wish().flavor()));
            if (orders.size() == 1 || (first && held(order).isEmpty())) {
                together.add(i);
            }
        }
        judge(together);
        if (!granted.isEmpty() && !isWritten()) {
            granted.forEach(verdicts::remove);
            if (orders.size() == 1) {
                verdicts.put(0, noRoom());
            } else {
                verdicts.clear(); // there may be more room than it seemed to those who were refused
            }
        }
        for (int i = 0; i < orders.size(); i++) {
            var order = orders.get(i);
            verdicts.computeIfAbsent(i, _ -> sales.reserve(tx, order.buyer(), order.wish()));
        }
        return List.copyOf(verdicts.values());
    }

    private Optional<UUID> root(Order order) {
        return Optional.ofNullable(names.get(order.wish().flavor())).filter(locked::containsKey);
    }

    /// What the buyer holds by that name.
    private Optional<UUID> held(Order order) {
        return root(order)
                .map(id -> requireNonNull(locked.get(id)).root())
                .flatMap(root -> root.claims().stream()
                        .filter(claim -> claim.isHeld()
                                && claim.buyer().equals(order.buyer().key()))
                        .filter(claim -> claim.listing().equals(order.wish().flavor()))
                        .map(Claim::transaction)
                        .findFirst());
    }

    private void judge(List<Integer> some) {
        var renewed = orders.size() == 1 ? held(orders.getFirst()) : Optional.<UUID>empty();
        var buyers =
                new Buyers(tx, some.stream().map(i -> orders.get(i).buyer()).toList(), renewed, rules);
        for (int i : some) {
            var order = orders.get(i);
            var root = root(order);
            verdicts.put(
                    i,
                    root.isEmpty()
                            ? new Verdict.Gone(Refusal.notThere(
                                    "there is no flavor " + order.wish().flavor() + ": list them again"))
                            : judged(i, order, root.get(), buyers, renewed));
        }
    }

    private Verdict judged(int i, Order order, UUID id, Buyers buyers, Optional<UUID> renewed) {
        var root = requireNonNull(roots.get(id));
        var dealings = buyers.dealings(order.buyer(), root, renewed, made);
        var outcome = RootCourse.reserve(root, sales.ask(order, dealings, rules, now), now);
        var claim = claim(outcome.verdict());
        if (claim.isEmpty()) {
            return outcome.verdict();
        }
        var fault = order.buyer()
                .caller()
                .flatMap(caller -> rules.crowded(caller, buyers.ofCaller(caller, made)))
                .or(() -> rules.fault(
                        dealings, claim.get().amounts(), root.whole().kind().vector()));
        if (fault.isPresent()) {
            return new Verdict.TooMuch(fault.get());
        }
        roots.put(id, outcome.root());
        made.add(new Buyers.Made(order.buyer(), claim.get()));
        granted.add(i);
        return outcome.verdict();
    }

    private static Optional<Claim> claim(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Held(var claim) -> Optional.of(claim);
            case Verdict.Renewed(var _, var claim) -> Optional.of(claim);
            case Verdict.NotAPiece _, Verdict.HeldByOthers _, Verdict.Gone _, Verdict.TooMuch _ -> Optional.empty();
        };
    }

    private boolean isWritten() {
        var parties = made.stream()
                .collect(toMap(
                        one -> one.claim().transaction(), one -> one.buyer().party()));
        var nexts = granted.stream()
                .flatMap(i -> root(orders.get(i)).stream())
                .distinct()
                .sorted()
                .map(id -> new Roots.Next(requireNonNull(locked.get(id)), requireNonNull(roots.get(id))))
                .toList();
        if (!(sales.roots().change(tx, nexts, parties, now) instanceof Answer.Yes<List<Locked>>(var changed))) {
            return false;
        }
        var after = changed.stream().collect(toMap(Locked::id, one -> one));
        var fresh = new ArrayList<Made>();
        for (int k = 0; k < granted.size(); k++) {
            var order = orders.get(granted.get(k));
            var one = new Made(
                    order,
                    requireNonNull(after.get(root(order).orElseThrow())),
                    made.get(k).claim());
            if (verdicts.get(granted.get(k)) instanceof Verdict.Renewed) {
                sales.renew(tx, one);
            } else {
                fresh.add(one);
            }
        }
        if (!fresh.isEmpty()) {
            sales.write(tx, fresh, now);
        }
        return true;
    }

    /// What was offered is no longer there.
    private Verdict noRoom() {
        var order = orders.getFirst();
        sales.roots().measure(tx, root(order).orElseThrow());
        return new Verdict.Gone(Refusal.noRoom(
                "its owner has more use for what flavor " + order.wish().flavor() + " offered: take another flavor",
                Optional.empty()));
    }
}
