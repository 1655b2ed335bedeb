/// Who gets what: promises named resources for a term, out of what authorities have delegated and its own calendar says
/// is free.
@NullMarked
package holdfast.broker;

import org.jspecify.annotations.NullMarked;
