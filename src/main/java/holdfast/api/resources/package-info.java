/// The native interface: every resource and every process in one shape, over HTTP and JSON, described by itself.
@NullMarked
package holdfast.api.resources;

import org.jspecify.annotations.NullMarked;
