/// The nodes of other domains that this one deals with: who they are, whether they answer, how long they are left
/// alone after failures (fluidos.md 3.9, 6.6).
@NullMarked
package holdfast.federation.peers;

import org.jspecify.annotations.NullMarked;
