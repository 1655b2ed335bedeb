/// What a user wants as a whole: slices and their slivers. Asks the broker for tickets, redeems them at authorities,
/// and follows both until the end.
///
/// Knows no hardware model and no driver; speaks to the other actors by messages only.
@NullMarked
package holdfast.orchestrator;

import org.jspecify.annotations.NullMarked;
