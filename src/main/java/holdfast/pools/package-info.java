/// Whose it is and under what rules: who may see and change what.
@NullMarked
package holdfast.pools;

import org.jspecify.annotations.NullMarked;
