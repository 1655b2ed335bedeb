/// Another Holdfast as a provider: a peer, used through its public interface as one of its ordinary users
/// (promise.md 6.5).
@NullMarked
package holdfast.drivers.holdfast;

import org.jspecify.annotations.NullMarked;
