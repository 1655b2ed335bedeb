/// Being found, and finding others, without anybody naming them: by multicast in the local network (fluidos.md 5.7).
/// What is heard becomes peers, see [holdfast.federation.peers.Neighbours].
@NullMarked
package holdfast.federation.nearby;

import org.jspecify.annotations.NullMarked;
