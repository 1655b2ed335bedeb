/// What instances cost, as far as administrators have said it (aeolus.md 2.5, 6.7).
@NullMarked
package holdfast.pools.clouds.costs;

import org.jspecify.annotations.NullMarked;
