package holdfast.authority;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes leased things real on one kind of substrate. Three verbs, each safe to repeat; none blocks for long: what
/// takes time answers [Result.Later] and is asked again.
///
/// The [Key] is the name under which the outside must find the thing again after a crash, so a driver keeps no memory
/// of its own that it could not rebuild by looking. Starting, stopping and attaching are specs, not verbs.
public interface Driver {
    /// What is there under `key`; changes nothing, ever.
    Observed observe(Key key);

    /// Makes the world as `spec` says. Twice is once.
    Result ensure(Key key, Spec spec);

    /// Takes the thing away. What is gone already is [Result.Done].
    Result remove(Key key);

    /// Called before the first lease of a slice is made here, and perhaps again (fabric.md 10, row 29).
    default Result createSlice(String slice) {
        return new Result.Done(Map.of());
    }

    /// Called after the last lease of a slice is gone from here, and perhaps again.
    default Result releaseSlice(String slice) {
        return new Result.Done(Map.of());
    }

    /// Every thing of ours that exists, leased or not: the tracker compares it with the leases.
    List<Key> list();

    /// What this driver can serve and on what it runs, in words for the site's status (for example `QEMU 7.2,
    /// software emulation`).
    String describe();

    /// A connection to a TCP port of a machine that runs, for as long as both sides keep it. Blocks for some
    /// seconds at most.
    ///
    /// A read waits for bytes, as one of a socket does; closing ends both directions.
    ///
    /// @param machine a key with part `vm`
    /// @param port 1 to 65535
    /// @return no with the reason: [Refusal.Kind#NOT_THERE] if it does not run or nobody listens there,
    ///     [Refusal.Kind#CLASH] if it cannot be now, [Refusal.Kind#SILENT] if the machine does not answer,
    ///     [Refusal.Kind#BROKEN] if something outside failed
    default Answer<ByteChannel> connect(Key machine, int port) {
        return Answer.no(Refusal.notThere("this driver has no network to its machines"));
    }

    /// @param lease the lease (a UUID in text)
    /// @param part what of it: `vm`, or the name of one of its components
    record Key(String lease, String part) {}

    /// What should be.
    sealed interface Spec permits Spec.OnHost, Cloud.Order, Fabric.Bond {
        /// What a driver makes that has the hosts itself.
        sealed interface OnHost extends Spec {}

        /// A virtual machine that runs.
        ///
        /// @param host name of the host that the ticket names
        /// @param core virtual processors, at least 1
        /// @param ramGb memory in GB, at least 1; a driver may give less and say so in its facts
        /// @param diskGb root disk in GB; 0 = none
        /// @param slots how many devices may be attached later
        record Machine(String name, String host, int core, int ramGb, int diskGb, Optional<String> image, int slots)
                implements OnHost {
            private static final int LONGEST_HOST_NAME = 63;

            /// What a machine may call itself wherever its name is to be harmless: letters of ASCII,
            /// digits, `.`, `_` and `-`, 1 to 63 of them.
            public String plainName() {
                var plain = name.replaceAll("[^A-Za-z0-9._-]+", "-");
                return plain.isEmpty() ? "-" : plain.substring(0, Math.min(LONGEST_HOST_NAME, plain.length()));
            }
        }

        /// A device in the machine `machine` (a key with part `vm` of the same lease).
        ///
        /// @param slot index of the device among those of its machine, from 0
        /// @param bdf address of the PCI function on the host, such as `0000:25:00.0`
        record Device(Key machine, int slot, String name, String type, String model, String bdf) implements OnHost {}
    }

    /// What is.
    sealed interface Observed {
        record Absent() implements Observed {}

        /// @param healthy runs as it should
        /// @param facts as in [Result.Done]
        record Present(boolean healthy, Map<String, String> facts) implements Observed {}
    }

    /// How a verb ended.
    sealed interface Result {
        /// @param facts what the lease should know about it: `console`, `guest.bdf`, `pid`, `accelerator`, ...
        record Done(Map<String, String> facts) implements Result {}

        /// Not yet.
        ///
        /// @param waitingFor shown to the user as is, for example `waiting for the guest to boot`
        /// @param again how long it wants to be left alone; empty = as the asker likes
        record Later(String waitingFor, Optional<Duration> again) implements Result {
            public Later(String waitingFor) {
                this(waitingFor, Optional.empty());
            }
        }

        /// It cannot be done; what was begun must be removed.
        record Failed(String why) implements Result {}
    }
}
