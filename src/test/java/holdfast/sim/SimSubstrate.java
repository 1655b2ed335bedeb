package holdfast.sim;

import holdfast.authority.Driver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The hardware of a simulated site: it outlives every server process, and remembers what was done to it.
final class SimSubstrate implements Driver {
    final Map<Key, Spec> present = new HashMap<>();
    final Map<Key, Integer> made = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
    final List<String> slices = new ArrayList<>();
    Trouble trouble = Trouble.NONE;

    /// What goes wrong.
    interface Trouble {
        Trouble NONE = (_, _) -> {};

        /// Called before each verb; may throw, which stands for an error that may pass, or [Broken], for one
        /// that does not.
        void before(String verb, Key key);
    }

    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public Observed observe(Key key) {
        return present.containsKey(key) ? new Observed.Present(true, Map.of("seen", "yes")) : new Observed.Absent();
    }

    @Override
    public Result ensure(Key key, Spec spec) {
        try {
            trouble.before("ensure", key);
        } catch (Broken _) {
            return new Result.Failed("simulated failure of " + key.part());
        }
        if (spec instanceof Spec.Device device && !present.containsKey(device.machine())) {
            return new Result.Failed("no machine to attach " + key.part() + " to");
        }
        if (present.put(key, spec) == null) {
            made.merge(key, 1, Integer::sum);
        }
        return new Result.Done(Map.of("made", "yes"));
    }

    @Override
    public Result remove(Key key) {
        try {
            trouble.before("remove", key);
        } catch (Broken _) {
            return new Result.Failed("simulated failure to remove " + key.part());
        }
        present.remove(key);
        return new Result.Done(Map.of());
    }

    @Override
    public Result createSlice(String slice) {
        if (!slices.contains(slice)) {
            slices.add(slice);
        }
        return new Result.Done(Map.of());
    }

    @Override
    public Result releaseSlice(String slice) {
        slices.remove(slice);
        return new Result.Done(Map.of());
    }

    @Override
    public List<Key> list() {
        return List.copyOf(present.keySet());
    }

    @Override
    public String describe() {
        return "simulation";
    }
}
