package holdfast.calendar;

import holdfast.calendar.StepNodes.Cell;
import java.util.Arrays;
import java.util.List;

/// A step function of time with several values: a treap over the instants of change, which knows least and most of each
/// subtree and adds to a whole subtree at once. The time of nobody's clock: just ordered `long`s, from
/// [Micros#BEGINNING] to [Micros#END].
///
/// From a node's `at` on, until the next node's, the amounts are its value. A heap by [#rank], a search tree by `at`.
final class StepTree {
    /// In a demand: this dimension does not matter.
    static final long ANY = Long.MIN_VALUE;

    private static final int NONE = StepNodes.NONE;
    private static final int FEW = 8;

    private final int width;
    private final StepNodes nodes;
    private int root;
    private int size = 1;
    private int rest; // what the last `split` has cut off

    /// Zero everywhere.
    StepTree(int width) {
        this(width, FEW);
        this.root = nodes.fresh(Micros.BEGINNING, new long[width]);
    }

    private StepTree(int width, int room) {
        this.width = width;
        this.nodes = new StepNodes(width, room);
    }

    /// These values from these instants on, and zero before; in O(n).
    ///
    /// @param at strictly rising
    static StepTree ofSteps(int width, List<Long> at, List<long[]> values) {
        var tree = new StepTree(width, at.size() + 1);
        boolean fromTheBeginning = !at.isEmpty() && at.getFirst() == Micros.BEGINNING;
        tree.size = at.size() + (fromTheBeginning ? 0 : 1);
        tree.build(fromTheBeginning ? 0 : -1, at, values);
        return tree;
    }

    private void build(int first, List<Long> at, List<long[]> values) {
        var spine = new int[size]; // from the root to the right
        int depth = 0;
        for (int i = first; i < at.size(); i++) {
            int node = i < 0 ? nodes.fresh(Micros.BEGINNING, new long[width]) : nodes.fresh(at.get(i), values.get(i));
            int below = NONE;
            while (depth > 0 && rank(spine[depth - 1]) < rank(node)) {
                below = spine[--depth];
                nodes.pullUp(below);
            }
            nodes.left(node, below);
            if (depth > 0) {
                nodes.right(spine[depth - 1], node);
            }
            spine[depth++] = node;
        }
        while (depth > 0) {
            nodes.pullUp(spine[--depth]);
        }
        root = spine[0];
    }

    /// Receives one step.
    interface StepConsumer {
        void accept(long from, long until, long[] value);
    }

    /// As good as random, and the same for the same instant for ever. A bijection: no two instants have the same
    /// rank.
    private long rank(int node) {
        long at = nodes.at(node);
        long mixed = (at ^ (at >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /// Returns everything before `at`, and leaves everything from `at` on in [#rest].
    private int split(int node, long at) {
        if (node == NONE) {
            rest = NONE;
            return NONE;
        }
        nodes.pushDown(node);
        if (nodes.at(node) < at) {
            nodes.right(node, split(nodes.right(node), at));
            nodes.pullUp(node);
            return node;
        }
        int before = split(nodes.left(node), at);
        nodes.left(node, rest);
        nodes.pullUp(node);
        rest = node;
        return before;
    }

    private int join(int before, int after) {
        if (before == NONE) {
            return after;
        }
        if (after == NONE) {
            return before;
        }
        int top = rank(before) > rank(after) ? before : after;
        nodes.pushDown(top);
        if (top == before) {
            nodes.right(before, join(nodes.right(before), after));
        } else {
            nodes.left(after, join(before, nodes.left(after)));
        }
        nodes.pullUp(top);
        return top;
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
        add(root, Micros.BEGINNING, Micros.END, from, until, amount);
        mendAt(from);
        if (until != Micros.END) {
            mendAt(until);
        }
    }

    /// All of the subtree is in [first, last); no step of it reaches over `from` or `until`.
    private void add(int node, long first, long last, long from, long until, long[] amount) {
        if (node == NONE || last <= from || first >= until) {
            return;
        }
        if (first >= from && last <= until) {
            nodes.add(node, amount);
            return;
        }
        nodes.pushDown(node);
        long at = nodes.at(node);
        if (at >= from && at < until) {
            nodes.addValue(node, amount);
        }
        add(nodes.left(node), first, at, from, until, amount);
        add(nodes.right(node), at, last, from, until, amount);
        nodes.pullUp(node);
    }

    /// Makes `at` an instant of change, with the value that is there already.
    private void breakAt(long at) {
        if (!isChange(at)) {
            int fresh = nodes.fresh(at, valueAt(at));
            int before = split(root, at);
            int after = rest;
            root = join(join(before, fresh), after);
            size++;
        }
    }

    /// Forgets an instant at which nothing changes.
    private void mendAt(long at) {
        if (at != Micros.BEGINNING && Arrays.equals(valueAt(at), valueAt(at - 1))) {
            int before = split(root, at);
            int same = split(rest, at + 1);
            root = join(before, rest);
            nodes.release(same);
            size--;
        }
    }

    private boolean isChange(long at) {
        for (int node = root; node != NONE; node = at < nodes.at(node) ? nodes.left(node) : nodes.right(node)) {
            if (nodes.at(node) == at) {
                return true;
            }
        }
        return false;
    }

    /// The values at one instant.
    long[] valueAt(long at) {
        var carry = new long[width];
        var value = new long[width];
        for (int node = root; node != NONE; ) {
            boolean begun = nodes.at(node) <= at;
            if (begun) {
                value = carry.clone();
                nodes.sum(node, Cell.VALUE, 1, value);
            }
            nodes.sum(node, Cell.PENDING, 1, carry);
            node = begun ? nodes.right(node) : nodes.left(node);
        }
        return value;
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
    private void extremes(
            int node, long after, long before, long from, long until, long[] carry, long[] best, boolean least) {
        if (node == NONE || before <= from || after >= until) {
            return;
        }
        if (after >= from && before <= until) {
            nodes.improve(node, least ? Cell.LEAST : Cell.MOST, carry, best, least);
            return;
        }
        long at = nodes.at(node);
        if (at > from && at < until) {
            nodes.improve(node, Cell.VALUE, carry, best, least);
        }
        nodes.sum(node, Cell.PENDING, 1, carry);
        extremes(nodes.left(node), after, at, from, until, carry, best, least);
        extremes(nodes.right(node), at, before, from, until, carry, best, least);
        nodes.sum(node, Cell.PENDING, -1, carry);
    }

    /// The first instant in [from, until) with too little, or [Micros#END].
    long firstBelow(long[] wanted, long from, long until) {
        if (from >= until) {
            return Micros.END;
        }
        if (!covers(valueAt(from), wanted)) {
            return from;
        }
        long at = firstBelow(root, from, wanted, new long[wanted.length]);
        return at < until ? at : Micros.END;
    }

    private static boolean covers(long[] value, long[] wanted) {
        for (int d = 0; d < value.length; d++) {
            if (wanted[d] != ANY && value[d] < wanted[d]) {
                return false;
            }
        }
        return true;
    }

    private long firstBelow(int node, long after, long[] wanted, long[] carry) {
        if (node == NONE || nodes.covers(node, Cell.LEAST, wanted, carry)) {
            return Micros.END;
        }
        long at = nodes.at(node);
        boolean violated = at > after && !nodes.covers(node, Cell.VALUE, wanted, carry);
        nodes.sum(node, Cell.PENDING, 1, carry);
        long found = at > after ? firstBelow(nodes.left(node), after, wanted, carry) : Micros.END;
        if (found == Micros.END) {
            found = violated ? at : firstBelow(nodes.right(node), after, wanted, carry);
        }
        nodes.sum(node, Cell.PENDING, -1, carry);
        return found;
    }

    /// The first change after `after` with enough of everything, or [Micros#END].
    long firstCovering(long[] wanted, long after) {
        return firstCovering(root, after, wanted, new long[width]);
    }

    private long firstCovering(int node, long after, long[] wanted, long[] carry) {
        if (node == NONE || !nodes.covers(node, Cell.MOST, wanted, carry)) {
            return Micros.END;
        }
        long at = nodes.at(node);
        boolean enough = at > after && nodes.covers(node, Cell.VALUE, wanted, carry);
        nodes.sum(node, Cell.PENDING, 1, carry);
        long found = at > after ? firstCovering(nodes.left(node), after, wanted, carry) : Micros.END;
        if (found == Micros.END) {
            found = enough ? at : firstCovering(nodes.right(node), after, wanted, carry);
        }
        nodes.sum(node, Cell.PENDING, -1, carry);
        return found;
    }

    /// Calls `each` for the steps of [from, until), first to last, without gap.
    void forEachStep(long from, long until, StepConsumer each) {
        var walk = new Walk(from, until, each, valueAt(from));
        walk.visit(root, new long[width]);
        each.accept(walk.since, until, walk.value);
    }

    private final class Walk {
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

        void visit(int node, long[] carry) {
            if (node == NONE) {
                return;
            }
            long at = nodes.at(node);
            boolean inside = at > from && at < until;
            var here = inside ? carry.clone() : carry;
            nodes.sum(node, Cell.PENDING, 1, carry);
            if (at > from) {
                visit(nodes.left(node), carry);
            }
            if (inside) {
                each.accept(since, at, value);
                since = at;
                value = here;
                nodes.sum(node, Cell.VALUE, 1, value);
            }
            if (at < until) {
                visit(nodes.right(node), carry);
            }
            nodes.sum(node, Cell.PENDING, -1, carry);
        }
    }

    /// The number of steps in all of time.
    int size() {
        return size;
    }

    /// About how much of the heap it takes.
    long bytes() {
        return nodes.bytes(size);
    }
}
