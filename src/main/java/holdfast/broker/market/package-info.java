/// Selling to other domains: what of the capacity here is offered, who holds and has bought which piece of it
/// (fluidos.md 6). A *root* is one machine or pool that is for sale; its *listings* are the names under which what is
/// free of it has been offered; *claims* are held or bought pieces of it.
@NullMarked
package holdfast.broker.market;

import org.jspecify.annotations.NullMarked;
