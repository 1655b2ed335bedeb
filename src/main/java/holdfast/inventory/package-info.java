/// What there is: graphs of hardware and of slices, read, checked, merged, cut down and asked.
///
/// Everything here is a pure function on values. Nothing is stored, no clock is read and nobody is called: who
/// keeps a graph keeps its text, and who knows what is booked hands it in as [Usage]. The shapes are those of the
/// FABRIC information model.
@NullMarked
package holdfast.inventory;

import org.jspecify.annotations.NullMarked;
