/// Offering again what others offer, and buying it for others: what supernodes do (fluidos.md 4.2, 4.3, 6.7).
@NullMarked
package holdfast.federation.resale;

import org.jspecify.annotations.NullMarked;
