/// Being found, and finding others, over a RabbitMQ that many domains share (fluidos.md 5.8): each says there who it is
/// and what it measures, and is brought what its rule asks for. What is heard becomes peers, as in the local network.
@NullMarked
package holdfast.federation.afar;

import org.jspecify.annotations.NullMarked;
