/// Pictures of processes and types: the states and what leads from one to the other, as DOT text for other programs and
/// as SVG for people (cattle.md 5.8).
@NullMarked
package holdfast.engine.pictures;

import org.jspecify.annotations.NullMarked;
