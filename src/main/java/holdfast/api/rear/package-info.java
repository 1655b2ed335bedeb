/// The gateway by which other domains list, reserve and buy what this one sells (fluidos.md 5), in the two dialects of
/// [holdfast.federation.wire]. [holdfast.api.rear.Gateway] is a function from question to answer;
/// [holdfast.api.rear.RearMounts] puts it behind a port.
@NullMarked
package holdfast.api.rear;

import org.jspecify.annotations.NullMarked;
