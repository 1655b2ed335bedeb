package holdfast.drivers.simulated;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How a simulated host behaves.
///
/// @param machine how long a machine takes to be made
/// @param device how long a device takes to be attached
/// @param removal how long it takes to remove either
/// @param ensureFailure chance that making fails, 0..1; drawn once each time that something begins to be made
/// @param removeFailure chance that a removal fails, 0..1; drawn once each time that something begins to be removed
/// @param scripted failures at certain points, beside those by chance
/// @param leftovers whether a failed making leaves a broken thing behind, as real substrates do
/// @param meanLife mean time after which a thing that was made disappears by itself (drift); empty = never
/// @param file where the host is kept, so that it survives a restart; empty = in memory only
public record SimulatedSettings(
        Latency machine,
        Latency device,
        Latency removal,
        double ensureFailure,
        double removeFailure,
        List<Failure> scripted,
        boolean leftovers,
        Optional<Duration> meanLife,
        Optional<Path> file) {
    /// At once, without failures, in memory.
    public static final SimulatedSettings PERFECT = new SimulatedSettings(
            Latency.NONE, Latency.NONE, Latency.NONE, 0, 0, List.of(), true, Optional.empty(), Optional.empty());

    public SimulatedSettings {
        requireChance("ensureFailure", ensureFailure);
        requireChance("removeFailure", removeFailure);
        if (meanLife.isPresent() && !meanLife.get().isPositive())
            throw new IllegalArgumentException(
                    "simulated setting meanLife is " + meanLife.get() + " but must be positive");
        scripted = List.copyOf(scripted);
    }

    /// A time drawn evenly between two bounds.
    public record Latency(Duration least, Duration most) {
        public static final Latency NONE = of(Duration.ZERO);

        public Latency {
            if (least.isNegative() || most.compareTo(least) < 0)
                throw new IllegalArgumentException("a latency needs 0 <= least <= most, not " + least + " and " + most);
        }

        /// Always the same.
        public static Latency of(Duration exactly) {
            return new Latency(exactly, exactly);
        }
    }

    /// What a failure strikes.
    public enum Verb {
        ENSURE,
        REMOVE,
        CONNECT
    }

    /// The `nth` time (from 1) that `verb` begins for a thing of this part, it fails.
    ///
    /// @param part `vm` or the name of a component; empty = any, counted together
    /// @param why the driver's words for it
    public record Failure(Verb verb, Optional<String> part, int nth, String why) {
        public Failure {
            if (nth < 1) throw new IllegalArgumentException("failures are counted from 1, not " + nth);
        }
    }

    /// The same with other latencies.
    public SimulatedSettings withLatency(Latency forMachine, Latency forDevice, Latency forRemoval) {
        return new SimulatedSettings(
                forMachine, forDevice, forRemoval, ensureFailure, removeFailure, scripted, leftovers, meanLife, file);
    }

    /// The same with other chances to fail.
    public SimulatedSettings withFailures(double onEnsure, double onRemove) {
        return new SimulatedSettings(machine, device, removal, onEnsure, onRemove, scripted, leftovers, meanLife, file);
    }

    /// The same with other scripted failures.
    public SimulatedSettings withScript(Failure... failures) {
        return new SimulatedSettings(
                machine, device, removal, ensureFailure, removeFailure, List.of(failures), leftovers, meanLife, file);
    }

    /// The same with or without what failures leave behind.
    public SimulatedSettings withLeftovers(boolean left) {
        return new SimulatedSettings(
                machine, device, removal, ensureFailure, removeFailure, scripted, left, meanLife, file);
    }

    /// The same where things disappear by themselves.
    public SimulatedSettings withDrift(Duration mean) {
        return new SimulatedSettings(
                machine, device, removal, ensureFailure, removeFailure, scripted, leftovers, Optional.of(mean), file);
    }

    /// The same, kept in a file.
    public SimulatedSettings in(Path place) {
        return new SimulatedSettings(
                machine,
                device,
                removal,
                ensureFailure,
                removeFailure,
                scripted,
                leftovers,
                meanLife,
                Optional.of(place));
    }

    private static void requireChance(String field, double chance) {
        if (!(chance >= 0 && chance <= 1))
            throw new IllegalArgumentException("simulated setting " + field + " is " + chance + " but must be 0..1");
    }
}
