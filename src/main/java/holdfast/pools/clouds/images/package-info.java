/// Which image at an account stands for an image of ours (aeolus.md 2.9, 4.6, 5.2): what administrators and captures
/// have written down, and the mappers that answer from it, from a server elsewhere, or from the id itself.
@NullMarked
package holdfast.pools.clouds.images;

import org.jspecify.annotations.NullMarked;
