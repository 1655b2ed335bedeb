/// The entry of the product: the command line's root and the wiring of a server.
@NullMarked
package holdfast;

import org.jspecify.annotations.NullMarked;
