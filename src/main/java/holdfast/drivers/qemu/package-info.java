/// Leases as QEMU guests on this host, driven over QMP; no daemon in between.
///
/// What exists is found by looking: one directory per machine below the data directory, and the process table. So
/// guests outlive this process, and nothing that a crash leaves behind is lost from sight. Knows neither slices nor
/// tickets.
@NullMarked
package holdfast.drivers.qemu;

import org.jspecify.annotations.NullMarked;
