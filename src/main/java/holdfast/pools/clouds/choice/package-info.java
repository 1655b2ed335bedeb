/// Where an instance is made, as pure functions (aeolus.md 6.1 to 6.5): which back-end profile satisfies a wish, why an
/// account will not do, in which order accounts are tried. [holdfast.pools.clouds.choice.Selection] puts it together.
@NullMarked
package holdfast.pools.clouds.choice;

import org.jspecify.annotations.NullMarked;
