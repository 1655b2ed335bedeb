/// What people have declared in the way of Kubernetes (fluidos.md 5.12): names, marks and wishes as they were written.
/// What was made of them is found with those who made it.
@NullMarked
package holdfast.federation.declared;

import org.jspecify.annotations.NullMarked;
