package holdfast.calendar;

import java.util.Arrays;

/// The nodes of a [StepTree], without an object for any of them: a hot place has hundreds of thousands, which the
/// collector of garbage would have to visit again and again, and adding to one makes no garbage.
///
/// A node is a number above zero. It is `at`, two children, and for each dimension `value`, least and most of its
/// subtree, and what must still be added to both subtrees (`pending`; the other three contain it already).
final class StepNodes {
    /// No node.
    static final int NONE = 0;

    /// What a node has for each dimension.
    enum Cell {
        VALUE(0),
        LEAST(1),
        MOST(2),
        PENDING(3);

        private final int position;

        Cell(int position) {
            this.position = position;
        }
    }

    /// Nodes in a chunk: what is there is not copied when there are more.
    private static final int CHUNK = 1 << 10;

    private static final int AT = 0;
    private static final int LEFT = 1;
    private static final int RIGHT = 2;
    private static final int CELLS = 3;

    private final int width;
    private final int stride;
    private long[][] chunks = new long[1][];
    private int used = 1; // the first is no node
    private int free = NONE; // linked by LEFT

    /// @param room for how many nodes to begin with
    StepNodes(int width, int room) {
        this.width = width;
        this.stride = CELLS + Cell.values().length * width;
        this.chunks[0] = new long[Math.min(room + 1, CHUNK) * stride];
    }

    /// About how much of the heap so many take.
    long bytes(int nodes) {
        return 8L * stride * nodes;
    }

    /// A node without children.
    int fresh(long at, long[] value) {
        int node = free;
        if (node == NONE) {
            node = used++;
            makeRoom(node);
        } else {
            free = left(node);
        }
        var chunk = chunk(node);
        int base = base(node);
        Arrays.fill(chunk, base, base + stride, 0);
        chunk[base + AT] = at;
        for (var cell : new Cell[] {Cell.VALUE, Cell.LEAST, Cell.MOST}) {
            System.arraycopy(value, 0, chunk, base + first(cell), width);
        }
        return node;
    }

    private void makeRoom(int node) {
        int which = node / CHUNK;
        if (which == 0 && base(node) + stride > chunks[0].length) {
            chunks[0] = Arrays.copyOf(chunks[0], Math.min(2 * node, CHUNK) * stride);
        } else if (which > 0 && (which == chunks.length || chunks[which] == null)) {
            chunks = which == chunks.length ? Arrays.copyOf(chunks, 2 * which) : chunks;
            chunks[which] = new long[CHUNK * stride];
        }
    }

    /// It is a node no more.
    void release(int node) {
        left(node, free);
        free = node;
    }

    private long[] chunk(int node) {
        return chunks[node / CHUNK];
    }

    private int base(int node) {
        return node % CHUNK * stride;
    }

    private int first(Cell cell) {
        return CELLS + cell.position * width;
    }

    long at(int node) {
        return chunk(node)[base(node) + AT];
    }

    int left(int node) {
        return (int) chunk(node)[base(node) + LEFT];
    }

    int right(int node) {
        return (int) chunk(node)[base(node) + RIGHT];
    }

    void left(int node, int child) {
        chunk(node)[base(node) + LEFT] = child;
    }

    void right(int node, int child) {
        chunk(node)[base(node) + RIGHT] = child;
    }

    /// Adds a node's cells to `sums`, or takes them away if `sign` is negative.
    void sum(int node, Cell cell, int sign, long[] sums) {
        var chunk = chunk(node);
        int first = base(node) + first(cell);
        for (int d = 0; d < width; d++) {
            sums[d] += sign * chunk[first + d];
        }
    }

    /// Whether a node's cells and `carry` are together enough of everything.
    boolean covers(int node, Cell cell, long[] wanted, long[] carry) {
        var chunk = chunk(node);
        int first = base(node) + first(cell);
        for (int d = 0; d < width; d++) {
            if (wanted[d] != StepTree.ANY && chunk[first + d] + carry[d] < wanted[d]) {
                return false;
            }
        }
        return true;
    }

    /// Lowers `best` to a node's cells and `carry`, or raises it.
    void improve(int node, Cell cell, long[] carry, long[] best, boolean lower) {
        var chunk = chunk(node);
        int first = base(node) + first(cell);
        for (int d = 0; d < width; d++) {
            long sum = chunk[first + d] + carry[d];
            best[d] = lower ? Math.min(best[d], sum) : Math.max(best[d], sum);
        }
    }

    /// Adds to all of the subtree.
    ///
    /// @throws ArithmeticException if a sum leaves the range of `long`
    void add(int node, long[] amount) {
        add(node, amount, 0);
    }

    /// Adds to the value of this node alone.
    void addValue(int node, long[] amount) {
        var chunk = chunk(node);
        int first = base(node) + first(Cell.VALUE);
        for (int d = 0; d < width; d++) {
            chunk[first + d] = Math.addExact(chunk[first + d], amount[d]);
        }
    }

    private void add(int node, long[] amounts, int from) {
        var chunk = chunk(node);
        int cells = base(node) + CELLS;
        for (int d = 0; d < width; d++) {
            for (int cell = cells + d; cell < base(node) + stride; cell += width) {
                chunk[cell] = Math.addExact(chunk[cell], amounts[from + d]);
            }
        }
    }

    /// Adds what is pending to the children.
    void pushDown(int node) {
        var chunk = chunk(node);
        int pending = base(node) + first(Cell.PENDING);
        boolean nothing = true;
        for (int d = 0; d < width; d++) {
            nothing &= chunk[pending + d] == 0;
        }
        if (nothing) {
            return;
        }
        if (left(node) != NONE) {
            add(left(node), chunk, pending);
        }
        if (right(node) != NONE) {
            add(right(node), chunk, pending);
        }
        Arrays.fill(chunk, pending, pending + width, 0);
    }

    /// Recomputes least and most; nothing may be pending.
    void pullUp(int node) {
        var chunk = chunk(node);
        int base = base(node);
        System.arraycopy(chunk, base + first(Cell.VALUE), chunk, base + first(Cell.LEAST), width);
        System.arraycopy(chunk, base + first(Cell.VALUE), chunk, base + first(Cell.MOST), width);
        pullUp(chunk, base, left(node));
        pullUp(chunk, base, right(node));
    }

    private void pullUp(long[] chunk, int base, int child) {
        if (child == NONE) {
            return;
        }
        var below = chunk(child);
        int first = base(child);
        int least = first(Cell.LEAST);
        int most = first(Cell.MOST);
        for (int d = 0; d < width; d++) {
            chunk[base + least + d] = Math.min(chunk[base + least + d], below[first + least + d]);
            chunk[base + most + d] = Math.max(chunk[base + most + d], below[first + most + d]);
        }
    }
}
