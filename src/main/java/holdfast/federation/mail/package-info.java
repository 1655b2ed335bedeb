/// How actors of two domains talk under a contract (fluidos.md 4.6): the mail waits at its sender until it is
/// exchanged, always at the wish of the buyer, who needs no port for it. Names that are said across the border are
/// bare; each side adds `@` and the UUID of its own record of the contract.
@NullMarked
package holdfast.federation.mail;

import org.jspecify.annotations.NullMarked;
