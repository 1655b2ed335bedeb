/// The only part that touches the world outside the process directly: clock, randomness, database connections, sockets, files. Thin.
@NullMarked
package holdfast.platform;

import org.jspecify.annotations.NullMarked;
