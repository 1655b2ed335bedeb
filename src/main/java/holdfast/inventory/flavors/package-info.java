/// What of flavors can be asked for, as columns of a database.
@NullMarked
package holdfast.inventory.flavors;

import org.jspecify.annotations.NullMarked;
