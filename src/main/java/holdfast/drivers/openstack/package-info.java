/// Leases in an account of an OpenStack cloud, over its public interfaces.
///
/// No call of OpenStack can be repeated safely: two servers may bear the same name. So all that is made bears the mark
/// of its lease from its first moment ([Marks]), is looked for before it is ordered, and is ordered again only when
/// it is sure that the order before had no effect ([Orders]). From below: [Session] knows who we are, [Api] makes one
/// call, [Compute] and its neighbours speak the words of one service each, [Kind]s make what is asked for, and
/// [OpenStack] is the driver.
@NullMarked
package holdfast.drivers.openstack;

import org.jspecify.annotations.NullMarked;
