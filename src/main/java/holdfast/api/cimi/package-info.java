/// The interface of DMTF's CIMI 1.0: pools as clouds (aeolus.md 5.4). Documents are trees of JSON; XML is written from
/// them, and read into them, by the rules of one table.
@NullMarked
package holdfast.api.cimi;

import org.jspecify.annotations.NullMarked;
