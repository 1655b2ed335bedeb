/// Services that are sold to other domains (fluidos.md 2.6, 2.9, 4.5): what a blueprint says, how its manifests are
/// filled with what a buyer sets, and what of it is for sale. It knows no cluster.
@NullMarked
package holdfast.broker.services;

import org.jspecify.annotations.NullMarked;
