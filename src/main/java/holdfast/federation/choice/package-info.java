/// Which offer is taken, and when: decisions alone, from what is known when they are made (fluidos.md 6.8, 6.9).
@NullMarked
package holdfast.federation.choice;

import org.jspecify.annotations.NullMarked;
