/// Finding what peers offer: asking them all, keeping what was asked for, remembering it (fluidos.md 3.2, 3.3, 6.6).
@NullMarked
package holdfast.federation.discovery;

import org.jspecify.annotations.NullMarked;
