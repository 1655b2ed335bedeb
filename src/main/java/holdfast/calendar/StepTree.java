package holdfast.calendar;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A step function of time with several values: a treap over the instants of change, which knows least and most of each
/// subtree and adds to a whole subtree at once. The time of nobody's clock: just ordered `long`s, from
/// [Micros#BEGINNING] to [Micros#END].
final class StepTree {
    /// In a demand: this dimension does not matter.
    static final long ANY = Long.MIN_VALUE;

    private final int width;
    private @Nullable Node root;
    private int size = 1;

    /// Zero everywhere.
    StepTree(int width) {
        this.width = width;
        this.root = new Node(Micros.BEGINNING, new long[width]);
    }

    /// These values from these instants on, and zero before; in O(n).
    ///
    /// @param at strictly rising
    static StepTree ofSteps(int width, List<Long> at, List<long[]> values) {
        var tree = new StepTree(width);
        boolean fromTheBeginning = !at.isEmpty() && at.getFirst() == Micros.BEGINNING;
        var spine = new ArrayDeque<Node>(); // from the root to the right, the deepest first
        spine.push(
                new Node(Micros.BEGINNING, fromTheBeginning ? values.getFirst().clone() : new long[width]));
        int first = fromTheBeginning ? 1 : 0;
        for (int i = first; i < at.size(); i++) {
            var node = new Node(at.get(i), values.get(i).clone());
            Node below = null;
            while (!spine.isEmpty() && spine.peek().rank < node.rank) {
                below = spine.pop();
                below.pullUp();
            }
            node.left = below;
            if (!spine.isEmpty()) {
                spine.peek().right = node;
            }
            spine.push(node);
        }
        while (!spine.isEmpty()) {
            tree.root = spine.pop();
            tree.root.pullUp();
        }
        tree.size = 1 + at.size() - first;
        return tree;
    }

    /// Receives one step.
    interface StepConsumer {
        void accept(long from, long until, long[] value);
    }

    /// From `at` on, until the next node's `at`, the amounts are `value`. A heap by `rank`, a search tree by `at`.
    ///
    /// `pending` is what must still be added to both subtrees, null if nothing; `value`, `least` and `most` already
    /// contain it.
    private static final class Node {
        final long at;
        final long rank;
        final long[] value;
        final long[] least;
        final long[] most;
        long @Nullable [] pending;

        @Nullable
        Node left;

        @Nullable
        Node right;

        Node(long at, long[] value) {
            this.at = at;
            this.rank = scrambled(at);
            this.value = value;
            this.least = value.clone();
            this.most = value.clone();
        }

        /// As good as random, and the same for the same instant for ever. A bijection: no two instants have the
        /// same rank.
        private static long scrambled(long at) {
            long mixed = (at ^ (at >>> 30)) * 0xbf58476d1ce4e5b9L;
            mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
            return mixed ^ (mixed >>> 31);
        }

        void add(long[] amount) {
            var below = pending == null ? new long[value.length] : pending;
            for (int d = 0; d < value.length; d++) {
                value[d] = Math.addExact(value[d], amount[d]);
                least[d] = Math.addExact(least[d], amount[d]);
                most[d] = Math.addExact(most[d], amount[d]);
                below[d] = Math.addExact(below[d], amount[d]);
            }
            pending = left == null && right == null ? null : below;
        }

        void pushDown() {
            if (pending == null) {
                return;
            }
            if (left != null) {
                left.add(pending);
            }
            if (right != null) {
                right.add(pending);
            }
            pending = null;
        }

        /// Recomputes least and most; nothing may be pending.
        void pullUp() {
            for (int d = 0; d < value.length; d++) {
                long low = value[d];
                long high = value[d];
                if (left != null) {
                    low = Math.min(low, left.least[d]);
                    high = Math.max(high, left.most[d]);
                }
                if (right != null) {
                    low = Math.min(low, right.least[d]);
                    high = Math.max(high, right.most[d]);
                }
                least[d] = low;
                most[d] = high;
            }
        }
    }

    private record Parts(@Nullable Node before, @Nullable Node after) {}

    /// Everything before `at`, and everything from `at` on.
    private static Parts split(@Nullable Node node, long at) {
        if (node == null) {
            return new Parts(null, null);
        }
        node.pushDown();
        if (node.at < at) {
            var parts = split(node.right, at);
            node.right = parts.before;
            node.pullUp();
            return new Parts(node, parts.after);
        }
        var parts = split(node.left, at);
        node.left = parts.after;
        node.pullUp();
        return new Parts(parts.before, node);
    }

    private static @Nullable Node join(@Nullable Node before, @Nullable Node after) {
        if (before == null) {
            return after;
        }
        if (after == null) {
            return before;
        }
        if (before.rank > after.rank) {
            before.pushDown();
            before.right = join(before.right, after);
            before.pullUp();
            return before;
        }
        after.pushDown();
        after.left = join(before, after.left);
        after.pullUp();
        return after;
    }

    /// Adds `amount` in [from, until).
    void add(long from, long until, long[] amount) {
        if (from >= until) {
            return;
        }
        breakAt(from);
        if (until != Micros.END) {
            breakAt(until);
        }
        var parts = split(root, from);
        var inner = until == Micros.END ? new Parts(parts.after, null) : split(parts.after, until);
        if (inner.before != null) {
            inner.before.add(amount);
        }
        root = join(join(parts.before, inner.before), inner.after);
        mendAt(from);
        if (until != Micros.END) {
            mendAt(until);
        }
    }

    /// Makes `at` an instant of change, with the value that is there already.
    private void breakAt(long at) {
        if (!isChange(at)) {
            var fresh = new Node(at, valueAt(at));
            var parts = split(root, at);
            root = join(join(parts.before, fresh), parts.after);
            size++;
        }
    }

    /// Forgets an instant at which nothing changes.
    private void mendAt(long at) {
        if (at != Micros.BEGINNING && Arrays.equals(valueAt(at), valueAt(at - 1))) {
            var parts = split(root, at);
            var rest = split(parts.after, at + 1);
            root = join(parts.before, rest.after);
            size--;
        }
    }

    private boolean isChange(long at) {
        for (var node = root; node != null; node = at < node.at ? node.left : node.right) {
            if (node.at == at) {
                return true;
            }
        }
        return false;
    }

    /// The values at one instant.
    long[] valueAt(long at) {
        var carry = new long[width];
        var value = new long[width];
        for (var node = root; node != null; ) {
            if (node.at <= at) {
                for (int d = 0; d < value.length; d++) {
                    value[d] = node.value[d] + carry[d];
                }
            }
            shift(carry, node.pending, 1);
            node = node.at <= at ? node.right : node.left;
        }
        return value;
    }

    private static void shift(long[] carry, long @Nullable [] pending, int sign) {
        for (int d = 0; pending != null && d < carry.length; d++) {
            carry[d] += sign * pending[d];
        }
    }

    /// The least of each value in [from, until).
    long[] least(long from, long until) {
        long[] least = valueAt(from);
        extremes(root, Micros.BEGINNING, Micros.END, from, until, new long[width], least, true);
        return least;
    }

    /// The most of each value in [from, until).
    long[] most(long from, long until) {
        long[] most = valueAt(from);
        extremes(root, Micros.BEGINNING, Micros.END, from, until, new long[width], most, false);
        return most;
    }

    /// Lowers `best` to the least (or raises it to the most) of the changes in [from, until); all of the subtree
    /// lies between `after` and `before`.
    private static void extremes(
            @Nullable Node node,
            long after,
            long before,
            long from,
            long until,
            long[] carry,
            long[] best,
            boolean least) {
        if (node == null || before <= from || after >= until) {
            return;
        }
        if (after >= from && before <= until) {
            improve(best, least ? node.least : node.most, carry, least);
            return;
        }
        if (node.at > from && node.at < until) {
            improve(best, node.value, carry, least);
        }
        shift(carry, node.pending, 1);
        extremes(node.left, after, node.at, from, until, carry, best, least);
        extremes(node.right, node.at, before, from, until, carry, best, least);
        shift(carry, node.pending, -1);
    }

    private static void improve(long[] best, long[] cells, long[] carry, boolean least) {
        for (int d = 0; d < best.length; d++) {
            long cell = cells[d] + carry[d];
            best[d] = least ? Math.min(best[d], cell) : Math.max(best[d], cell);
        }
    }

    /// The first instant in [from, until) with too little, or [Micros#END].
    long firstBelow(long[] wanted, long from, long until) {
        if (from >= until) {
            return Micros.END;
        }
        if (!covers(valueAt(from), wanted, new long[wanted.length])) {
            return from;
        }
        long at = firstBelow(root, from, wanted, new long[wanted.length]);
        return at < until ? at : Micros.END;
    }

    private static long firstBelow(@Nullable Node node, long after, long[] wanted, long[] carry) {
        if (node == null || covers(node.least, wanted, carry)) {
            return Micros.END;
        }
        boolean violated = node.at > after && !covers(node.value, wanted, carry);
        shift(carry, node.pending, 1);
        long found = node.at > after ? firstBelow(node.left, after, wanted, carry) : Micros.END;
        if (found == Micros.END) {
            found = violated ? node.at : firstBelow(node.right, after, wanted, carry);
        }
        shift(carry, node.pending, -1);
        return found;
    }

    /// The first change after `after` with enough of everything, or [Micros#END].
    long firstCovering(long[] wanted, long after) {
        return firstCovering(root, after, wanted, new long[width]);
    }

    private static long firstCovering(@Nullable Node node, long after, long[] wanted, long[] carry) {
        if (node == null || !covers(node.most, wanted, carry)) {
            return Micros.END;
        }
        boolean enough = node.at > after && covers(node.value, wanted, carry);
        shift(carry, node.pending, 1);
        long found = node.at > after ? firstCovering(node.left, after, wanted, carry) : Micros.END;
        if (found == Micros.END) {
            found = enough ? node.at : firstCovering(node.right, after, wanted, carry);
        }
        shift(carry, node.pending, -1);
        return found;
    }

    private static boolean covers(long[] cells, long[] wanted, long[] carry) {
        for (int d = 0; d < cells.length; d++) {
            if (wanted[d] != ANY && cells[d] + carry[d] < wanted[d]) {
                return false;
            }
        }
        return true;
    }

    /// Calls `each` for the steps of [from, until), first to last, without gap.
    void forEachStep(long from, long until, StepConsumer each) {
        var walk = new Walk(from, until, each, valueAt(from));
        walk.visit(root, new long[width]);
        each.accept(walk.since, until, walk.value);
    }

    private static final class Walk {
        final long from;
        final long until;
        final StepConsumer each;
        long since;
        long[] value;

        Walk(long from, long until, StepConsumer each, long[] value) {
            this.from = from;
            this.until = until;
            this.each = each;
            this.since = from;
            this.value = value;
        }

        void visit(@Nullable Node node, long[] carry) {
            if (node == null) {
                return;
            }
            shift(carry, node.pending, 1);
            if (node.at > from) {
                visit(node.left, carry);
            }
            if (node.at > from && node.at < until) {
                each.accept(since, node.at, value);
                since = node.at;
                value = node.value.clone();
                shift(value, carry, 1);
                shift(value, node.pending, -1);
            }
            if (node.at < until) {
                visit(node.right, carry);
            }
            shift(carry, node.pending, -1);
        }
    }

    /// The number of steps in all of time.
    int size() {
        return size;
    }
}
