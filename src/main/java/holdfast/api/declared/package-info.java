/// The objects of FLUIDOS in the way of Kubernetes (fluidos.md 2.9, 5.12): what the tools of FLUIDOS apply and look at,
/// mapped onto what is there. Knows no other interface.
@NullMarked
package holdfast.api.declared;

import org.jspecify.annotations.NullMarked;
