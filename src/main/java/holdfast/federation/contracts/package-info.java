/// What buyers and those who stand between do alike with contracts that others have sold: signing them, and having
/// them last longer (fluidos.md 5.9, 5.13).
@NullMarked
package holdfast.federation.contracts;

import org.jspecify.annotations.NullMarked;
