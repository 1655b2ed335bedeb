/// The outside world, thin: database, clock, randomness, sockets, files and child processes.
///
/// The only package that touches them, so that everything else can be run on simulated time and with injected faults.
/// Knows nothing of resources,
/// reservations or sites.
@NullMarked
package holdfast.platform;

import org.jspecify.annotations.NullMarked;
