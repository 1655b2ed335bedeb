/// Which account of a pool an instance is made at (aeolus.md 6.5).
@NullMarked
package holdfast.broker.placing;

import org.jspecify.annotations.NullMarked;
