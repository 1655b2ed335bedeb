/// Hearing of peers at once what changes of what they offer (fluidos.md 4.2, 5.9).
@NullMarked
package holdfast.federation.following;

import org.jspecify.annotations.NullMarked;
