/// A host that is not there: leases come true in memory or in a file, as slowly and as badly as asked.
///
/// For sites without a hypervisor, for trying out, and for simulations: time and chance are handed in, and nothing here
/// ever waits.
@NullMarked
package holdfast.drivers.simulated;

import org.jspecify.annotations.NullMarked;
