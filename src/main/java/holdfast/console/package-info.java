/// Web pages: the answers of the interface as browsers show them, with what can be done next (cattle.md 5.11).
@NullMarked
package holdfast.console;

import org.jspecify.annotations.NullMarked;
