/// What makes nodes one domain: joining its supernode, and who may see what whom of them offers (fluidos.md 4.2).
@NullMarked
package holdfast.federation.domain;

import org.jspecify.annotations.NullMarked;
